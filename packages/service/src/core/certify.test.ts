import assert from 'node:assert/strict'
import { createPublicKey } from 'node:crypto'
import { before, suite, test } from 'node:test'
import {
  issuerKeyOf,
  parseAccountCertificate,
  parseClientLicensorCertificate,
  parseXrml,
  publicKeyFromKeyObject,
  securityLevel,
  validateChain,
} from '@sealward/xrml'
import { certify } from './certify.ts'
import { issueClientLicensor } from './client-licensor.ts'
import { enrolMachine } from './enrol-machine.ts'
import { personalities } from './personality.ts'
import { signUp } from './client.fixture.ts'
import { info, lastRecord, openTestCluster, people, pooledKey, start, type TestCluster } from './cluster.fixture.ts'

const day = 86_400_000

suite('certify', () => {
  let cluster: TestCluster
  before(async () => {
    cluster = await openTestCluster()
  })

  test('gives a certificate of the user, valid from a day before, that chains up to the root', async () => {
    const { chain } = await signUp(cluster, 'alice')
    const documents = chain.map((text) => parseXrml(text))
    validateChain({ documents, anchors: [issuerKeyOf(documents[documents.length - 1]!)], now: start })
    const account = parseAccountCertificate(documents[0]!)
    assert.deepEqual(account.addresses, ['alice@lakeside.example'])
    assert.equal(account.principal.object.id, 'S-1-5-21-7-7-7-1000')
    assert.deepEqual(account.validity, {
      from: new Date(start.getTime() - day),
      until: new Date(start.getTime() + 365 * day),
    })
    assert.equal(securityLevel(account.principal, 'Group-Identity-Credential-Type'), 'Persistent')
  })

  test('uses one key pair per user, on every machine and for ever', async () => {
    const first = await signUp(cluster, 'alice')
    const again = await signUp(cluster, 'alice')
    const other = await signUp(cluster, 'ben')
    assert.equal(first.key.publicKey.fingerprint, again.key.publicKey.fingerprint)
    assert.notEqual(first.key.publicKey.fingerprint, other.key.publicKey.fingerprint)
  })

  test("gives a short certificate on a machine that is not the user's", async () => {
    const { machineChain, caller } = await signUp(cluster, 'alice')
    const { chain } = await certify(cluster.context, { caller, info, machineChain, persistent: false })
    const { validity, principal } = parseAccountCertificate(parseXrml(chain[0]!))
    assert.deepEqual(validity.until, new Date(start.getTime() + 15 * 60_000))
    assert.equal(securityLevel(principal, 'Group-Identity-Credential-Type'), 'Temporary')
    assert.equal((await lastRecord(cluster))['operation'], 'certify')
  })

  test('refuses strangers, disabled accounts and keys of the wrong size', async () => {
    const { machineChain, caller } = await signUp(cluster, 'alice')
    const { context } = cluster
    const request = { info, machineChain, persistent: true }
    await assert.rejects(certify(context, { ...request, caller: undefined }), { code: 'unauthenticated' })
    const disabled = { ...caller, user: { ...caller.user, disabled: true } }
    await assert.rejects(certify(context, { ...request, caller: disabled }), { code: 'user-disabled' })
    const nameless = { ...caller, user: { ...caller.user, address: '' } }
    await assert.rejects(certify(context, { ...request, caller: nameless }), { code: 'user-without-address' })
    const misnamed = { ...caller, user: { ...caller.user, address: 'alice at lakeside' } }
    await assert.rejects(certify(context, { ...request, caller: misnamed }), { code: 'address-refused' })
    const machineKey = publicKeyFromKeyObject(createPublicKey(pooledKey(1024, 0)))
    await assert.rejects(enrolMachine(context, { caller, info, machineKey }), { code: 'machine-key-refused' })
    await assert.rejects(enrolMachine(context, { caller: undefined, info, machineKey }), { code: 'unauthenticated' })
  })

  test('refuses a machine certificate of the other mode', async () => {
    const old = await openTestCluster({ mode: 1 })
    const { machineChain } = await signUp(old, 'alice')
    const authority = (await old.context.configuration()).machineAuthorities[0]!.handle.publicKey.fingerprint
    const present = await openTestCluster({ settings: { trustedMachineAuthorities: [authority] }, keyOffset: 4 })
    const caller = await present.caller('alice')
    await assert.rejects(certify(present.context, { caller, info, machineChain, persistent: true }), {
      code: 'cryptographic-mode-mismatch',
    })
  })

  test('takes a machine certificate of another authority that is listed', async () => {
    const other = await openTestCluster({ keyOffset: 4 })
    const { machineChain } = await signUp(other, 'alice')
    const authority = (await other.context.configuration()).machineAuthorities[0]!.handle.publicKey.fingerprint
    const present = await openTestCluster({ settings: { trustedMachineAuthorities: [authority] } })
    const caller = await present.caller('alice')
    const { chain } = await certify(present.context, { caller, info, machineChain, persistent: true })
    assert.equal(parseXrml(chain[0]!).type, 'account-certificate')
  })

  test('a tenant names people by their immutable id, with their aliases', async () => {
    const tenant = await openTestCluster({ settings: { personality: 'tenant', ...definedOf(personalities.tenant) } })
    const { chain } = await signUp(tenant, 'alice')
    const account = parseAccountCertificate(parseXrml(chain[0]!))
    assert.equal(account.principal.object.idType, 'Federation')
    assert.equal(account.principal.object.id, 'id-alice')
    assert.deepEqual(account.addresses, ['alice@lakeside.example', 'alice.alias@lakeside.example'])
    await issueClientLicensor(tenant.context, { info, accountChain: chain })
    tenant.setPeople({
      users: [{ ...people.users[0]!, id: 'somebody-new', sid: 'S-1-5-21-7-7-7-9000' }],
    })
    await assert.rejects(issueClientLicensor(tenant.context, { info, accountChain: chain }), {
      code: 'user-not-in-directory',
    })
  })

  test('a client licensor certificate may issue as long as the account certificate is valid', async () => {
    const alice = await signUp(cluster, 'alice')
    const { chain } = await issueClientLicensor(cluster.context, { info, accountChain: alice.chain })
    const certificate = parseClientLicensorCertificate(parseXrml(chain[0]!))
    assert.deepEqual(certificate.issueRange, parseAccountCertificate(parseXrml(alice.chain[0]!)).validity)
    assert.equal(certificate.distributionPoints[0]!.url, cluster.context.cluster.licensingUrl)
  })
})

/** Without members that are undefined, which settings must not have. */
function definedOf<T extends object>(members: T): { readonly [Name in keyof T]: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [Name in keyof T]: Exclude<T[Name], undefined>
  }
}
