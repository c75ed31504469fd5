/** Revoked documents, people and keys, in the core: who is refused, who is not, and what races with it. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { isRightsError, parseRevocationList, revokedBy, type ErrorCode } from '@sealward/xrml'
import { listRevocations, revocationHorizon, revoke, unrevoke } from '../administration/revocations.ts'
import { addSuperUser, enableSuperUsers } from '../administration/super-users.ts'
import { acquireLicense } from './acquire-license/index.ts'
import { openAs, publishOffline, signUp } from './client.fixture.ts'
import { at, info, lastRecord, openTestCluster, start, type TestCluster } from './cluster.fixture.ts'
import { publishedRevocationList } from './published-revocation-list.ts'
import { revokeContent } from './revoke-content.ts'

const day = 86_400_000

function refused(code: ErrorCode): (error: unknown) => boolean {
  return (error) => isRightsError(error, code)
}

/** A cluster with a document of alice that ben may read. */
async function documentOfAlice() {
  const cluster = await openTestCluster()
  const { context, administration } = cluster
  const [alice, ben] = [await signUp(cluster, 'alice'), await signUp(cluster, 'ben')]
  const grants = [{ to: 'ben@lakeside.example', rights: ['VIEW'] }]
  const { chain, contentKey } = await publishOffline(cluster, alice, { grants })
  const { license } = await openAs(cluster, ben, chain)
  const document = { kind: 'document', contentId: license.work.object.id, directory: context.directory } as const
  return { cluster, context, administration, alice, ben, chain, contentKey, license, document, grants }
}

function ownRevocation(cluster: TestCluster, name: string, chain: readonly string[], undo = false) {
  return cluster
    .caller(name)
    .then((caller) => revokeContent(cluster.context, { info, caller, serialized: chain.join(''), undo }))
}

suite('a revoked document', () => {
  test('opens for its publisher only, and again for all when it is given free', async () => {
    const { cluster, administration, alice, ben, chain, document } = await documentOfAlice()
    await revoke(administration, document)
    await assert.rejects(openAs(cluster, ben, chain), refused('content-revoked'))
    assert.equal((await lastRecord(cluster))['reason'], 'content-revoked')
    assert.deepEqual((await openAs(cluster, alice, chain)).rights, ['OWNER'])
    assert.equal((await lastRecord(cluster, 'administration'))['operation'], 'revoke')
    await unrevoke(administration, document)
    assert.deepEqual((await openAs(cluster, ben, chain)).rights, ['VIEW'])
    assert.deepEqual(await listRevocations(administration), [])
  })

  test('is closed for super users, too', async () => {
    const { cluster, administration, context, chain, document } = await documentOfAlice()
    const clara = await signUp(cluster, 'clara')
    await addSuperUser(administration, { address: 'clara@lakeside.example', directory: context.directory })
    await enableSuperUsers(administration, { enabled: true })
    assert.deepEqual((await openAs(cluster, clara, chain)).rights, ['OWNER'])
    await revoke(administration, document)
    await assert.rejects(openAs(cluster, clara, chain), refused('content-revoked'))
  })

  test('stays closed for whoever puts its key into a licence of his own', async () => {
    const { cluster, administration, contentKey, document } = await documentOfAlice()
    await revoke(administration, document)
    const mallory = await signUp(cluster, 'mallory')
    const transplanted = await publishOffline(cluster, mallory, { grants: [], contentKey })
    await assert.rejects(openAs(cluster, mallory, transplanted.chain), refused('content-revoked'))
  })

  test('is taken back by its publisher, and by nobody else', async () => {
    const { cluster, ben, alice, chain } = await documentOfAlice()
    await assert.rejects(ownRevocation(cluster, 'ben', chain), refused('owner-not-publisher'))
    assert.equal((await lastRecord(cluster))['reason'], 'owner-not-publisher')
    assert.deepEqual((await openAs(cluster, ben, chain)).rights, ['VIEW'])
    const { horizon } = await ownRevocation(cluster, 'alice', chain)
    assert.deepEqual(
      horizon.holders.map(({ address }) => address),
      ['ben@lakeside.example'],
    )
    await assert.rejects(openAs(cluster, ben, chain), refused('content-revoked'))
    assert.deepEqual((await openAs(cluster, alice, chain)).rights, ['OWNER'])
    await ownRevocation(cluster, 'alice', chain, true)
    assert.deepEqual((await openAs(cluster, ben, chain)).rights, ['VIEW'])
  })

  test('of a publisher concerns no document of others under the same identifier', async () => {
    const { cluster, context, ben, chain, license } = await documentOfAlice()
    const mallory = await signUp(cluster, 'mallory')
    // What mallory could do by taking the identifier of a document of alice for one of her own.
    const publisher = 'mallory@lakeside.example'
    const subject = license.work.object.id.slice(1, -1)
    const row = { type: 'content-id', subject, publisher, idType: 'MS-GUID', modulus: '', revokedAt: start } as const
    await context.store.revocations.put(row)
    assert.deepEqual((await openAs(cluster, ben, chain)).rights, ['VIEW'])
    const list = parseRevocationList(await listOf(cluster))
    assert.equal(list.entries.length, 0)
    assert.equal(mallory.caller.user.address, publisher)
  })
})

