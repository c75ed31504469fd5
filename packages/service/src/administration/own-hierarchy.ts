/**
 * A private hierarchy for services that do not bring one: a root, an enrolment service below it that certifies server
 * licensors, and an authority that certifies the machines of our own clients. Windows clients trust only the hierarchy
 * that is built into them (MS-RMPR 3.1.4.7); for them the service needs imported certificates.
 */
import type { KeyStore } from '@sealward/keys'
import {
  issueCertificate,
  parseIssuingCertificate,
  parseXrml,
  rootIssuer,
  type CryptographicMode,
  type IssueCertificateInput,
  type KeyHandle,
  type ObjectFields,
  type PublicKey,
} from '@sealward/xrml'
import type { AuthorityPurpose, Repositories } from '../core/store.ts'
import type { AdministrationContext } from './change.ts'

/** Authorities above servers and machines have this size in both modes. */
const authorityBits = 2048

/** The root is one key without certificate; it signs for both modes. */
const anyMode = 0

const rootName = 'Sealward Private Root'
const day = 86_400_000
const farEnd = new Date('2255-01-01T00:00:00Z')

export interface Issuer {
  readonly key: KeyHandle
  /** Content of ISSUER in what it signs. */
  readonly content: string
  /** Its certificate and those above it. */
  readonly chain: readonly string[]
}

/** The certificate of a new server licensor key, with its issuers. */
export async function issueLicensor(
  context: AdministrationContext,
  repositories: Repositories,
  mode: CryptographicMode,
  licensorKey: PublicKey,
  name = 'Sealward',
): Promise<readonly string[]> {
  const enrolment = await authority(context, repositories, 'enrolment', mode)
  const certificate = await issue(context, enrolment, mode, {
    subject: {
      type: 'MS-DRM-Server',
      idType: 'MS-GUID',
      id: context.random.guid(),
      name,
      addresses: [{ type: 'URL', value: context.cluster.baseUrl }],
    },
    subjectKey: licensorKey,
    securityLevels: [
      { name: 'Server-Version', value: '6.0.0.0' },
      { name: 'Server-SKU', value: 'RMS 2.0' },
    ],
  })
  return [certificate, ...enrolment.chain]
}

/** Makes the authority for machine certificates of a mode, if there is none yet. */
export async function ensureMachineAuthority(
  context: AdministrationContext,
  repositories: Repositories,
  mode: CryptographicMode,
): Promise<void> {
  await authority(context, repositories, 'machine', mode)
}

const subjects: Readonly<Record<Exclude<AuthorityPurpose, 'root'>, Pick<ObjectFields, 'type' | 'name'>>> = {
  enrolment: { type: 'MS-DRM-Server', name: 'Sealward Server Enrolment Service' },
  machine: { type: 'MS-DRM-Desktop-Security-Processor', name: 'Sealward Machine Activation Certificate' },
}

async function authority(
  context: AdministrationContext,
  repositories: Repositories,
  purpose: Exclude<AuthorityPurpose, 'root'>,
  mode: CryptographicMode,
): Promise<Issuer> {
  const known = (await repositories.authorities.list()).find(
    (row) => row.purpose === purpose && row.mode === mode.number,
  )
  if (known !== undefined) {
    const key = await repositories.vault.open(known.vaultKeyId)
    return { key, content: principalContent(known.chain[0] ?? ''), chain: known.chain }
  }
  const root = await rootOf(context, repositories)
  const { keyId, key } = await newKey(context, repositories.vault, authorityBits)
  const certificate = await issue(context, root, mode, {
    subject: { ...subjects[purpose], idType: 'MS-GUID', id: context.random.guid() },
    subjectKey: key.publicKey,
  })
  const chain = [certificate, ...root.chain]
  const stored = { purpose, mode: mode.number, vaultKeyId: keyId, chain }
  await repositories.authorities.insert(stored, context.clock.now())
  return { key, content: principalContent(certificate), chain }
}

async function rootOf(context: AdministrationContext, repositories: Repositories): Promise<Issuer> {
  const known = (await repositories.authorities.list()).find((row) => row.purpose === 'root')
  if (known !== undefined) {
    const key = await repositories.vault.open(known.vaultKeyId)
    return { key, content: rootIssuer(rootName, key.publicKey), chain: [] }
  }
  const { keyId, key } = await newKey(context, repositories.vault, authorityBits)
  const stored = { purpose: 'root', mode: anyMode, vaultKeyId: keyId, chain: [] } as const
  await repositories.authorities.insert(stored, context.clock.now())
  return { key, content: rootIssuer(rootName, key.publicKey), chain: [] }
}

export async function newKey(
  context: AdministrationContext,
  vault: KeyStore,
  bits: number,
): Promise<{ readonly keyId: string; readonly key: KeyHandle }> {
  const privateKey = await context.random.keyPair(bits)
  const { keyId } = await vault.importRsa(privateKey)
  const key = await vault.open(keyId)
  return { keyId, key }
}

function issue(
  context: AdministrationContext,
  issuer: Issuer,
  mode: CryptographicMode,
  subject: Pick<IssueCertificateInput, 'subject' | 'subjectKey' | 'securityLevels'>,
): Promise<string> {
  const now = context.clock.now()
  return issueCertificate({
    ...subject,
    kind: 'Server-Licensor-Certificate',
    certificateId: context.random.guid(),
    issuedAt: now,
    issuer: issuer.content,
    issueRange: { from: new Date(now.getTime() - day), until: farEnd },
    key: issuer.key,
    hash: mode.hash,
  })
}

function principalContent(certificate: string): string {
  return parseIssuingCertificate(parseXrml(certificate)).principal.content
}
