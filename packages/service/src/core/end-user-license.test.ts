/** Publishing and opening over the JSON protocol, and that both doors decide alike. */
import assert from 'node:assert/strict'
import { before, suite, test } from 'node:test'
import type { CustomPolicy } from '@sealward/protocol'
import { isRightsError, parsePublishingLicense, parseXrmlChain, roleRights } from '@sealward/xrml'
import { archiveTemplate, createTemplate, editTemplate } from '../administration/templates.ts'
import { addSuperUser, enableSuperUsers } from '../administration/super-users.ts'
import { acquireEndUserLicense, type EndUserLicense } from './end-user-license.ts'
import { publish, type PublishRequest } from './publish/index.ts'
import { openAs, publishOffline, signUp, type TestAccount } from './client.fixture.ts'
import { info, lastRecord, openTestCluster, start, type TestCluster } from './cluster.fixture.ts'

const day = 86_400_000
const refused = (code: string) => ({ name: 'RightsError', code })

const policyFor = (changes: Partial<CustomPolicy>): CustomPolicy => ({
  descriptors: [],
  userRights: [],
  userRoles: [],
  allowOfflineAccess: true,
  intervalTimeInDays: 30,
  encryptedApplicationData: new Map(),
  ...changes,
})

let cluster: TestCluster

async function publishAs(name: string, changes: Partial<PublishRequest> & Pick<PublishRequest, 'source'>) {
  return publish(cluster.context, {
    info,
    caller: await cluster.caller(name),
    preferEcb: false,
    auditedExtraction: false,
    signedApplicationData: new Map(),
    ...changes,
  })
}

async function openRest(name: string, serialized: string): Promise<EndUserLicense> {
  return acquireEndUserLicense(cluster.context, { info, caller: await cluster.caller(name), serialized })
}

async function granted(name: string, serialized: string) {
  const license = await openRest(name, serialized)
  assert.equal(license.status, 'AccessGranted')
  return license
}

async function outcomeOverSoap(account: TestAccount, chain: readonly string[]): Promise<string> {
  try {
    return (await openAs(cluster, account, chain)).rights.join()
  } catch (error) {
    if (isRightsError(error, 'no-rights')) return 'AccessDenied'
    if (isRightsError(error, 'content-expired')) return 'ContentExpired'
    throw error
  }
}

async function outcomeOverRest(name: string, chain: readonly string[]): Promise<string> {
  const license = await openRest(name, chain.join(''))
  return license.status === 'AccessGranted' ? license.rights.join() : license.status
}

before(async () => {
  cluster = await openTestCluster()
})