async function listOf({ context }: TestCluster): Promise<string> {
  const { activeKey } = await context.configuration()
  return publishedRevocationList(context, activeKey?.id ?? '')
}

suite('revoked people and keys', () => {
  test('a person gets no licences and no publishing certificate until taken back', async () => {
    const { cluster, administration, context, ben, chain } = await documentOfAlice()
    const person = { kind: 'user', address: 'ben.alias@lakeside.example', directory: context.directory } as const
    await revoke(administration, person)
    await assert.rejects(openAs(cluster, ben, chain), refused('account-excluded'))
    await assert.rejects(publishOffline(cluster, ben, { grants: [] }), refused('account-excluded'))
    // A new certificate helps nobody who is revoked in person.
    const again = await signUp(cluster, 'ben')
    await assert.rejects(openAs(cluster, again, chain), refused('account-excluded'))
    await unrevoke(administration, person)
    assert.deepEqual((await openAs(cluster, again, chain)).rights, ['VIEW'])
  })

  test('a key gets no licences any more; a new certificate has another one', async () => {
    const { cluster, administration, context, ben, chain } = await documentOfAlice()
    await revoke(administration, { kind: 'key', certificate: at(ben.chain, 0), directory: context.directory })
    await assert.rejects(openAs(cluster, ben, chain), refused('account-excluded'))
    const again = await signUp(cluster, 'ben')
    assert.notEqual(again.key.publicKey.fingerprint, ben.key.publicKey.fingerprint)
    assert.deepEqual((await openAs(cluster, again, chain)).rights, ['VIEW'])
    const third = await signUp(cluster, 'ben')
    assert.equal(third.key.publicKey.fingerprint, again.key.publicKey.fingerprint)
  })

  test('what was published with a revoked key opens for nobody', async () => {
    const { cluster, administration, context, alice, ben, chain } = await documentOfAlice()
    await revoke(administration, { kind: 'key', certificate: at(chain, 1), directory: context.directory })
    await assert.rejects(openAs(cluster, ben, chain), refused('content-revoked'))
    await assert.rejects(openAs(cluster, alice, chain), refused('content-revoked'))
  })

  test('what names nothing is refused, and nothing is stored', async () => {
    const { administration, context } = await documentOfAlice()
    const { directory } = context
    for (const [input, code] of [
      [{ kind: 'document', contentId: 'no guid' }, 'exclusion-refused'],
      [{ kind: 'license', licenseId: '' }, 'exclusion-refused'],
      [{ kind: 'key', certificate: 'no certificate' }, 'exclusion-refused'],
      [{ kind: 'user', address: 'nobody@lakeside.example' }, 'user-not-in-directory'],
    ] as const) {
      await assert.rejects(revoke(administration, { ...input, directory }), refused(code))
    }
    assert.deepEqual(await listRevocations(administration), [])
  })
})

suite('the published list', () => {
  test('names what administrators revoked, so that clients refuse the licences that are out', async () => {
    const { cluster, context, administration, license, document } = await documentOfAlice()
    const before = await listOf(cluster)
    assert.equal(revokedBy(parseRevocationList(before), license), undefined)
    assert.equal(await listOf(cluster), before, 'one signature for all who ask')
    await revoke(administration, document)
    assert.equal(revokedBy(parseRevocationList(await listOf(cluster)), license)?.type, 'content-id')
    await unrevoke(administration, document)
    await revoke(administration, { kind: 'user', address: 'ben@lakeside.example', directory: context.directory })
    const list = parseRevocationList(await listOf(cluster))
    assert.equal(revokedBy(list, license)?.type, 'principal-id')
    assert.deepEqual(list.entries.map(({ type }) => type).sort(), ['principal-id', 'principal-key'])
    assert.equal(list.id, (await context.configuration()).settings.serviceId)
  })

  test('is signed again after some minutes, and for no key that the service does not have', async () => {
    const { cluster, context } = await documentOfAlice()
    const before = parseRevocationList(await listOf(cluster))
    cluster.setTime(new Date(start.getTime() + 11 * 60_000))
    const after = parseRevocationList(await listOf(cluster))
    assert.equal(after.issuedAt.getTime() - before.issuedAt.getTime(), 11 * 60_000)
    await assert.rejects(publishedRevocationList(context, 'f'.repeat(64)), refused('resource-unknown'))
  })
})

