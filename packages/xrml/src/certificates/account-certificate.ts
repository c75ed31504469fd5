/**
 * Rights account certificate (RAC, MS-RMPR 2.2.9.5): who a user is, with a key pair that belongs to the user and is sealed
 * to one machine. Without the sealed part it serves precertification.
 */
import type { KeyObject } from 'node:crypto'
import { sealEnablingBits, unsealEnablingBits } from '../crypto/enabling-bits.ts'
import { readPrivateKeyBlob, writePrivateKeyBlob } from '../crypto/key-blob.ts'
import type { KeyHandle } from '../crypto/key-handle.ts'
import { modeOfKey, type CryptographicMode } from '../crypto/modes.ts'
import { samePublicKey, publicKeyFromKeyObject, type PublicKey } from '../crypto/public-key.ts'
import { hashInputOf } from '../crypto/unconfirmed.ts'
import type { XrmlDocument } from '../document.ts'
import { writeDescriptor } from '../elements/descriptor.ts'
import { writeDistributionPoint } from '../elements/distribution-point.ts'
import { writeObject } from '../elements/object.ts'
import { parseIssuedPrincipal, parseIssuer, parsePrincipal, securityLevel } from '../elements/principal.ts'
import { writeEnablingBits, writeSecurityLevels } from '../elements/principal.ts'
import type { EnablingBits, KeyedPrincipal, Principal, SecurityLevel } from '../elements/principal.ts'
import { writePublicKey } from '../elements/public-key.ts'
import { parseTime, writeRangeTime, writeTime, type RangeTime } from '../elements/times.ts'
import { RightsError } from '../errors/rights-error.ts'
import { signXrml } from '../signature.ts'
import { element, textElement } from '../text/writer.ts'
import { issuerOf, parseIssuedTime, parseValidity } from './issuing-certificate.ts'
import type { MachineCertificate } from './machine-certificate.ts'
import { onlyChild } from '../elements/only-child.ts'

export interface AccountCertificate {
  readonly document: XrmlDocument
  readonly issuedAt: Date
  readonly validity: RangeTime
  readonly issuer: KeyedPrincipal
  /** The user: identity type and value, addresses, public key. */
  readonly principal: KeyedPrincipal
  /** The machine to which the private key is sealed; absent in precertification. */
  readonly machine: Principal | undefined
  /** Lower case: the certificate's name and its aliases. */
  readonly addresses: readonly string[]
  readonly credentialCreatedAt: Date | undefined
}

/** @throws RightsError `xrml-malformed`, `public-key-invalid` */
export function parseAccountCertificate(document: XrmlDocument): AccountCertificate {
  if (document.type !== 'account-certificate') {
    throw new RightsError('xrml-malformed', { detail: `${document.type} where an account certificate belongs` })
  }
  const validity = parseValidity(document.body)
  if (validity === undefined)
    throw new RightsError('xrml-malformed', { detail: 'the account certificate has no validity' })
  const principal = parseIssuedPrincipal(document.body)
  const machine = onlyChild(onlyChild(document.body, 'FEDERATIONPRINCIPALS'), 'PRINCIPAL')
  const created =
    securityLevel(principal, 'Credential-Creation-Time') ?? securityLevel(principal, 'CredentialCreationTime')
  return {
    document,
    issuedAt: parseIssuedTime(document.body),
    validity,
    issuer: parseIssuer(document.body),
    principal,
    machine: machine === undefined ? undefined : parsePrincipal(machine, 'FEDERATIONPRINCIPALS'),
    addresses: addressesOf(principal),
    credentialCreatedAt: created === undefined ? undefined : parseTime(created),
  }
}

function addressesOf(principal: Principal): readonly string[] {
  const aliases = principal.object.addresses.filter((address) => address.type === 'email_alias')
  const all = [principal.object.name ?? '', ...aliases.map((alias) => alias.value)]
  return all.filter((address) => address !== '').map((address) => address.toLowerCase())
}

export interface AccountIdentity {
  readonly idType: 'Windows' | 'Federation'
  readonly id: string
  readonly address: string
  readonly aliases: readonly string[]
}

export interface IssueAccountCertificateInput {
  readonly certificateId: string
  readonly issuedAt: Date
  readonly validity: RangeTime
  readonly licensor: KeyedPrincipal
  readonly identity: AccountIdentity
  readonly accountPublicKey: PublicKey
  /** The machine that gets the private key; absent for precertification. */
  readonly sealTo?: { readonly machine: MachineCertificate; readonly accountKey: KeyObject }
  readonly credentialType: 'Persistent' | 'Temporary'
  readonly certificationUrl: string
  readonly externalCertificationUrl?: string
  readonly key: KeyHandle
  readonly random: (bytes: number) => Uint8Array
}

