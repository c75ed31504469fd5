import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { before, suite, test } from 'node:test'
import { detectFormat, memorySource, openProtected, readPieces } from '@sealward/formats'
import {
  decide,
  isRightsError,
  openPublishingLicense,
  parsePolicy,
  parsePublishingLicense,
  parseXrml,
  parseXrmlChain,
  type PublishingLicense,
  type RightsPolicy,
  validateChain,
} from '@sealward/xrml'
import { clusterFacts, type ClusterName } from '../authorities/clusters.ts'
import { createSampleOrganisation, type SampleOrganisation } from '../organisation.ts'
import { groupsOf } from '../people/groups.ts'
import { addressesOf, samplePeople } from '../people/people.ts'
import { documentPlan } from './document-plan.ts'
import type { ExpectedDocument, MayOpen, SampleDocument } from './expected-document.ts'
import { makeDocument } from './make-document.ts'

const random = (bytes: number): Uint8Array => randomBytes(bytes)
const now = new Date('2025-03-01T12:00Z')
const exported: readonly ClusterName[] = ['rms-old', 'rms', 'legal']

interface Finding {
  readonly key: string | undefined
  readonly sha256: string
  readonly license: PublishingLicense
  readonly policy: RightsPolicy
}

/** Reads a document with the exported keys: chain first, then key, then content. */
async function examine(bytes: Uint8Array, lakeside: SampleOrganisation): Promise<Finding> {
  const file = openProtected(memorySource(bytes))
  const documents = parseXrmlChain(file.licenseText)
  const license = parsePublishingLicense(documents[0]!)
  const cluster = exported
    .map((name) => lakeside.clusters[name])
    .find(({ publicKey }) => publicKey.fingerprint === license.server.publicKey.fingerprint)
  const chain = license.kind === 'offline' ? documents.slice(3) : documents.slice(1)
  const anchors = Object.values(lakeside.hierarchies).map(({ root }) => root.handle.publicKey)
  const known = Object.values(lakeside.clusters).map(({ publicKey }) => publicKey)
  validateChain({ documents: [documents[0]!, ...chain], anchors: chain.length === 0 ? known : anchors, now })
  assert.ok(cluster, 'no exported key opens this document')
  const opened = await openPublishingLicense(license, cluster.key.handle)
  const hash = createHash('sha256')
  for (const piece of readPieces(file.openContent(opened.contentKey))) hash.update(piece)
  return { key: cluster.publicKey.fingerprint, sha256: hash.digest('hex'), license, policy: opened.policy }
}

/** Whom the decision function lets in, by the cluster's present template. */
function decidedPeople({ license, policy }: Finding, lakeside: SampleOrganisation): readonly MayOpen[] {
  const template = Object.values(lakeside.templates).find(
    ({ id, state }) => state !== 'deleted' && policy.official && id === `{${policy.id}}`,
  )
  const inForce = template === undefined ? policy : parsePolicy(parseXrml(template.current.text))
  return samplePeople
    .filter(({ disabled }) => !disabled)
    .flatMap((person) => {
      const decision = decide({
        policy: inForce,
        principal: {
          addresses: addressesOf(person),
          sids: [person.sid],
          groups: [...groupsOf(person)],
          superUser: false,
        },
        owner: license.work.owner?.address,
        issuer: [],
        publishedAt: license.issuedAt,
        now,
      })
      const rights = decision.granted ? decision.rights.map(({ right }) => right).sort() : []
      return rights.length === 0 ? [] : [{ principal: person.address, rights }]
    })
}

suite('the documents of the sample', () => {
  let lakeside: SampleOrganisation
  const made: SampleDocument[] = []
  before(async () => {
    lakeside = await createSampleOrganisation({ random })
    for (const index of documentPlan.keys()) {
      made.push(await makeDocument(index, { organisation: lakeside, random, now }))
    }
  })

  const ofOutcome = (outcome: ExpectedDocument['outcome']): readonly SampleDocument[] =>
    made.filter(({ expected }) => expected.outcome === outcome)

  test('what is expected to open opens with the exported keys, to the content that was protected', async () => {
    for (const { bytes, expected } of ofOutcome('opens')) {
      assert.deepEqual(detectFormat(memorySource(bytes)), { format: expected.format, protected: true })
      const finding = await examine(bytes, lakeside)
      assert.equal(finding.key, expected.key, expected.path)
      assert.equal(finding.sha256, expected.contentSha256, expected.path)
      assert.equal(finding.license.kind, expected.license?.kind)
      assert.equal(finding.license.issuedAt.toISOString(), expected.license?.issuedAt.toISOString())
      assert.equal(finding.license.work.owner?.address, expected.license?.owner)
      assert.equal(finding.license.distributionPoints[0]?.url, expected.license?.licensingUrl)
    }
  })

  test('the people who may open agree with the decision function', async () => {
    for (const { bytes, expected } of ofOutcome('opens')) {
      assert.deepEqual(decidedPeople(await examine(bytes, lakeside), lakeside), expected.license?.people, expected.path)
    }
  })

  test('what is expected to fail fails for that reason', async () => {
    for (const { bytes, expected } of ofOutcome('fails')) {
      const { path, reason } = expected
      if (reason === 'key-not-exported') {
        await assert.rejects(examine(bytes, lakeside), { message: 'no exported key opens this document' })
      } else {
        await assert.rejects(
          examine(bytes, lakeside),
          (error) => isRightsError(error, reason!) || assert.fail(`${path}: ${String(error)}`),
        )
      }
    }
  })

  test('what is not protected is detected as what it is', () => {
    for (const { bytes, expected } of ofOutcome('unprotected')) {
      assert.deepEqual(detectFormat(memorySource(bytes)), { format: expected.format, protected: false })
    }
  })

  test('every fault, every PFILE shape and every spelling of an address occurs', () => {
    const rows = documentPlan.filter((row) => row.kind === 'protected')
    assert.equal(new Set(rows.flatMap(({ fault }) => fault ?? [])).size, 7)
    assert.deepEqual([...new Set(rows.flatMap(({ shape }) => shape ?? []))].sort(), [
      '2.0',
      '2.1',
      '2.1-metadata',
      '3.0',
    ])
    assert.equal(new Set(rows.map(({ spelling }) => spelling)).size, 18)
    assert.equal(new Set(rows.map(({ desk }) => desk)).size, Object.keys(lakeside.desks).length)
    assert.equal(new Set(made.map(({ expected }) => expected.path.toLowerCase())).size, made.length)
  })

  test('documents are as old as their cluster', () => {
    for (const { expected } of ofOutcome('opens')) {
      const name = exported.find((cluster) => lakeside.clusters[cluster].publicKey.fingerprint === expected.key)!
      const issuedAt = expected.license?.issuedAt ?? now
      assert.ok(issuedAt >= clusterFacts[name].installedAt && issuedAt.getUTCFullYear() <= 2024, expected.path)
    }
  })
})
