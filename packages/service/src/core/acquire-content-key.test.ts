/** A decommissioned cluster gives content keys away: to whom, for what, and with which trace (threats A2, C3, C5, P18). */
import assert from 'node:assert/strict'
import { createPublicKey, randomBytes } from 'node:crypto'
import { before, suite, test } from 'node:test'
import {
  canonicalGuid,
  isRightsError,
  parsePublishingLicense,
  parseXrml,
  publicKeyFromKeyObject,
  writeContentKey,
} from '@sealward/xrml'
import { listKeys } from '../administration/keys.ts'
import { admit as admitMember, dismiss, listAdmitted } from '../administration/admission.ts'
import { setState } from '../administration/set-state.ts'
import {
  exportTrustedPublishingDomain,
  importTrustedPublishingDomain,
} from '../administration/trusted-publishing-domain.ts'
import { verifyAuditLog } from '../administration/verify-log.ts'
import { acquireContentKey } from './acquire-content-key.ts'
import { publishOffline, signUp, type OfflineLicense, type TestAccount } from './client.fixture.ts'
import { at, info, lastRecord, openTestCluster, pooledKey, type TestCluster } from './cluster.fixture.ts'

const refused = (code: string) => ({ name: 'RightsError', code })
const nobody = { grants: [] }
const ben = 'ben@lakeside.example'
const password = 'a long enough password'

async function recover(cluster: TestCluster, name: string, publishingLicense: readonly string[]): Promise<Uint8Array> {
  return acquireContentKey(cluster.context, { info, caller: await cluster.caller(name), publishingLicense })
}

async function admit(cluster: TestCluster, address: string): Promise<void> {
  await admitMember(cluster.administration, {
    door: 'decommissioning',
    member: address,
    directory: cluster.context.directory,
  })
}

const decommission = ({ administration }: TestCluster) =>
  setState(administration, { state: 'decommissioned', force: true })

