/** What a preview says of the states of the service and of transplanted keys (threat C6): what the door says, no less. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { canonicalGuid, parsePublishingLicense, parseXrml, RightsError } from '@sealward/xrml'
import { openAs, publishOffline, signUp, type TestAccount } from '../core/client.fixture.ts'
import { at, openTestCluster, start, type TestCluster } from '../core/cluster.fixture.ts'
import type { StateName } from '../core/personality.ts'
import type { Settings } from '../core/settings.ts'
import { previewDecision, type DecisionPreview } from './preview-decision.ts'
import { revoke } from './revocations.ts'

const grants = [{ to: 'ben@lakeside.example', rights: ['VIEW'] }]
const opens: DecisionPreview = { granted: true, ground: 'policy', rights: ['VIEW'] }

async function put(cluster: TestCluster, settings: Partial<Settings>): Promise<void> {
  await cluster.context.store.transaction(async (repositories) => {
    for (const [name, value] of Object.entries(settings)) {
      await repositories.settings.put(name as keyof Settings, value, start)
    }
    await repositories.nextConfigurationVersion()
  })
}

function preview(cluster: TestCluster, chain: readonly string[], state?: StateName): Promise<DecisionPreview> {
  return previewDecision(cluster.administration, {
    core: cluster.context,
    serialized: chain.join(''),
    address: 'ben@lakeside.example',
    state,
  })
}

function contentIdOf(chain: readonly string[]): string {
  return canonicalGuid(parsePublishingLicense(parseXrml(at(chain, 0))).work.object.id)
}

/** What ben's door says, in the words of a preview. */
async function door(cluster: TestCluster, ben: TestAccount, chain: readonly string[]): Promise<DecisionPreview> {
  try {
    const { rights } = await openAs(cluster, ben, chain)
    return { granted: true, ground: 'policy', rights }
  } catch (error) {
    if (error instanceof RightsError) return { granted: false, reason: error.code }
    throw error
  }
}

test('the present state of a cluster decides, unless another one is named', async () => {
  const cluster = await openTestCluster()
  const alice = await signUp(cluster, 'alice')
  const { chain } = await publishOffline(cluster, alice, { grants })
  const refused = { granted: false, reason: 'cluster-decommissioned' }
  assert.deepEqual(await preview(cluster, chain), opens)
  assert.deepEqual(await preview(cluster, chain, 'read-only'), opens)
  assert.deepEqual(await preview(cluster, chain, 'decommissioned'), refused)
  await put(cluster, { clusterState: 'decommissioned' })
  assert.deepEqual(await preview(cluster, chain), refused)
  assert.deepEqual(await preview(cluster, chain, 'serving'), opens)
  await assert.rejects(preview(cluster, chain, 'enabled'), { code: 'personality-mismatch' })
})

test('so does that of a tenant', async () => {
  const cluster = await openTestCluster({ settings: { personality: 'tenant' } })
  const alice = await signUp(cluster, 'alice')
  const { chain } = await publishOffline(cluster, alice, { grants })
  const reasons: readonly (readonly [Settings['tenantState'], string])[] = [
    ['disabled', 'tenant-disabled'],
    ['not-activated', 'tenant-not-activated'],
  ]
  for (const [tenantState, reason] of reasons) {
    await put(cluster, { tenantState })
    assert.deepEqual(await preview(cluster, chain), { granted: false, reason })
    assert.deepEqual(await preview(cluster, chain, 'enabled'), opens)
  }
})

suite('the key of another document', async () => {
  for (const keyTransplant of ['alert', 'deny'] as const) {
    const cluster = await openTestCluster({ settings: { keyTransplant } })
    const [alice, mallory, ben] = [
      await signUp(cluster, 'alice'),
      await signUp(cluster, 'mallory'),
      await signUp(cluster, 'ben'),
    ]
    const original = await publishOffline(cluster, alice, { grants })
    await openAs(cluster, ben, original.chain)
    const forged = await publishOffline(cluster, mallory, { grants, contentKey: original.contentKey })

    test(`${keyTransplant}: the preview says what the door says`, async () => {
      const said = await preview(cluster, forged.chain)
      assert.deepEqual(said, keyTransplant === 'deny' ? { granted: false, reason: 'key-transplant-refused' } : opens)
      assert.deepEqual(await door(cluster, ben, forged.chain), said)
    })

    test(`${keyTransplant}: a revocation of the original reaches it`, async () => {
      const { directory } = cluster.context
      await revoke(cluster.administration, { kind: 'document', contentId: contentIdOf(original.chain), directory })
      const said = await preview(cluster, forged.chain)
      assert.equal(said.reason, keyTransplant === 'deny' ? 'key-transplant-refused' : 'content-revoked')
      assert.deepEqual(await door(cluster, ben, forged.chain), said)
    })
  }
})
