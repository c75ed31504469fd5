import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { checkTpd, readTpd } from '@sealward/keys'
import { validateChain, parseXrml } from '@sealward/xrml'
import { makeDocument } from './documents/make-document.ts'
import type { ExpectedDocument } from './documents/expected-document.ts'
import { createSampleOrganisation, sampleKeys, sampleTemplates } from './organisation.ts'
import { writeTpdFiles } from './output/tpd-files.ts'

const random = (bytes: number): Uint8Array => randomBytes(bytes)
const now = new Date('2025-03-01T12:00Z')
const mostKeys = { random, keys: sampleKeys.most }

test('five keys and forty templates: every export passes an import, and holds its part of the templates', async () => {
  const lakeside = await createSampleOrganisation({ ...mostKeys, templates: 40 })
  const anchors = Object.values(lakeside.hierarchies).map(({ root }) => root.handle.publicKey)
  const modes: string[] = []
  let templates = 0
  for (const { cluster, bytes, password } of writeTpdFiles(lakeside, random)) {
    const checked = await checkTpd(readTpd({ file: bytes, password }), { anchors, now })
    modes.push(`${cluster} ${checked.mode.number}`)
    assert.ok(checked.templates.length >= 6, cluster)
    assert.deepEqual(
      checked.templates.filter(({ refusal }) => refusal !== undefined),
      [],
    )
    templates += checked.templates.length
  }
  assert.deepEqual(modes, ['rms-old 1', 'rms 2', 'legal 2', 'ferries 2', 'legal-old 1'])
  assert.equal(templates, 40)
})

test('the desks of archived keys have valid certificates, below the cluster of their time', async () => {
  const { desks, clusters } = await createSampleOrganisation(mostKeys)
  for (const name of ['ines-2015', 'ruth-2011'] as const) {
    const desk = desks[name] ?? assert.fail(name)
    const anchors = [desk.cluster.hierarchy.root.handle.publicKey]
    validateChain({ documents: desk.accountChain.map((text) => parseXrml(text)), anchors, now: desk.since })
    validateChain({ documents: desk.licensorChain.map((text) => parseXrml(text)), anchors, now: desk.since })
  }
  assert.deepEqual(clusters['legal-old']?.chain.slice(1), clusters['rms-old'].chain)
})

test('one round of the plan has a document of every key and every template, of every sort of them', async () => {
  const organisation = await createSampleOrganisation({ ...mostKeys, templates: 60 })
  const made: ExpectedDocument[] = []
  for (let index = 0; index < organisation.plan.length; index++) {
    made.push((await makeDocument(index, { organisation, random, now })).expected)
  }
  const keys = new Set(made.map(({ key }) => key))
  for (const { name, publicKey } of Object.values(organisation.clusters))
    assert.ok(keys.has(publicKey.fingerprint), name)
  const used = new Set(made.map(({ license }) => license?.template))
  used.delete(undefined)
  assert.equal(used.size, 60)
  const licenses = made.flatMap(({ path, license }) =>
    license !== undefined && path.startsWith('departments/') ? [license] : [],
  )
  assert.ok(licenses.some(({ mayOpen }) => mayOpen.some(({ principal }) => principal === 'ANYONE')))
  assert.ok(licenses.some(({ expiresAt }) => expiresAt !== undefined && expiresAt < now))
  assert.ok(licenses.some(({ expiresAt }) => expiresAt !== undefined && expiresAt > now))
  const numbered = Object.values(organisation.templates).filter(({ key }) => key.startsWith('number-'))
  assert.ok(numbered.some(({ current, earlier }) => current !== earlier))
  assert.deepEqual(new Set(numbered.map(({ names }) => names.length)), new Set([1, 2, 3]))
})

test('without a size the organisation is the one of every sample', async () => {
  const { clusters, desks, templates, plan } = await createSampleOrganisation({ random })
  const counts = [clusters, desks, templates, plan].map((part) => Object.keys(part).length)
  assert.deepEqual(counts, [4, 10, 8, 63])
  assert.deepEqual([sampleKeys.least, sampleTemplates.least], [3, 7])
})