suite('publish a custom policy', () => {
  test('recipients get rights, limits and both kinds of application data', async () => {
    const contentValidUntil = new Date(start.getTime() + 90 * day)
    const policy = policyFor({
      descriptors: [{ language: 'en-US', name: 'For Ben; and Clara', description: 'Two people' }],
      userRights: [{ users: ['Ben@Lakeside.example', 'sales@lakeside.example'], rights: ['view', 'EDIT'] }],
      intervalTimeInDays: 7,
      contentValidUntil,
      encryptedApplicationData: new Map([['secret', 's1']]),
    })
    const published = await publishAs('alice', {
      source: { kind: 'policy', policy },
      referral: 'mailto:alice@lakeside.example',
      signedApplicationData: new Map([['app', 'harness & more']]),
    })
    assert.equal(published.contentKey.mode, 'cbc4k')
    assert.equal(published.contentKey.key.length, 32)
    assert.equal(published.owner, 'alice@lakeside.example')

    const license = await granted('ben', published.serialized)
    assert.deepEqual(license.rights, ['VIEW', 'EDIT'])
    assert.deepEqual(license.contentKey.payload, published.contentKey.payload)
    assert.deepEqual(license.licenseValidUntil, new Date(start.getTime() + 7 * day))
    assert.deepEqual(license.contentValidUntil, contentValidUntil)
    assert.deepEqual(
      [
        license.name,
        license.owner,
        license.issuedTo,
        license.referrer,
        license.fromTemplate,
        license.allowOfflineAccess,
      ],
      [
        'For Ben, and Clara',
        'alice@lakeside.example',
        'ben@lakeside.example',
        'mailto:alice@lakeside.example',
        false,
        true,
      ],
    )
    assert.deepEqual(license.signedApplicationData, new Map([['app', 'harness & more']]))
    assert.deepEqual(license.encryptedApplicationData, new Map([['secret', 's1']]))
    assert.equal(license.policy, undefined, 'only those who may see rights get the policy')
    assert.deepEqual((await granted('clara', published.serialized)).rights, ['VIEW', 'EDIT'])

    const refusal = await openRest('dario', published.serialized)
    assert.equal(refusal.status, 'AccessDenied')
    assert.equal(refusal.referrer, 'mailto:alice@lakeside.example')
    assert.ok(!('contentKey' in refusal))
  })

  test('the owner sees the policy and is under no limit', async () => {
    const policy = policyFor({
      userRights: [{ users: ['ben@lakeside.example'], rights: ['VIEW'] }],
      contentValidUntil: new Date(start.getTime() - day),
    })
    const { serialized } = await publishAs('alice', { source: { kind: 'policy', policy }, auditedExtraction: true })
    const license = await granted('alice', serialized)
    assert.deepEqual(license.rights, ['OWNER'])
    assert.equal(license.contentValidUntil, undefined)
    assert.equal(license.licenseValidUntil, undefined)
    assert.deepEqual(license.policy!.userRights, [
      { users: ['OWNER'], rights: ['OWNER'] },
      { users: ['ben@lakeside.example'], rights: ['VIEW'] },
    ])
    assert.equal(license.policy!.allowAuditedExtraction, true)
    assert.equal(license.policy!.intervalTimeInDays, 30)
    assert.equal((await openRest('ben', serialized)).status, 'ContentExpired')
  })

  test('roles, ANYONE, and old formats', async () => {
    const policy = policyFor({
      userRoles: [{ users: ['ANYONE'], roles: ['reviewer'] }],
      allowOfflineAccess: false,
      intervalTimeInDays: 0,
    })
    const published = await publishAs('alice', { source: { kind: 'policy', policy }, preferEcb: true })
    assert.deepEqual([published.contentKey.mode, published.contentKey.key.length], ['ecb', 16])
    const license = await granted('dario', published.serialized)
    assert.deepEqual(license.rights, roleRights['REVIEWER'])
    assert.equal(license.allowOfflineAccess, false)
    const documents = parseXrmlChain(published.serialized)
    const use = await openAs(cluster, await signUp(cluster, 'dario'), [documents[0]!.text])
    assert.deepEqual(use.license.applicationData, [{ name: 'NOLICCACHE', value: '1' }])
  })

  test('recipients of audited extraction get the right for it', async () => {
    const policy = policyFor({ userRights: [{ users: ['ben@lakeside.example'], rights: ['VIEW'] }] })
    const { serialized } = await publishAs('alice', { source: { kind: 'policy', policy }, auditedExtraction: true })
    assert.deepEqual((await granted('ben', serialized)).rights, ['VIEW', 'AUDITEDEXTRACT'])
  })

  test('what a licence cannot carry is refused', async () => {
    const ben = ['ben@lakeside.example']
    const bad: readonly Partial<CustomPolicy>[] = [
      {},
      { userRights: [{ users: ben, rights: [] }] },
      { userRights: [{ users: [], rights: ['VIEW'] }] },
      { userRights: [{ users: ['not an address'], rights: ['VIEW'] }] },
      { userRights: [{ users: ['b\u0435n@lakeside.example'], rights: ['VIEW'] }] },
      { userRights: [{ users: ben, rights: ['VIEW"><X>'] }] },
      { userRoles: [{ users: ben, roles: ['EMPEROR'] }] },
      { userRights: [{ users: Array(600).fill('ben@lakeside.example'), rights: ['VIEW', 'EDIT'] }] },
      { userRights: [{ users: ben, rights: ['VIEW'] }], intervalTimeInDays: 10_000 },
      { userRights: [{ users: ben, rights: ['VIEW'] }], encryptedApplicationData: new Map([['a', 'b\r\nc']]) },
      { userRights: [{ users: ben, rights: ['VIEW'] }], encryptedApplicationData: new Map([['a', '\ud800']]) },
      {
        userRights: [{ users: ben, rights: ['VIEW'] }],
        encryptedApplicationData: new Map([['a', 'x'.repeat(102_400)]]),
      },
    ]
    for (const changes of bad) {
      const source = { kind: 'policy', policy: policyFor(changes) } as const
      await assert.rejects(
        publishAs('alice', { source }),
        refused('policy-refused'),
        JSON.stringify(changes).slice(0, 80),
      )
    }
  })
})

