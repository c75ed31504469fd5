import assert from 'node:assert/strict'
import { before, suite, test } from 'node:test'
import { openAs, publishOffline, signUp } from '../core/client.fixture.ts'
import { info, lastRecord, openTestCluster, start, type TestCluster } from '../core/cluster.fixture.ts'
import { issueClientLicensor } from '../core/client-licensor.ts'
import { listTemplates } from '../core/templates.ts'
import { describeService } from './describe-service.ts'
import { listKeys } from './keys.ts'
import { setOnboarding } from './onboarding.ts'
import { setReadOnly } from './read-only.ts'
import { setState } from './set-state.ts'
import { exportTrustedPublishingDomain } from './trusted-publishing-domain.ts'

const refused = (code: string) => ({ name: 'RightsError', code })
const day = 86_400_000
const stateNow = async ({ administration }: TestCluster) => (await describeService(administration)).state

suite('the state of a cluster', () => {
  test('goes to read-only and back, by state or by group, and is logged', async () => {
    const cluster = await openTestCluster()
    const { administration, context } = cluster
    const { directory } = context
    assert.deepEqual(await setState(administration, { state: 'read-only' }), {
      state: 'read-only',
      previous: 'serving',
    })
    assert.deepEqual(await setReadOnly(administration, { group: 'Sales@lakeside.example', directory }), {
      group: 'sales@lakeside.example',
    })
    assert.equal(await stateNow(cluster), 'read-only')
    assert.equal((await lastRecord(cluster, 'administration'))['group'], 'sales@lakeside.example')
    assert.equal(await setReadOnly(administration, { off: true, directory }), undefined)
    assert.equal(await stateNow(cluster), 'serving')
  })

  test('refuses what is ambiguous, unknown groups and distribution lists', async () => {
    const cluster = await openTestCluster()
    const { administration } = cluster
    cluster.setPeople({ users: [], groups: [{ address: 'list@lakeside.example', kind: 'distribution' }] })
    const { directory } = cluster.context
    for (const input of [
      {},
      { everyone: true, group: 'list@lakeside.example' },
      { everyone: true, off: true } as const,
    ]) {
      await assert.rejects(setReadOnly(administration, { ...input, directory }), refused('admin-request-invalid'))
    }
    for (const group of ['nobody@lakeside.example', 'list@lakeside.example']) {
      await assert.rejects(setReadOnly(administration, { group, directory }), refused('group-refused'))
    }
    await assert.rejects(
      setOnboarding(administration, { group: 'list@lakeside.example', scope: 'All', directory }),
      refused('personality-mismatch'),
    )
  })

  test('is decommissioned only by force, and then for ever', async () => {
    const cluster = await openTestCluster()
    const { administration } = cluster
    await assert.rejects(setState(administration, { state: 'decommissioned' }), refused('state-refused'))
    await setState(administration, { state: 'decommissioned', force: true })
    for (const state of ['serving', 'read-only'] as const) {
      await assert.rejects(setState(administration, { state, force: true }), refused('state-refused'))
    }
    assert.equal(await stateNow(cluster), 'decommissioned')
    await assert.rejects(setState(administration, { state: 'enabled' }), refused('state-refused'))
  })

  test('takes effect between two requests of a person: licences go on, publishing ends', async () => {
    const cluster = await openTestCluster()
    const alice = await signUp(cluster, 'alice')
    const license = await publishOffline(cluster, alice, { grants: [{ to: 'ben@lakeside.example', rights: ['VIEW'] }] })
    await setState(cluster.administration, { state: 'read-only' })
    const again = issueClientLicensor(cluster.context, { info, accountChain: alice.chain })
    await assert.rejects(again, refused('service-read-only'))
    assert.deepEqual((await openAs(cluster, await signUp(cluster, 'ben'), license.chain)).rights, ['VIEW'])
  })

  test('a change between decision and record is seen: no certificate leaves after it', async () => {
    const cluster = await openTestCluster()
    const alice = await signUp(cluster, 'alice')
    const { context, administration } = cluster
    let changed = false
    const random = {
      ...context.random,
      // The moment after the state was asked for, and before the certificate is recorded.
      async keyPair(bits: number) {
        if (!changed) await setState(administration, { state: 'read-only' })
        changed = true
        return context.random.keyPair(bits)
      },
    }
    const late = issueClientLicensor({ ...context, random }, { info, accountChain: alice.chain })
    await assert.rejects(late, refused('service-read-only'))
    assert.equal((await context.store.clientLicensors.list()).length, 0)
  })
})

suite('the state of a tenant', () => {
  let tenant: TestCluster
  const settings = { personality: 'tenant', domains: ['lakeside.example'], organisation: 'Lakeside' } as const

  before(async () => {
    tenant = await openTestCluster({ settings, create: false })
  })

  test('begins as not activated, without key', async () => {
    assert.equal(await stateNow(tenant), 'not-activated')
    const caller = await tenant.caller('alice')
    await assert.rejects(listTemplates(tenant.context, { info, caller }), refused('tenant-not-activated'))
  })

  test('enabling makes the key and the two templates of everybody, once', async () => {
    const { administration, context } = tenant
    assert.deepEqual(await setState(administration, { state: 'enabled' }), {
      state: 'enabled',
      previous: 'not-activated',
    })
    await setState(administration, { state: 'disabled', force: true })
    await setState(administration, { state: 'enabled' })
    assert.equal((await listKeys(administration)).length, 1)
    const caller = await tenant.caller('alice')
    const names = (await listTemplates(context, { info, caller })).map(({ name }) => name)
    assert.deepEqual(names.sort(), ['Lakeside - Confidential', 'Lakeside - Confidential View Only'])
  })

  test('everybody of the organisation, and nobody else, opens what is for all staff', async () => {
    const { context } = tenant
    const alice = await signUp(tenant, 'alice')
    const template = [...(await context.configuration()).templates.values()].flat()[0]!
    const license = await publishOffline(tenant, alice, { grants: [], rightsData: template.document.text })
    assert.ok((await openAs(tenant, await signUp(tenant, 'mallory'), license.chain)).rights.includes('VIEW'))
    const outside = { ...context, cluster: { ...context.cluster, domains: ['elsewhere.example'] } }
    const ben = await signUp(tenant, 'ben')
    await assert.rejects(openAs({ ...tenant, context: outside }, ben, license.chain), refused('no-rights'))
  })

  test('is not disabled while its key is nowhere else or people still open documents', async () => {
    const { administration } = tenant
    const [key] = await listKeys(administration)
    await assert.rejects(setState(administration, { state: 'disabled' }), /never exported/)
    await exportTrustedPublishingDomain(administration, { keyId: key!.id, password: 'a long enough password' })
    await assert.rejects(setState(administration, { state: 'disabled' }), /licences were asked for/)
    tenant.setTime(new Date(start.getTime() + 15 * day))
    assert.deepEqual(await setState(administration, { state: 'disabled' }), { state: 'disabled', previous: 'enabled' })
  })

  test('knows no read-only, and its onboarding group must be one', async () => {
    const { administration, context } = tenant
    const { directory } = context
    await assert.rejects(setReadOnly(administration, { everyone: true, directory }), refused('personality-mismatch'))
    const set = (group: string | undefined) => setOnboarding(administration, { group, scope: 'WindowsApp', directory })
    await assert.rejects(set('alice@lakeside.example'), refused('group-refused'))
    assert.deepEqual(await set('staff@lakeside.example'), { group: 'staff@lakeside.example', scope: 'WindowsApp' })
    assert.equal(await set(undefined), undefined)
  })
})
