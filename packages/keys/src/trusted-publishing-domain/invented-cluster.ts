/** For tests: an invented cluster of either mode below an invented root, and the domain that it would export. */
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
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
  type CryptographicMode,
  type PublicKey,
} from '@sealward/xrml'
import type { TpdContent } from './write-tpd.ts'

export const clusterId = '{5B1E2C70-41F7-4F0B-9B5F-6C1D54A0E6F1}'
export const templateId = '{0D2B7A55-9A3C-4E0F-8E5B-2F5B3F0C9E11}'
export const clusterStart = new Date('2015-03-01T08:00:00Z')
export const today = new Date('2026-01-15T12:00:00Z')

export interface InventedCluster {
  readonly mode: CryptographicMode
  readonly root: PublicKey
  readonly licensorCertificate: string
  readonly template: string
  readonly privateKey: KeyObject
  readonly content: TpdContent & { readonly privateKey: KeyObject }
}

export interface InventClusterInput {
  readonly mode: 1 | 2
  /** Instead of a new one. */
  readonly privateKey?: KeyObject
  readonly templateId?: string
}

export async function inventCluster(input: InventClusterInput): Promise<InventedCluster> {
  const mode = input.mode === 1 ? mode1 : mode2
  const root = softwareKeyHandle(newRsaKey(2048))
  const privateKey = input.privateKey ?? newRsaKey(mode.keyBits)
  const licensorCertificate = await issueCertificate({
    kind: 'Server-Licensor-Certificate',
    certificateId: '{A4C2A9E1-77D0-4B0E-8A55-3E2D1F6B7C80}',
    issuedAt: clusterStart,
    issuer: rootIssuer('Lakeside Root', root.publicKey),
    subject: { type: 'MS-DRM-Server', idType: 'MS-GUID', id: clusterId, name: 'Lakeside Rights' },
    subjectKey: publicKeyFromKeyObject(createPublicKey(privateKey)),
    issueRange: { from: clusterStart, until: new Date('2099-01-01T00:00:00Z') },
    key: root,
    hash: mode.hash,
  })
  const template = await issueRightsTemplate({
    id: input.templateId ?? templateId,
    issuedAt: new Date('2016-05-01T09:30:00Z'),
    names: [{ lcid: 1033, name: 'Lakeside Confidential', description: 'Staff may read' }],
    grants: [{ to: 'staff@lakeside.example', rights: ['VIEW'] }],
    licensor: parseIssuingCertificate(parseXrml(licensorCertificate)).principal,
    publishingUrl: 'https://rights.lakeside.example/_wmcs/licensing',
    key: softwareKeyHandle(privateKey),
  })
  const content = {
    id: clusterId,
    idType: 'MS-GUID',
    cspType: 24,
    cspName: '',
    keyContainerName: undefined,
    keyNumber: 1,
    privateKey,
    licensorChain: [licensorCertificate],
    templates: [template],
  }
  return { mode, root: root.publicKey, licensorCertificate, template, privateKey, content }
}

export function newRsaKey(bits: number, publicExponent = 65537): KeyObject {
  return generateKeyPairSync('rsa', { modulusLength: bits, publicExponent }).privateKey
}