/** Issues a RAC; the user's private key goes to the machine's key only, and nowhere in precertification (MS-RMSI 3.4.4.1). */
export async function issueAccountCertificate(input: IssueAccountCertificateInput): Promise<string> {
  const mode = modeOfKey(input.licensor.publicKey)
  const issuer = issuerOf(input.licensor)
  const user = writeObject({
    type: 'Group-Identity',
    idType: input.identity.idType,
    id: input.identity.id,
    name: input.identity.address,
    addresses: input.identity.aliases.map((value) => ({ type: 'email_alias', value })),
  })
  const levels = writeSecurityLevels([
    { name: 'Group-Identity-Credential-Type', value: input.credentialType },
    { name: 'Group-Identity-Type', value: 'Group' },
    { name: 'Group-Identity-Policy', value: 'Group-Identity-Credential' },
  ])
  const body = element(
    'BODY',
    { type: 'LICENSE', version: '3.0' },
    textElement('ISSUEDTIME', {}, writeTime(input.issuedAt)),
    writeRangeTime('VALIDITYTIME', input.validity),
    writeDescriptor('Group-Identity-Credential', input.certificateId),
    issuer,
    writeDistributionPoint('Activation', input.certificationUrl),
    input.externalCertificationUrl === undefined
      ? undefined
      : writeDistributionPoint('Extranet-Activation', input.externalCertificationUrl),
    element(
      'ISSUEDPRINCIPALS',
      {},
      element('PRINCIPAL', { 'internal-id': '1' }, user, writePublicKey(input.accountPublicKey), levels),
    ),
    input.sealTo === undefined ? undefined : writeMachine(input.sealTo, { mode, issuer, random: input.random }),
  )
  return signXrml({ body, key: input.key, hash: mode.hash, order: 'server' })
}

function writeMachine(
  { machine, accountKey }: NonNullable<IssueAccountCertificateInput['sealTo']>,
  input: Pick<IssueAccountCertificateInput, 'random'> & {
    readonly mode: CryptographicMode
    readonly issuer: string
  },
): string {
  const sealed = sealEnablingBits({
    mode: input.mode,
    recipient: machine.principal.publicKey,
    payload: writePrivateKeyBlob(accountKey),
    hashInput: hashInputOf(input.issuer),
    random: input.random,
  })
  return element(
    'FEDERATIONPRINCIPALS',
    {},
    element(
      'PRINCIPAL',
      {},
      machine.principal.object.raw,
      writeEnablingBits({ mode: input.mode, sealed }),
      writeSecurityLevels(machineLevels(machine)),
    ),
  )
}

function machineLevels(machine: MachineCertificate): readonly SecurityLevel[] {
  const order = ['Manufacturer', 'Platform', 'Repository']
  return order.flatMap((name) => {
    const value = securityLevel(machine.principal, name)
    return value === undefined ? [] : [{ name, value }]
  })
}

/**
 * Opens the user's private key with the machine's key.
 * @throws RightsError `sealed-data-invalid`, `key-blob-invalid`
 */
export async function openAccountKey(certificate: AccountCertificate, machineKey: KeyHandle): Promise<KeyObject> {
  const bits = certificate.machine?.enablingBits
  if (bits === undefined) throw new RightsError('sealed-data-invalid', { detail: 'no private key in this certificate' })
  return openSealedPrivateKey({ key: machineKey, bits, publicKey: certificate.principal.publicKey })
}

/**
 * A private key from enabling bits must belong to the certificate's public key; that is proof enough, so the hash inside
 * the seal, whose exact input is not confirmed, is not asked.
 */
export async function openSealedPrivateKey(input: {
  readonly key: KeyHandle
  readonly bits: EnablingBits
  readonly publicKey: PublicKey
}): Promise<KeyObject> {
  const opened = await unsealEnablingBits({ key: input.key, mode: input.bits.mode, sealed: input.bits.sealed })
  const privateKey = readPrivateKeyBlob(opened.payload)
  if (!samePublicKey(publicKeyFromKeyObject(privateKey), input.publicKey)) throw new RightsError('key-blob-invalid')
  return privateKey
}
