/** For tests: an organisation with a Mode 1 cluster that became Mode 2, their exports, and a plan to move. */
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeTpd, type TpdContent } from '@sealward/keys'
import {
  issueCertificate,
  issueRightsTemplate,
  mode1,
  mode2,
  parseIssuingCertificate,
  parseXrml,
  publicKeyFromKeyObject,
  rootIssuer,
  softwareKeyHandle,
  type Grant,
  type KeyHandle,
} from '@sealward/xrml'
import type { RequestRow } from '../admin-api.ts'
import type { MigrationPlan } from '../project/plan.ts'

export const password = 'CorrectHorseBatteryStaple-2026'
export const today = new Date('2026-03-10T09:00:00.000Z')
export const openTemplate = '0d2b7a55-9a3c-4e0f-8e5b-2f5b3f0c9e11'
export const staffTemplate = '0d2b7a55-9a3c-4e0f-8e5b-2f5b3f0c9e12'

const start = new Date('2015-03-01T08:00:00Z')
const licensing = 'https://rights.lakeside.example/_wmcs/licensing'

export interface InventedSource {
  readonly folder: string
  readonly plan: MigrationPlan
  /** Fingerprints. */
  readonly oldKey: string
  readonly currentKey: string
  readonly content: { readonly old: TpdContent; readonly current: TpdContent }
}

export async function inventSource(folder: string): Promise<InventedSource> {
  const root = softwareKeyHandle(newKey(2048))
  const old = await domain(root, 1, 'Lakeside Rights', [])
  const current = await domain(root, 2, 'Lakeside Rights', [
    { id: openTemplate, name: 'Lakeside Open', grants: [{ to: 'ANYONE', rights: ['VIEW'] }] },
    { id: staffTemplate, name: 'Lakeside Staff', grants: [{ to: 'staff@lakeside.example', rights: ['VIEW', 'EDIT'] }] },
  ])
  mkdirSync(folder, { recursive: true })
  writeExport(folder, 'old.xml', old.content)
  writeExport(folder, 'current.xml', current.content)
  writeFileSync(join(folder, 'directory.json'), JSON.stringify(directory))
  const plan: MigrationPlan = {
    organisation: 'Lakeside',
    numbering: '2016',
    approvals: 'none',
    clusters: [
      {
        name: 'lakeside',
        role: 'root',
        system: '2012-r2',
        mode: 2,
        keyStorage: 'database',
        exportable: true,
        licensingUrls: [licensing],
        requestLog: 'requests.csv',
      },
    ],
    tenant: {
      adminUrl: 'http://127.0.0.1:8420',
      url: 'https://1a2b3c4d-0000-4000-8000-00000000abcd.rms.lakeside.example',
      target: 'service-managed',
      domains: ['lakeside.example'],
    },
    exports: [
      { file: 'current.xml', cluster: 'lakeside', active: true },
      { file: 'old.xml', cluster: 'lakeside', active: false },
    ],
    trustedRoots: [root.publicKey.fingerprint],
    anyone: { grantTo: ['AllStaff-7184AB3F-CCD1-46F3-8233-3E09E9CF0E66@lakeside.example', 'partner@harbour.example'] },
    onboarding: {
      group: 'moved@lakeside.example',
      groupKind: 'security',
      scope: 'All',
      extranetUrl: licensing,
    },
    batches: [{ name: 'First floor', users: ['anna@lakeside.example'], machines: ['PC-1'] }],
    directory: 'directory.json',
    dns: { mailDomains: ['lakeside.example'] },
    takeOver: ['rights.lakeside.example'],
    watch: { quietDays: 14, macs: false },
    rekey: { key: 'oldest' },
  }
  writeLog(folder, [
    { user: 'anna@lakeside.example', type: 'AcquireLicense', key: old.fingerprint, time: '2025-01-01 10:00:00' },
    { user: 'bob@lakeside.example', type: 'AcquireLicense', key: current.fingerprint, time: '2025-01-02 10:00:00' },
  ])
  return {
    folder,
    plan,
    oldKey: old.fingerprint,
    currentKey: current.fingerprint,
    content: { old: old.content, current: current.content },
  }
}

