/** Documents of the table: licences that their author signed without the service, with whatever rights data a case needs. */
import { randomBytes, randomUUID } from 'node:crypto'
import { readPublishedLicense, type Client } from '@sealward/client'
import {
  canonicalGuid,
  distributionUrl,
  element,
  signPublishingLicenseOffline,
  textElement,
  writeContentKey,
  writeOwner,
  writeRightsData,
  type ContentKey,
  type Grant,
  type RightsDataInput,
  type TimeConditions,
} from '@sealward/xrml'
import type { Policy, Span } from './model.ts'
import { addressOf, targets } from './people.ts'

/** Of the table: the minute of publication. */
export const start = new Date('2026-03-02T09:30:00Z')
const minute = 60_000

export function timeAt(minutes: number): Date {
  return new Date(start.getTime() + minutes * minute)
}

function timesOf({ from, until }: Span = {}): TimeConditions {
  if (until === undefined) return { ranges: [], intervals: [] }
  if (from === undefined) return { ranges: [], intervals: [until * minute] }
  return { ranges: [{ from: timeAt(from), until: timeAt(until) }], intervals: [] }
}

export function grantsOf({ lines }: Policy): readonly Grant[] {
  return lines.map((line) => ({ to: targets[line.target].to, rights: line.rights, times: timesOf(line.span) }))
}

const owner = { idType: 'Windows', id: '', address: addressOf('alice') }

/** Rights of security identifiers are written by older authors only. */
export function rightsDataOf(policy: Policy, more: Partial<RightsDataInput> = {}): string {
  const text = writeRightsData({
    issuedAt: start,
    contentId: `{${randomUUID()}}`,
    owner,
    names: [],
    grants: grantsOf(policy),
    preconditions: timesOf(policy.span),
    ...more,
  })
  return text.replaceAll(
    /<ID type="Unspecified"(?: ?\/>|><\/ID>)<NAME>(S-1-[\d-]+)<\/NAME>/g,
    '<ID type="Windows">$1</ID>',
  )
}

export function newContentKey(): ContentKey {
  return writeContentKey('cbc4k', randomBytes(32))
}

/** Under which name clients keep the licence for a document. */
export function keptName(license: readonly string[]) {
  const { license: published } = readPublishedLicense(license.join(''))
  return { contentId: canonicalGuid(published.work.object.id), bodyText: published.document.bodyText }
}

/**
 * @param contentKey that of another document, for a forgery
 * @returns the publishing licence and the certificate that signed it
 */
export async function publishOffline(
  author: Client,
  rightsData: string,
  contentKey = newContentKey(),
): Promise<readonly string[]> {
  const { clientLicensor, clientLicensorChain, clientLicensorKey } = await author.publishingIdentity()
  const [certificate = ''] = clientLicensorChain
  const license = await signPublishingLicenseOffline({
    issuedAt: author.now(),
    licensingUrl: distributionUrl(clientLicensor.distributionPoints, 'License-Acquisition-URL') ?? '',
    server: clientLicensor.issuer,
    contentKey,
    work: element(
      'WORK',
      {},
      element('OBJECT', {}, textElement('ID', { type: 'MS-GUID' }, `{${randomUUID()}}`)),
      writeOwner({ ...owner, address: author.user }),
    ),
    rightsData,
    random: randomBytes,
    licensor: clientLicensor.principal,
    key: clientLicensorKey,
    clientVersion: '1.0.0.0',
  })
  return [license, certificate]
}