suite('publish with a template', () => {
  const names = [
    { lcid: 1033, name: 'Confidential', description: '' },
    { lcid: 1031, name: 'Vertraulich', description: 'Nur für Ben' },
  ]

  test('the rights follow the template; an archived one still decides but cannot be used again', async () => {
    const { administration } = cluster
    const grants = [{ to: 'ben@lakeside.example', rights: ['VIEW'] }]
    const { id } = await createTemplate(administration, { names, grants, state: 'published' })
    const source = { kind: 'template', templateId: id.slice(1, -1).toUpperCase() } as const
    const published = await publishAs('alice', { source })
    assert.deepEqual(published.template, { id, name: 'Confidential', description: 'Confidential' })
    const [license] = parseXrmlChain(published.serialized)
    assert.match(license!.text, /LCID 1031:NAME Vertraulich/)

    const first = await granted('ben', published.serialized)
    assert.deepEqual([first.id, first.fromTemplate, first.rights], [id, true, ['VIEW']])
    await editTemplate(administration, {
      id,
      names,
      grants: [{ to: 'ben@lakeside.example', rights: ['VIEW', 'PRINT'] }],
    })
    assert.deepEqual((await granted('ben', published.serialized)).rights, ['VIEW', 'PRINT'])
    await archiveTemplate(administration, { id })
    assert.deepEqual((await granted('ben', published.serialized)).rights, ['VIEW', 'PRINT'])
    await assert.rejects(publishAs('alice', { source }), refused('template-unknown'))
    assert.equal((await lastRecord(cluster))['template'], id.slice(1, -1))
  })

  test('a template without offline use forbids keeping the licence', async () => {
    const grants = [{ to: 'ben@lakeside.example', rights: ['VIEW'] }]
    const { id } = await createTemplate(cluster.administration, {
      names,
      grants,
      state: 'published',
      noOfflineUse: true,
    })
    const { serialized } = await publishAs('alice', { source: { kind: 'template', templateId: id } })
    assert.equal((await granted('ben', serialized)).allowOfflineAccess, false)
  })
})

suite('one decision behind both doors', () => {
  const readers: readonly string[] = ['alice', 'ben', 'clara', 'dario']
  const recipients = [
    ['ben@lakeside.example'],
    ['staff@lakeside.example'],
    ['ANYONE'],
    ['clara.alias@lakeside.example', 'ben@lakeside.example'],
    ['nobody@elsewhere.example'],
  ]
  const expiries = [undefined, new Date(start.getTime() + day), start, new Date(start.getTime() - 1)]

  test('the same outcome and rights, for every reader, policy, expiry and way of publishing', async () => {
    await addSuperUser(cluster.administration, {
      address: 'dario@lakeside.example',
      directory: cluster.context.directory,
    })
    const accounts = new Map<string, TestAccount>()
    for (const name of readers) accounts.set(name, await signUp(cluster, name))
    let cases = 0
    for (const superUsers of [false, true]) {
      await enableSuperUsers(cluster.administration, { enabled: superUsers })
      for (const users of recipients) {
        for (const until of expiries) {
          const range = until === undefined ? [] : [{ from: new Date(start.getTime() - 30 * day), until }]
          const policy = policyFor({
            userRights: [{ users, rights: ['VIEW', 'EXTRACT'] }],
            ...(until === undefined ? {} : { contentValidUntil: until }),
          })
          const online = await publishAs('alice', { source: { kind: 'policy', policy } })
          const offline = await publishOffline(cluster, accounts.get('alice')!, {
            grants: users.map((to) => ({ to, rights: ['VIEW', 'EXTRACT'] })),
            preconditions: { ranges: range, intervals: [] },
          })
          const chains = [parseXrmlChain(online.serialized).map((document) => document.text), offline.chain]
          for (const name of readers) {
            for (const chain of chains) {
              const soap = await outcomeOverSoap(accounts.get(name)!, chain)
              const rest = await outcomeOverRest(name, chain)
              assert.equal(soap, rest, `${name} ${users.join()} ${until?.toISOString()}`)
              cases++
            }
          }
        }
      }
    }
    await enableSuperUsers(cluster.administration, { enabled: false })
    assert.ok(cases >= 200)
  })
})

test('a damaged licence is an error, not a refusal', async () => {
  const policy = policyFor({ userRights: [{ users: ['ANYONE'], rights: ['VIEW'] }] })
  const { serialized } = await publishAs('alice', { source: { kind: 'policy', policy } })
  const license = parsePublishingLicense(parseXrmlChain(serialized)[0]!)
  const owner = license.document.text.replaceAll('alice@', 'benno@')
  await assert.rejects(openRest('ben', owner), refused('publishing-license-signature-invalid'))
  await assert.rejects(openRest('ben', '{}'), refused('json-license-invalid'))
  await assert.rejects(openRest('ben', serialized.slice(0, 500)), refused('publishing-license-invalid'))
})

test('what a super user opens is not kept, for it would outlive the power to open it', async () => {
  const policy = policyFor({ userRights: [{ users: ['ben@lakeside.example'], rights: ['VIEW'] }] })
  const { serialized } = await publishAs('alice', { source: { kind: 'policy', policy } })
  const { directory } = cluster.context
  await addSuperUser(cluster.administration, { address: 'mallory@lakeside.example', directory })
  await enableSuperUsers(cluster.administration, { enabled: true })
  try {
    assert.equal((await granted('mallory', serialized)).allowOfflineAccess, false)
    assert.equal((await granted('ben', serialized)).allowOfflineAccess, true)
    assert.equal((await granted('alice', serialized)).allowOfflineAccess, true)
  } finally {
    await enableSuperUsers(cluster.administration, { enabled: false })
  }
})
