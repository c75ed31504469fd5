/** Rights for ANYONE in templates that come into a tenant (threat D8). */
import assert from 'node:assert/strict'
import { before, suite, test } from 'node:test'
import { openAs, publishOffline, signUp, type OfflineLicense } from '../core/client.fixture.ts'
import { lastRecord, openTestCluster, type TestCluster } from '../core/cluster.fixture.ts'
import { allStaffAddress } from '../core/all-staff.ts'
import { listKeys } from './keys.ts'
import { createTemplate, listTemplates, publishTemplate } from './templates.ts'
import { exportTrustedPublishingDomain, importTrustedPublishingDomain } from './trusted-publishing-domain.ts'

const password = 'a long enough password'
const settings = { personality: 'tenant', domains: ['lakeside.example'] } as const

suite('a template with rights for ANYONE', () => {
  let file: Uint8Array
  let root: string
  let open: string
  let closed: string
  let license: OfflineLicense
  let keyOffset = 10

  before(async () => {
    const old = await openTestCluster()
    const { administration, context } = old
    const template = (name: string, to: string) =>
      createTemplate(administration, {
        names: [{ lcid: 1033, name, description: name }],
        grants: [
          { to, rights: ['VIEW', 'PRINT'] },
          { to: 'ben@lakeside.example', rights: ['EDIT'] },
        ],
        state: 'published',
      })
    open = (await template('For all', 'ANYONE')).id
    closed = (await template('For staff', 'staff@lakeside.example')).id
    const stored = [...(await context.configuration()).templates.values()].flat().find(({ id }) => `{${id}}` === open)
    const alice = await signUp(old, 'alice')
    license = await publishOffline(old, alice, { grants: [], rightsData: stored!.document.text })
    const [key] = await listKeys(administration)
    root = key!.root
    file = await exportTrustedPublishingDomain(administration, { keyId: key!.id, password })
  })

  const tenant = () => openTestCluster({ settings, keyOffset: (keyOffset += 2) })
  const rightsOf = async (cluster: TestCluster, name: string) =>
    (await openAs(cluster, await signUp(cluster, name), license.chain)).rights.toSorted()

  test('stops the import of a tenant until somebody says who gets the rights; nothing is stored', async () => {
    const { administration } = await tenant()
    const stopped = importTrustedPublishingDomain(administration, { file, password, trustedRoots: [root] })
    await assert.rejects(stopped, { code: 'tpd-anyone-unmapped', message: /For all.*VIEW, PRINT/ })
    assert.equal((await listKeys(administration)).length, 1)
    assert.deepEqual(await listTemplates(administration), [])
  })

  test('a cluster keeps them, and the report names them all the same', async () => {
    const cluster = await openTestCluster({ keyOffset: (keyOffset += 2) })
    const { templateReport } = await importTrustedPublishingDomain(cluster.administration, {
      file,
      password,
      trustedRoots: [root],
    })
    const anyoneIn = new Map(templateReport.map(({ id, anyone }) => [id, anyone]))
    assert.deepEqual([anyoneIn.get(open), anyoneIn.get(closed)], [['VIEW', 'PRINT'], []])
    assert.deepEqual(await rightsOf(cluster, 'mallory'), ['PRINT', 'VIEW'])
  })

  test('dropped: others keep what they have, everybody else opens nothing', async () => {
    const cluster = await tenant()
    await importTrustedPublishingDomain(cluster.administration, {
      file,
      password,
      trustedRoots: [root],
      anyone: 'drop',
    })
    await assert.rejects(rightsOf(cluster, 'mallory'), { code: 'no-rights' })
    assert.deepEqual(await rightsOf(cluster, 'ben'), ['EDIT'])
  })

  test('granted to all staff: the same rights for everybody of the tenant, published or not', async () => {
    const cluster = await tenant()
    const grantTo = [allStaffAddress(cluster.context.cluster) ?? '']
    const { keyId } = await importTrustedPublishingDomain(cluster.administration, {
      file,
      password,
      trustedRoots: [root],
      anyone: { grantTo },
      friendlyName: 'Old cluster',
      activate: true,
    })
    const record = await lastRecord(cluster, 'administration')
    assert.deepEqual(record['anyoneIn'], [open])
    const key = (await listKeys(cluster.administration)).find(({ id }) => id === keyId)
    assert.deepEqual([key?.state, key?.friendlyName], ['active', 'Old cluster'])
    assert.deepEqual(key?.licensingUrls, ['https://rights.lakeside.example/_wmcs/licensing'])
    assert.deepEqual(await rightsOf(cluster, 'mallory'), ['PRINT', 'VIEW'])
    await publishTemplate(cluster.administration, { id: open })
    assert.deepEqual(await rightsOf(cluster, 'ben'), ['EDIT', 'PRINT', 'VIEW'])
    const shown = (await listTemplates(cluster.administration)).find(
      ({ id, origin }) => id === open && origin === 'own',
    )
    assert.deepEqual(shown?.grants.find(({ to }) => to.startsWith('allstaff'))?.rights, ['VIEW', 'PRINT'])
  })
})
