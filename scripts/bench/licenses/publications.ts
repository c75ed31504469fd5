/** Publishing licences that clients have signed offline, in the sizes that real ones have. */
import { randomBytes, randomUUID } from 'node:crypto'
import {
  distributionUrl,
  element,
  issueOwnerUseLicense,
  parsePublishingLicense,
  parseXrml,
  signPublishingLicenseOffline,
  textElement,
  writeContentKey,
  writeOwner,
  writeRightsData,
  type ContentKey,
  type Grant,
} from '@sealward/xrml'
import type { Account } from './accounts.ts'

export interface Publication {
  /** What a client sends over SOAP: the licence and the certificate that signed it. */
  readonly signed: readonly string[]
  /** What a Windows client leaves in the file, and a mobile client sends. */
  readonly stored: readonly string[]
  readonly contentKey: ContentKey
}

/** What every reader gets; each of them is an RSA encryption in the use licence. */
export const grantedRights: readonly string[] = ['VIEW', 'PRINT']

/** People in the policy, which make publishing licences of about 8, 16 and 30 KB. */
export const policySizes = [4, 13, 29] as const

export interface PublicationInput {
  readonly author: Account
  /** A mail address, or `ANYONE`. */
  readonly reader: string
  readonly policySize: number
}

export async function publish({ author, reader, policySize }: PublicationInput): Promise<Publication> {
  const issuedAt = new Date()
  const contentId = `{${randomUUID()}}`
  const contentKey = writeContentKey('cbc4k', randomBytes(16))
  const owner = { idType: 'Windows', id: '', address: author.person.address }
  const { licensor, licensorKey, licensorChain } = author
  const text = await signPublishingLicenseOffline({
    issuedAt,
    licensingUrl: distributionUrl(licensor.distributionPoints, 'License-Acquisition-URL') ?? '',
    server: licensor.issuer,
    contentKey,
    work: element(
      'WORK',
      {},
      element('OBJECT', {}, textElement('ID', { type: 'MS-GUID' }, contentId)),
      writeOwner(owner),
    ),
    rightsData: writeRightsData({ issuedAt, contentId, owner, names: [], grants: grants(reader, policySize) }),
    random: randomBytes,
    licensor: licensor.principal,
    key: licensorKey,
    clientVersion: '10.0.19041.1',
  })
  const ownerLicense = await issueOwnerUseLicense({
    licenseId: `{${randomUUID()}}`,
    issuedAt,
    licensor: licensor.principal,
    key: licensorKey,
    account: author.certificate,
    publishingLicense: parsePublishingLicense(parseXrml(text)),
    contentKey,
    random: randomBytes,
  })
  const [licensorText = ''] = licensorChain
  return {
    signed: [text, licensorText],
    stored: [text, licensorText, ownerLicense, ...licensorChain],
    contentKey,
  }
}

/** The reader stands behind the others, so the whole list is gone through. */
function grants(reader: string, policySize: number): readonly Grant[] {
  const others = Array.from({ length: policySize - 1 }, (_, index) => `colleague-${index}@lakeside.example`)
  return [...others, reader].map((to) => ({ to, rights: grantedRights }))
}
