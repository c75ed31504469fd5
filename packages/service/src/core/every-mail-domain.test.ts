/**
 * A partner whose people are accepted whatever their mail domain is: not those for whom somebody else is named. Contacts in
 * our groups grant rights by address alone, so whoever could claim one would have them.
 */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { RightsError } from '@sealward/xrml'
import { listKeys } from '../administration/keys.ts'
import { changeUserDomain, exportUserDomain, importUserDomain } from '../administration/trusted-user-domains.ts'
import { acquireLicense } from './acquire-license/index.ts'
import { certify } from './certify.ts'
import { publishOffline, signUp, type TestAccount } from './client.fixture.ts'
import { info, openTestCluster, type TestCluster } from './cluster.fixture.ts'
import type { Forest } from './forests.ts'

const forest: Forest = {
  name: 'corp.forest.example',
  domains: ['forest.example'],
  isMemberOfAny: () => Promise.reject(new RightsError('forest-unavailable')),
  findServiceLocations: () => Promise.reject(new RightsError('forest-unavailable')),
}
const federation = { providers: [{ issuer: 'https://id.quay.example', domains: ['quay.example'] }], validity: 1 }

/** Of a partner with these mail domains, the one with this address, who is a contact in a group of ours. */
const rows: readonly (readonly [mailDomains: readonly string[], address: string, admitted: boolean])[] = [
  [['*'], 'eve@partner.example', true],
  [['*'], 'eve@unheard-of.example', true],
  [['*'], 'ben@lakeside.example', false],
  [['*'], 'ben@sub.lakeside.example', false],
  [['*'], 'gerda@pier.example', false],
  [['*'], 'gerda@sub.pier.example', false],
  [['*'], 'gerda@notpier.example', true],
  [['*'], 'fritz@forest.example', false],
  [['*'], 'fritz@sub.forest.example', false],
  [['*'], 'otto@quay.example', false],
  // The address of a group of ours, and of a person, with a mail domain that nobody has named.
  [['*'], 'team@clubs.example', false],
  [['*'], 'alice@clubs.example', false],
  // By name it is the operator's word.
  [['*', 'forest.example'], 'fritz@forest.example', true],
  [['*', 'forest.example'], 'eve@unheard-of.example', true],
  [['*', 'forest.example'], 'gerda@pier.example', false],
  [['pier.example'], 'gerda@pier.example', true],
  [['sub.pier.example'], 'gerda@pier.example', false],
  [['clubs.example'], 'team@clubs.example', false],
]
const addresses = [...new Set(rows.map(([, address]) => address))]
const ours = ['team@clubs.example', 'alice@clubs.example']

suite('an asterisk instead of mail domains', () => {
  let lakeside: TestCluster
  let partner: TestCluster
  let pier: TestCluster
  let partnerKey: string
  let alice: TestAccount
  let machineChain: readonly string[]

  const trust = async (cluster: TestCluster, displayName: string, mailDomains: readonly string[]): Promise<string> => {
    const [key] = await listKeys(cluster.administration)
    const file = await exportUserDomain(cluster.administration, { id: key?.id ?? '' })
    const trustedRoots = [key?.root ?? '']
    const input = { file, displayName, mailDomains, federatedUsers: true, trustedRoots }
    return (await importUserDomain(lakeside.administration, input)).id
  }
  /** The account certificate of somebody of the partner, who may give her whatever addresses it likes. */
  const accountOf = async (address: string, aliases: readonly string[] = []): Promise<readonly string[]> => {
    const user = { id: address, sid: 'S-1-5-21-9-9-9-2', address, aliases, displayName: '', sidHistory: [] }
    const caller = { user: { ...user, disabled: false }, authentication: 'basic' } as const
    return (await certify(partner.context, { caller, info, machineChain, persistent: true })).chain
  }
  const open = async (to: string, accountChain: readonly string[]): Promise<unknown> => {
    const { chain } = await publishOffline(lakeside, alice, { grants: [{ to, rights: ['VIEW'] }] })
    return acquireLicense(lakeside.context, { info, accountChain, publishingLicense: chain })
  }

  before(async () => {
    const settings = { domains: ['lakeside.example'], federation }
    lakeside = await openTestCluster({ settings, forests: [forest] })
    // Account certificates of a tenant list all addresses.
    partner = await openTestCluster({ keyOffset: 7, settings: { personality: 'tenant' } })
    pier = await openTestCluster({ keyOffset: 11 })
    partnerKey = await trust(partner, 'Partner', ['*'])
    await trust(pier, 'Pier', ['pier.example'])
    alice = await signUp(lakeside, 'alice')
    machineChain = (await signUp(partner, 'alice')).machineChain
    const own = { id: 'id-alice', sid: 'S-1-5-21-7-7-7-1000', address: 'alice@lakeside.example' }
    lakeside.setPeople({
      users: [{ ...own, aliases: ['alice@clubs.example'] }],
      contacts: addresses.filter((address) => !ours.includes(address)),
      groups: [
        { address: 'team@clubs.example', members: ['alice@lakeside.example'] },
        {
          address: 'visitors@lakeside.example',
          members: addresses.filter((address) => address !== 'team@clubs.example'),
        },
      ],
    })
  })
  after(async () => {
    for (const cluster of [lakeside, partner, pier]) await cluster.context.store.close()
  })

  for (const [mailDomains, address, admitted] of rows) {
    test(`${mailDomains.join(' ')} ${admitted ? 'admits' : 'does not admit'} ${address}`, async () => {
      await changeUserDomain(lakeside.administration, { id: partnerKey, mailDomains })
      const account = await accountOf(address)
      for (const to of [address, 'visitors@lakeside.example']) {
        const opened = open(to, account)
        if (admitted) await opened
        else await assert.rejects(opened, { code: 'account-certificate-untrusted' })
      }
    })
  }

  test('an alias for which somebody else is named gives no rights', async () => {
    await changeUserDomain(lakeside.administration, { id: partnerKey, mailDomains: ['*'] })
    for (const alias of ['gerda@pier.example', 'fritz@forest.example', 'otto@quay.example']) {
      const account = await accountOf('nobody@partner.example', [alias])
      for (const to of [alias, 'visitors@lakeside.example']) {
        await assert.rejects(open(to, account), { code: /^(?:no-rights|forest-unavailable)$/ })
      }
    }
  })
})
