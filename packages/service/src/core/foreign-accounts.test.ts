/** People of trusted user domains (MS-RMPR 3.4.4.1): who is admitted, and that nobody of them becomes one of ours. */
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { isRightsError, parseXrml } from '@sealward/xrml'
import { listKeys, activateKey } from '../administration/keys.ts'
import {
  changeUserDomain,
  exportUserDomain,
  importUserDomain,
  listUserDomains,
  removeUserDomain,
} from '../administration/trusted-user-domains.ts'
import {
  exportTrustedPublishingDomain,
  importTrustedPublishingDomain,
} from '../administration/trusted-publishing-domain.ts'
import { acquireLicense } from './acquire-license/index.ts'
import { certify } from './certify.ts'
import { issueClientLicensor } from './client-licensor.ts'
import { publishOffline, signUp } from './client.fixture.ts'
import { at, info, lastRecord, openTestCluster, type TestCluster } from './cluster.fixture.ts'
import { verifyAccount } from './verify-account.ts'
import { readerOfAccount } from './resolve-principal.ts'

const user = (number: number, name: string, address: string, aliases: readonly string[] = []) => ({
  id: `id-${name}`,
  sid: `S-1-5-21-9-9-9-${number}`,
  address,
  aliases: [...aliases],
})

const harbourPeople = [
  // With the identifier of somebody in the other directory.
  { ...user(2, 'fritz', 'fritz@harbour.example', ['fritz@old.example']), sid: 'S-1-5-21-7-7-7-1000' },
  user(3, 'gerda', 'gerda@sub.harbour.example'),
  user(4, 'hanno', 'hanno@notharbour.example'),
  user(5, 'impostor', 'ben@lakeside.example'),
  user(6, 'alias', 'karl@harbour.example', ['ben@lakeside.example']),
  user(7, 'unknown', 'nobody@lakeside.example'),
]

let harbour: TestCluster
let file: Uint8Array
let keyId: string
let root: string

before(async () => {
  harbour = await openTestCluster({ keyOffset: 7 })
  const [key] = await listKeys(harbour.administration)
  keyId = key?.id ?? ''
  root = key?.root ?? ''
  file = await exportUserDomain(harbour.administration, { id: keyId })
})

const settings = { domains: ['lakeside.example'] }
const mailDomains = ['harbour.example']
const trust = (cluster: TestCluster, more: object = {}) =>
  importUserDomain(cluster.administration, {
    file,
    displayName: 'Harbour',
    mailDomains,
    federatedUsers: false,
    trustedRoots: [root],
    ...more,
  })

/** The account certificate of a person of the other organisation. */
async function accountOf(address: string, from: TestCluster = harbour): Promise<readonly string[]> {
  const { machineChain } = await signUp(from, 'alice')
  from.setPeople({ users: harbourPeople.filter((person) => person.address === address) })
  const found = await from.context.directory.findByAddress(address)
  assert.ok(found !== undefined)
  const caller = { user: found, authentication: 'basic' } as const
  const { chain } = await certify(from.context, { caller, info, machineChain, persistent: true })
  from.setPeople({ users: [{ id: 'id-alice', sid: 'S-1-5-21-9-9-9-1', address: 'alice@lakeside.example' }] })
  return chain
}

async function documentFor(cluster: TestCluster, to: string): Promise<(chain: readonly string[]) => Promise<string>> {
  const alice = await signUp(cluster, 'alice')
  const { chain: publishingLicense } = await publishOffline(cluster, alice, { grants: [{ to, rights: ['VIEW'] }] })
  return async (accountChain) => {
    const { chain } = await acquireLicense(cluster.context, { info, accountChain, publishingLicense })
    return parseXrml(at(chain, 0)).type
  }
}

test('people of listed mail domains are admitted, children of the domain included; all others are not', async () => {
  const lakeside = await openTestCluster({ settings })
  const open = await documentFor(lakeside, 'ANYONE')
  const [fritz, gerda, hanno] = [
    await accountOf('fritz@harbour.example'),
    await accountOf('gerda@sub.harbour.example'),
    await accountOf('hanno@notharbour.example'),
  ]
  await assert.rejects(open(fritz), { code: 'account-certificate-untrusted' })
  await trust(lakeside)
  assert.equal(await open(fritz), 'use-license')
  assert.equal(await open(gerda), 'use-license')
  await assert.rejects(open(hanno), { code: 'account-certificate-untrusted' })
  await changeUserDomain(lakeside.administration, { id: keyId, mailDomains: ['notharbour.example'] })
  await assert.rejects(open(fritz), { code: 'account-certificate-untrusted' })
  assert.equal(await open(hanno), 'use-license')
  await changeUserDomain(lakeside.administration, { id: keyId, mailDomains: ['*'] })
  assert.equal(await open(fritz), 'use-license')
  await removeUserDomain(lakeside.administration, { id: keyId })
  await assert.rejects(open(fritz), { code: 'account-certificate-untrusted' })
  await assert.rejects(issueClientLicensor(lakeside.context, { info, accountChain: fritz }), {
    code: 'account-certificate-untrusted',
  })
})

