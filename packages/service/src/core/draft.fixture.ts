/** For tests: a licence that alice has drawn up for the service to sign, in which ben may read. */
import { randomBytes, randomUUID } from 'node:crypto'
import {
  element,
  textElement,
  writeContentKey,
  writeOwner,
  writePublishingLicenseDraft,
  writeRightsData,
  type ContentKey,
  type PublishingLicenseParts,
  type RightsDataInput,
} from '@sealward/xrml'
import { requireActiveKey } from './configuration.ts'
import { start, type TestCluster } from './cluster.fixture.ts'

export interface Draft extends Partial<PublishingLicenseParts> {
  readonly owner?: string
  /** GUID in braces; a new one without it. */
  readonly contentId?: string
  readonly policy?: Partial<RightsDataInput>
}

export async function draftOf(cluster: TestCluster, draft: Draft = {}): Promise<string> {
  const { owner: address = 'alice@lakeside.example', contentId = `{${randomUUID()}}`, policy, ...parts } = draft
  const owner = { idType: 'Windows', id: '', address }
  return writePublishingLicenseDraft({
    issuedAt: start,
    licensingUrl: 'https://elsewhere.example/_wmcs/licensing',
    server: requireActiveKey(await cluster.context.configuration()).licensor.principal,
    contentKey: freshKey(),
    work: element(
      'WORK',
      {},
      element('OBJECT', {}, textElement('ID', { type: 'MS-GUID' }, contentId)),
      writeOwner(owner),
    ),
    rightsData: writeRightsData({
      issuedAt: start,
      contentId,
      owner,
      names: [],
      grants: [{ to: 'ben@lakeside.example', rights: ['VIEW'] }],
      ...policy,
    }),
    additions: '<AUTHENTICATEDDATA id="APPSPECIFIC" name="app">harness</AUTHENTICATEDDATA>',
    random: randomBytes,
    ...parts,
  })
}

export function freshKey(): ContentKey {
  return writeContentKey('ecb', randomBytes(16))
}