suite('when the last copy dies', () => {
  test('comes from the licences that are out, and from the longest life of one before there are any', async () => {
    const { cluster, context, administration, alice, chain, document } = await documentOfAlice()
    await openAs(cluster, alice, chain)
    // A cluster without a maximum: the licence of ben has no end, and that of the publisher does not count.
    const endless = await revocationHorizon(administration, document)
    assert.deepEqual([endless.from, endless.lastUse, endless.holders.length], ['licenses', undefined, 1])
    await context.store.settings.put('maxUseLicenseDays', 7, start)
    const unknown = { ...document, contentId: '11111111-2222-4333-8444-555555555555' }
    const most = await revocationHorizon(administration, unknown)
    assert.deepEqual([most.from, most.lastUse], ['maximum', new Date(start.getTime() + 7 * day)])
    assert.deepEqual(await listRevocations(administration), [])
  })

  test('follows the clock, and is now when every licence has ended', async () => {
    const cluster = await openTestCluster()
    const { context, administration } = cluster
    await context.store.settings.put('maxUseLicenseDays', 3, start)
    const [alice, ben, clara] = [
      await signUp(cluster, 'alice'),
      await signUp(cluster, 'ben'),
      await signUp(cluster, 'clara'),
    ]
    const grants = [{ to: 'ANYONE', rights: ['VIEW'] }]
    const { chain } = await publishOffline(cluster, alice, { grants })
    const { license } = await openAs(cluster, ben, chain)
    cluster.setTime(new Date(start.getTime() + day))
    await openAs(cluster, clara, chain)
    const input = { kind: 'document', contentId: license.work.object.id, directory: context.directory } as const
    const horizon = await revoke(administration, input)
    assert.deepEqual(horizon, {
      from: 'licenses',
      lastUse: new Date(start.getTime() + 4 * day),
      holders: [
        {
          address: 'clara@lakeside.example',
          contentId: input.contentId.slice(1, -1),
          until: new Date(start.getTime() + 4 * day),
        },
        {
          address: 'ben@lakeside.example',
          contentId: input.contentId.slice(1, -1),
          until: new Date(start.getTime() + 3 * day),
        },
      ],
    })
    const later = new Date(start.getTime() + 5 * day)
    cluster.setTime(later)
    assert.deepEqual(await revocationHorizon(administration, input), { from: 'licenses', lastUse: later, holders: [] })
  })
})

test('in 500 interleavings no licence is recorded after the revocation (threat P18)', {
  timeout: 240_000,
}, async () => {
  const { cluster, context, administration, ben, chain, document } = await documentOfAlice()
  const mark = (text: string) => context.store.logs.append('licenses', { mark: text })
  let revoked = 0
  for (let round = 0; round < 500; round++) {
    const racing = acquireLicense(context, { info, accountChain: ben.chain, publishingLicense: chain }).catch(
      (error: unknown) => {
        if (!isRightsError(error, 'content-revoked')) throw error
        revoked++
      },
    )
    for (let turn = 0; turn < round % 40; turn++) await (turn % 8 === 7 ? new Promise(setImmediate) : Promise.resolve())
    // The publisher's revocation changes no version of the configuration: only the last reading can see it.
    const byPublisher = round % 2 === 0
    const revocation = byPublisher ? ownRevocation(cluster, 'alice', chain) : revoke(administration, document)
    await Promise.all([racing, revocation.then(() => mark('revoked'))])
    await mark('free')
    await unrevoke(administration, document)
  }
  assert.ok(revoked > 0 && revoked < 500, `the race is a race: ${revoked}`)
  let free = true
  for (const { record } of await context.store.logs.read('licenses', 0, 100_000)) {
    const row = JSON.parse(record) as { mark?: string; operation?: string; outcome?: string }
    if (row.mark !== undefined) free = row.mark === 'free'
    const granted = row.operation === 'acquire-license' && row.outcome === 'granted'
    assert.ok(free || !granted, 'a grant was recorded after the revocation')
  }
})
