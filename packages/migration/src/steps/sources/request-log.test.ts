import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  element,
  parseIssuingCertificate,
  parseXrml,
  signPublishingLicenseOnline,
  softwareKeyHandle,
  textElement,
  writeAuthenticatedData,
  writeContentKey,
  writeOwner,
  writeRightsData,
} from '@sealward/xrml'
import { inventedSource, newFolder } from '../../project/test-migration.fixture.ts'
import { today } from '../invented-source.fixture.ts'
import { summarize } from './log-summary.ts'
import { requestsOfFile } from './request-log.ts'

const owner = { idType: 'Unspecified', id: '', address: 'anna@lakeside.example' }
const url = 'https://RIGHTS.lakeside.example:443/_wmcs/licensing'

async function license(): Promise<string> {
  const { content } = await inventedSource()
  const { principal } = parseIssuingCertificate(parseXrml(content.current.licensorChain[0]!))
  return signPublishingLicenseOnline({
    issuedAt: today,
    licensingUrl: url,
    server: principal,
    licensor: principal,
    key: softwareKeyHandle(content.current.privateKey!),
    contentKey: writeContentKey('cbc4k', randomBytes(16)),
    work: element(
      'WORK',
      {},
      element('OBJECT', {}, textElement('ID', { type: 'MS-GUID' }, '{1}')),
      element('METADATA', {}, writeOwner(owner)),
    ),
    rightsData: writeRightsData({ names: [], grants: [], issuedAt: today, contentId: '{1}', owner }),
    additions: writeAuthenticatedData('APPSPECIFIC', []),
    random: randomBytes,
  })
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}

test('a log that keeps the licences says by which key and under which address they were issued', async () => {
  const { currentKey } = await inventedSource()
  const path = join(newFolder(), 'requests.csv')
  const rows = [
    'RequestTime,RequestType,SuccessOrFailure,AuthenticatedId,ReceivedXrMLDocument',
    `2025-05-01 10:00:00,AcquireLicense,Succeeded,Anna@Lakeside.example,${quoted(await license())}`,
    `2025-05-02 10:00:00,AcquireLicense,Succeeded,bob@lakeside.example,${quoted('<XrML>damaged')}`,
    '2025-05-03 10:00:00,ServerCertification.Certify,Failed,,',
  ]
  writeFileSync(path, rows.join('\n'))
  const { requests, issuers, urls, users, types } = await summarize(requestsOfFile(path))
  assert.equal(requests, 3)
  assert.deepEqual([...issuers.keys()], [currentKey])
  assert.deepEqual([...urls.keys()], [url])
  assert.deepEqual([...users.keys()], ['anna@lakeside.example', 'bob@lakeside.example'])
  assert.equal(types.get('AcquireLicense')!.requests, 2)
  assert.equal(issuers.get(currentKey)!.last, '2025-05-01T10:00:00.000Z')
})

test('a log without the columns that count, or that is not there, is refused', async () => {
  const path = join(newFolder(), 'requests.csv')
  writeFileSync(path, 'RequestTime,RequestType\n2025-05-01 10:00:00,Certify\n')
  await assert.rejects(summarize(requestsOfFile(path)), { code: 'plan-input-invalid', message: /SuccessOrFailure/ })
  await assert.rejects(summarize(requestsOfFile(`${path}.missing`)), { code: 'file-unreadable' })
})