const directory = {
  users: [
    { address: 'anna@lakeside.example', aliases: ['anna.berg@lakeside.example'] },
    { address: 'bob@lakeside.example' },
    { address: 'partner@harbour.example' },
  ],
  groups: [
    {
      address: 'staff@lakeside.example',
      displayName: 'Staff',
      members: ['anna@lakeside.example', 'bob@lakeside.example'],
    },
    { address: 'moved@lakeside.example', displayName: 'Moved', kind: 'security', members: ['anna@lakeside.example'] },
  ],
}

export function writeDirectory(folder: string, change: (value: typeof directory) => unknown): void {
  const value = structuredClone(directory)
  change(value)
  writeFileSync(join(folder, 'directory.json'), JSON.stringify(value))
}

export interface InventedRequest {
  readonly user: string
  readonly type: string
  readonly key?: string
  readonly url?: string
  readonly agent?: string
  readonly time: string
}

/** As an export of the ServiceRequest view. */
export function writeLog(folder: string, requests: readonly InventedRequest[]): void {
  const header =
    'HostMachineName,RequestTime,RequestType,RequestUserAddress,RequestUserAgent,AuthenticatedId,SuccessOrFailure,Metadata'
  const rows = requests.map(({ user, type, key, url, agent = 'MSIPC;Word', time }) => {
    const metadata = JSON.stringify({ issuerKey: key, url: url ?? licensing })
    return `NODE1,${time},${type},10.0.0.7,${agent},${user},Succeeded,"${metadata.replaceAll('"', '""')}"`
  })
  writeFileSync(join(folder, 'requests.csv'), `${[header, ...rows].join('\r\n')}\r\n`)
}

export function requestRow(more: Partial<RequestRow>): RequestRow {
  return {
    sequence: 1,
    hostMachineName: 'NODE1',
    requestTime: '2026-03-09T10:00:00.000Z',
    requestPath: '/_wmcs/licensing/license.asmx',
    requestType: 'AcquireLicense',
    requestUserAddress: '10.0.0.7',
    requestUserAgent: 'MSIPC',
    authenticatedState: '1',
    secureConnectionState: '1',
    authenticatedId: 'bob@lakeside.example',
    successOrFailure: 'Succeeded',
    metadata: {},
    ...more,
  }
}

export function writeExport(folder: string, name: string, content: TpdContent, word = password): void {
  writeFileSync(join(folder, name), writeTpd(content, { password: word, derivation: 'A' }), { mode: 0o600 })
}

interface InventedTemplate {
  readonly id: string
  readonly name: string
  readonly grants: readonly Grant[]
}

async function domain(
  root: KeyHandle,
  mode: 1 | 2,
  name: string,
  templates: readonly InventedTemplate[],
): Promise<{ readonly fingerprint: string; readonly content: TpdContent }> {
  const { keyBits, hash } = mode === 1 ? mode1 : mode2
  const privateKey = newKey(keyBits)
  const id = '{5B1E2C70-41F7-4F0B-9B5F-6C1D54A0E6F1}'
  const certificate = await issueCertificate({
    kind: 'Server-Licensor-Certificate',
    certificateId: '{A4C2A9E1-77D0-4B0E-8A55-3E2D1F6B7C80}',
    issuedAt: start,
    issuer: rootIssuer('Lakeside Root', root.publicKey),
    subject: { type: 'MS-DRM-Server', idType: 'MS-GUID', id, name, addresses: [{ type: 'URL', value: licensing }] },
    subjectKey: publicKeyFromKeyObject(createPublicKey(privateKey)),
    issueRange: { from: start, until: new Date('2099-01-01T00:00:00Z') },
    key: root,
    hash,
  })
  const licensor = parseIssuingCertificate(parseXrml(certificate)).principal
  const key = softwareKeyHandle(privateKey)
  const texts: string[] = []
  for (const template of templates) {
    texts.push(
      await issueRightsTemplate({
        id: `{${template.id.toUpperCase()}}`,
        issuedAt: start,
        names: [{ lcid: 1033, name: template.name, description: 'A template' }],
        grants: template.grants,
        licensor,
        publishingUrl: licensing,
        key,
      }),
    )
  }
  const content: TpdContent = {
    id,
    idType: 'MS-GUID',
    cspType: 24,
    cspName: '',
    keyContainerName: undefined,
    keyNumber: 1,
    privateKey,
    licensorChain: [certificate],
    templates: texts,
  }
  return { fingerprint: key.publicKey.fingerprint, content }
}

function newKey(bits: number) {
  return generateKeyPairSync('rsa', { modulusLength: bits, publicExponent: 65537 }).privateKey
}