suite('content keys of a decommissioned cluster', () => {
  let cluster: TestCluster
  let alice: TestAccount
  let document: OfflineLicense
  let old: OfflineLicense
  let stranger: OfflineLicense
  const sealed: Record<string, OfflineLicense> = {}

  before(async () => {
    const former = await openTestCluster({ mode: 1 })
    old = await publishOffline(former, await signUp(former, 'alice'), nobody)
    const [key] = await listKeys(former.administration)
    const file = await exportTrustedPublishingDomain(former.administration, { keyId: at([key!], 0).id, password })
    const foreign = await openTestCluster({ keyOffset: 6 })
    stranger = await publishOffline(foreign, await signUp(foreign, 'alice'), nobody)
    cluster = await openTestCluster({ keyOffset: 4 })
    await importTrustedPublishingDomain(cluster.administration, { file, password, trustedRoots: [key!.root] })
    alice = await signUp(cluster, 'alice')
    document = await publishOffline(cluster, alice, nobody)
    const intact = writeContentKey('ecb', randomBytes(16))
    const otherKey = publicKeyFromKeyObject(createPublicKey(pooledKey(2048, 15)))
    for (const [name, policy] of Object.entries({
      'sealed to another key': { sealTo: otherKey },
      'an empty payload': { contentKey: { ...intact, payload: Buffer.alloc(0) } },
      'a header alone': { contentKey: { ...intact, payload: intact.payload.subarray(0, 12) } },
      'rights data that is no policy': { rightsData: '<XrML xmlns="" version="1.2"><BODY>x</BODY></XrML>' },
    })) {
      sealed[name] = await publishOffline(cluster, alice, { ...nobody, ...policy })
    }
  })

  test('while the cluster serves, nobody gets one, listed or not', async () => {
    await assert.rejects(recover(cluster, 'ben', document.chain), refused('cluster-not-decommissioned'))
    await admit(cluster, ben)
    await assert.rejects(recover(cluster, 'ben', document.chain), refused('cluster-not-decommissioned'))
    await dismiss(cluster.administration, { door: 'decommissioning', member: ben })
    await decommission(cluster)
  })

  test('after that, nobody gets one who is not listed: not even the owner', async () => {
    for (const name of ['ben', 'alice']) {
      await assert.rejects(recover(cluster, name, document.chain), refused('endpoint-closed'))
      const { operation, outcome, reason, address } = await lastRecord(cluster)
      assert.deepEqual(
        [operation, outcome, reason, address],
        ['acquire-content-key', 'refused', 'endpoint-closed', `${name}@lakeside.example`],
      )
    }
  })

  test('only exact accounts are listed, and every change is logged', async () => {
    const { administration } = cluster
    for (const address of ['ben.alias@lakeside.example', 'staff@lakeside.example', 'nobody@lakeside.example']) {
      await assert.rejects(admit(cluster, address), refused('user-not-in-directory'))
    }
    await admit(cluster, 'Ben@Lakeside.example')
    await admit(cluster, ben)
    assert.deepEqual((await listAdmitted(administration)).decommissioning, [ben])
    const { operation, door, member } = await lastRecord(cluster, 'administration')
    assert.deepEqual([operation, door, member], ['admit', 'decommissioning', ben])
    const tenant = await openTestCluster({ settings: { personality: 'tenant' } })
    await assert.rejects(admit(tenant, ben), refused('personality-mismatch'))
  })

  test('a listed account gets header and key as they were sealed, though no policy names it', async () => {
    assert.deepEqual(await recover(cluster, 'ben', document.chain), document.contentKey.payload)
    const license = parsePublishingLicense(parseXrml(at(document.chain, 0)))
    const { operation, outcome, address, contentId, owner, ground } = await lastRecord(cluster)
    assert.deepEqual(
      { operation, outcome, address, contentId, owner, ground },
      {
        operation: 'acquire-content-key',
        outcome: 'granted',
        address: ben,
        contentId: canonicalGuid(license.work.object.id),
        owner: 'alice@lakeside.example',
        ground: 'decommissioned',
      },
    )
    const rows = await cluster.context.store.requests.after(0, 1000)
    const { record } = at(rows, rows.length - 1)
    assert.deepEqual([record.operation, record.result, record.address], ['acquire-content-key', 'Success', ben])
  })

  test('the key of an imported publishing domain opens as well; one of another cluster does not', async () => {
    assert.deepEqual(await recover(cluster, 'ben', old.chain), old.contentKey.payload)
    await assert.rejects(recover(cluster, 'ben', stranger.chain), refused('no-matching-key'))
  })

  test('what is forged is refused before anything is opened', async () => {
    const [license, signer] = [at(document.chain, 0), at(document.chain, 1)]
    const url = license.replace('rights.lakeside', 'wrong.lakeside')
    assert.notEqual(url, license)
    const strangersSigner = at(stranger.chain, 1)
    const attempts: readonly (readonly string[])[] = [[url, signer], [license], [license, strangersSigner], [signer]]
    for (const chain of [...attempts, [], Array.from({ length: 17 }, () => license)]) {
      await assert.rejects(recover(cluster, 'ben', chain), (error) =>
        isRightsError(error, 'publishing-license-signature-invalid', 'publishing-license-invalid'),
      )
    }
  })

  test('every damaged seal gives the same answer', async () => {
    const answers = new Set<string>()
    for (const { chain } of Object.values(sealed)) {
      await assert.rejects(recover(cluster, 'ben', chain), (error) => {
        assert.ok(isRightsError(error))
        answers.add(`${error.code} ${error.message} ${error.detail ?? ''}`)
        return error.code === 'publishing-license-invalid'
      })
    }
    assert.equal(answers.size, 1, [...answers].join())
  })

  test('an account that is taken off the list gets nothing, even if it asked before', async () => {
    const { context, administration } = cluster
    const listed = await context.configuration()
    await dismiss(administration, { door: 'decommissioning', member: ben })
    let asked = 0
    const behind = {
      ...context,
      configuration: async () => (asked++ === 0 ? listed : context.configuration()),
    }
    const request = { info, caller: await cluster.caller('ben'), publishingLicense: document.chain }
    await assert.rejects(acquireContentKey(behind, request), refused('endpoint-closed'))
    assert.equal(asked, 2)
    assert.equal((await verifyAuditLog(context.store)).problem, undefined)
  })
})
