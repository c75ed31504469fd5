/** What survives: a restart, a kill, an administrator who changes something in the middle of a request. */
import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { masterKeyFromFile } from '@sealward/keys'
import { isRightsError } from '@sealward/xrml'
import { addSuperUser, enableSuperUsers, removeSuperUser } from '../administration/super-users.ts'
import { verifyAuditLog } from '../administration/verify-log.ts'
import { openStore } from '../store/open-store.ts'
import { acquireLicense } from './acquire-license/index.ts'
import { openAs, publishOffline, signUp } from './client.fixture.ts'
import { info, openTestCluster } from './cluster.fixture.ts'

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealward-restart-'))
})
after(async () => rm(folder, { recursive: true }))

suite('a restart', () => {
  test('between publishing and opening changes nothing; account keys stay the same', async () => {
    const file = join(folder, 'restart.db')
    const first = await openTestCluster({ file })
    const alice = await signUp(first, 'alice')
    const ben = await signUp(first, 'ben')
    const { chain, contentKey } = await publishOffline(first, alice, {
      grants: [{ to: 'ben@lakeside.example', rights: ['VIEW'] }],
    })
    await first.context.store.close()

    const second = await openTestCluster({ file, create: false })
    const use = await openAs(second, ben, chain)
    assert.deepEqual(use.contentKey.payload, contentKey.payload)
    const again = await signUp(second, 'ben')
    assert.equal(again.key.publicKey.fingerprint, ben.key.publicKey.fingerprint)
    assert.equal((await verifyAuditLog(second.context.store)).problem, undefined)
    await second.context.store.close()
  })
})

suite('a kill', () => {
  test('in the middle of writing loses no record that was acknowledged', async () => {
    const file = join(folder, 'kill.db')
    const key = randomBytes(32).toString('hex')
    for (let round = 0; round < 3; round++) {
      const writer = fork(new URL('./log-writer.fixture.ts', import.meta.url), [file, key])
      let acknowledged = 0
      writer.on('message', (sequence) => {
        acknowledged = Number(sequence)
      })
      for (let message = 0; message < 40; message++) await once(writer, 'message')
      writer.kill('SIGKILL')
      await once(writer, 'exit')
      const store = await openStore({
        file,
        tenant: 'lakeside',
        masterKey: masterKeyFromFile(Buffer.from(key)),
      })
      const { rows, problem } = await verifyAuditLog(store)
      assert.equal(problem, undefined)
      assert.ok(rows >= acknowledged, `${rows} of ${acknowledged}`)
      await store.close()
    }
  })
})

suite('a change in the middle', () => {
  test('no licence is recorded for a super user after the power was taken back', async () => {
    const cluster = await openTestCluster()
    const { administration, context } = cluster
    const alice = await signUp(cluster, 'alice')
    const clara = await signUp(cluster, 'clara')
    const { chain } = await publishOffline(cluster, alice, { grants: [] })
    await addSuperUser(administration, { address: 'clara@lakeside.example', directory: context.directory })
    await enableSuperUsers(administration, { enabled: true })
    let revoked = 0
    for (let round = 0; round < 60; round++) {
      const racing = Array.from({ length: 4 }, () =>
        acquireLicense(context, { info, accountChain: clara.chain, publishingLicense: chain }).catch(
          (error: unknown) => {
            if (!isRightsError(error, 'no-rights')) throw error
            revoked++
          },
        ),
      )
      for (let turn = 0; turn < round % 12; turn++) await Promise.resolve()
      const removal = removeSuperUser(administration, { address: 'clara@lakeside.example' }).then(() =>
        context.store.logs.append('licenses', { mark: 'removed' }),
      )
      await Promise.all([...racing, removal])
      await context.store.logs.append('licenses', { mark: 'added' })
      await addSuperUser(administration, { address: 'clara@lakeside.example', directory: context.directory })
    }
    assert.ok(revoked > 0, 'the race is a race')
    let may = true
    for (const { record } of await context.store.logs.read('licenses', 0, 10_000)) {
      const { mark, ground } = JSON.parse(record) as { mark?: string; ground?: string }
      if (mark !== undefined) may = mark === 'added'
      assert.ok(may || ground !== 'super-user', 'a grant was recorded after the power was taken back')
    }
  })
})

test('a store that cannot write issues nothing', async () => {
  const cluster = await openTestCluster()
  const alice = await signUp(cluster, 'alice')
  const { chain } = await publishOffline(cluster, alice, { grants: [] })
  const broken = {
    ...cluster.context,
    store: {
      ...cluster.context.store,
      transaction: () => Promise.reject(new Error('disk full')),
    },
  }
  await assert.rejects(
    acquireLicense(broken, { info, accountChain: alice.chain, publishingLicense: chain }),
    /disk full/,
  )
})
