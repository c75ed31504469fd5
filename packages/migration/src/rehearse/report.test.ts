import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createKeyRing } from './key-ring.ts'
import type { DocumentFindings, RehearsedDocument } from './rehearse-document.ts'
import { createReport } from './report.ts'

function findings(
  path: string,
  more: Partial<RehearsedDocument>,
  rest: Partial<DocumentFindings> = {},
): DocumentFindings {
  const entry: RehearsedDocument = {
    path,
    format: 'pfile',
    outcome: 'opens',
    reason: null,
    key: 'a1',
    contentSha256: null,
    contentSize: null,
    kind: 'offline',
    owner: null,
    template: null,
    expiresAt: null,
    mayOpen: [],
    ...more,
  }
  return { entry, urls: [], templateId: undefined, templateName: undefined, keyKnown: true, ...rest }
}

test('sums up outcomes, reasons, missing keys, addresses and templates', () => {
  const report = createReport(createKeyRing([]))
  report.add(findings('b', {}, { urls: ['http://one', 'http://one'], templateId: 't', templateName: 'Staff' }))
  report.add(findings('a', { template: 't' }, { urls: ['http://one'], templateId: 't', templateName: 'Staff' }))
  report.add(
    findings(
      'c',
      { outcome: 'fails', reason: 'key-not-exported', key: 'b2' },
      { urls: ['http://two'], keyKnown: false },
    ),
  )
  report.add(findings('d', { outcome: 'unprotected', key: null }))
  const { summary, missingKeys, urls, templates, documents } = report.finish()
  assert.deepEqual(summary, { documents: 4, opens: 2, fails: 1, unprotected: 1, byReason: { 'key-not-exported': 1 } })
  assert.deepEqual(missingKeys, [{ issuerKey: 'b2', urls: ['http://two'], documents: 1 }])
  assert.deepEqual(urls, [
    { url: 'http://one', documents: 2, mapped: true },
    { url: 'http://two', documents: 1, mapped: false },
  ])
  assert.deepEqual(templates, [{ id: 't', name: 'Staff', documents: 2, exported: true }])
  assert.deepEqual(
    documents.map(({ path }) => path),
    ['a', 'b', 'c', 'd'],
  )
})

test('the order in which documents are done does not show', () => {
  const all = ['x', 'a', 'm'].map((path) => findings(path, {}, { urls: [`http://${path}`] }))
  const reports = [all, all.toReversed()].map((order) => {
    const report = createReport(createKeyRing([]))
    for (const one of order) report.add(one)
    return JSON.stringify(report.finish())
  })
  assert.equal(reports[0], reports[1])
})