test('whatever a foreign account names, it is never one of our own people', async () => {
  const lakeside = await openTestCluster({ settings })
  await trust(lakeside, { mailDomains: ['*'] })
  const openOfBen = await documentFor(lakeside, 'ben@lakeside.example')
  const openOfAlice = await documentFor(lakeside, 'alice@lakeside.example')
  const openOfFormer = await documentFor(lakeside, 'nobody@lakeside.example')
  await assert.rejects(openOfBen(await accountOf('ben@lakeside.example')), { code: 'account-certificate-untrusted' })
  // An address of ours that nobody has at present.
  await assert.rejects(openOfFormer(await accountOf('nobody@lakeside.example')), {
    code: 'account-certificate-untrusted',
  })
  // The security identifier of one of ours.
  await assert.rejects(openOfAlice(await accountOf('fritz@harbour.example')), { code: 'no-rights' })
  const record = await lastRecord(lakeside)
  assert.equal(record['userAddress'] ?? record['address'], 'fritz@harbour.example')
})

test('an alias of another mail domain gives no rights unless that domain is listed', async () => {
  const tenant = await openTestCluster({ keyOffset: 11, settings: { personality: 'tenant' } })
  const lakeside = await openTestCluster({ settings })
  const open = await documentFor(lakeside, 'fritz@old.example')
  const fritz = await accountOf('fritz@harbour.example', tenant)
  const [key] = await listKeys(tenant.administration)
  const more = {
    file: await exportUserDomain(tenant.administration, { id: key?.id ?? '' }),
    trustedRoots: [key?.root ?? ''],
  }
  // A tenant certifies accounts of type Federation.
  await trust(lakeside, more)
  await assert.rejects(open(fritz), { code: 'account-certificate-untrusted' })
  await removeUserDomain(lakeside.administration, { id: key?.id ?? '' })
  await trust(lakeside, { ...more, federatedUsers: true })
  await assert.rejects(open(fritz), { code: 'no-rights' })
  // One of our addresses among its aliases makes the whole certificate worthless.
  const karl = await accountOf('karl@harbour.example', tenant)
  await assert.rejects(open(karl), { code: 'account-certificate-untrusted' })
  await changeUserDomain(lakeside.administration, {
    id: key?.id ?? '',
    mailDomains: ['harbour.example', 'old.example'],
  })
  assert.equal(await open(fritz), 'use-license')
})

test('who loses trust between two looks at the configuration is a stranger, not one of us', async () => {
  const lakeside = await openTestCluster({ settings })
  await trust(lakeside)
  const { context } = lakeside
  const fritz = await accountOf('fritz@harbour.example')
  const account = verifyAccount(context, await context.configuration(), fritz)
  await removeUserDomain(lakeside.administration, { id: keyId })
  await assert.rejects(readerOfAccount(context, await context.configuration(), account, undefined), {
    code: 'account-certificate-untrusted',
  })
})

test('nothing is stored before the last check', async () => {
  const lakeside = await openTestCluster({ settings })
  const refusals = [
    [{ trustedRoots: [] }, 'chain-anchor-untrusted'],
    [{ trustedRoots: ['0'.repeat(64)] }, 'chain-anchor-untrusted'],
    [{ mailDomains: [] }, 'mail-domain-refused'],
    [{ mailDomains: ['harbour.example', '**'] }, 'mail-domain-refused'],
    [{ mailDomains: ['Lakeside.example'] }, 'mail-domain-refused'],
    [{ mailDomains: ['a b.example'] }, 'mail-domain-refused'],
    [{ file: Buffer.from('harbour') }, 'tud-malformed'],
    [{ file: Buffer.from(Buffer.from(file).toString().replace('MS-DRM-Server', 'MS-DRM-Servant')) }, undefined],
  ] as const
  for (const [changes, code] of refusals) {
    await assert.rejects(
      trust(lakeside, changes),
      (error) => isRightsError(error) && (code ?? error.code) === error.code,
    )
  }
  assert.deepEqual(
    (await listUserDomains(lakeside.administration)).map(({ own }) => own),
    [true],
  )
  await trust(lakeside)
  await assert.rejects(trust(lakeside), { code: 'user-domain-known' })
  assert.deepEqual(
    (await listUserDomains(lakeside.administration)).map(({ own, displayName, mailDomains: listed }) => [
      own,
      own ? '' : displayName,
      listed,
    ]),
    [
      [true, '', []],
      [false, 'Harbour', ['harbour.example']],
    ],
  )
})

test('the own user domain is neither imported nor changed nor removed', async () => {
  await assert.rejects(trust(harbour), { code: 'user-domain-own' })
  await assert.rejects(removeUserDomain(harbour.administration, { id: keyId }), { code: 'user-domain-own' })
  await assert.rejects(changeUserDomain(harbour.administration, { id: keyId, mailDomains }), {
    code: 'user-domain-own',
  })
  await assert.rejects(removeUserDomain(harbour.administration, { id: '0'.repeat(64) }), {
    code: 'user-domain-unknown',
  })
})

test('with the key of a partner a service opens the partner’s content, and never signs', async () => {
  const lakeside = await openTestCluster({ settings })
  await trust(lakeside)
  const password = 'a password of sixteen characters'
  await importTrustedPublishingDomain(lakeside.administration, {
    file: await exportTrustedPublishingDomain(harbour.administration, { keyId, password }),
    password,
    trustedRoots: [root],
  })
  await assert.rejects(activateKey(lakeside.administration, { keyId }), { code: 'key-state-refused' })
})
