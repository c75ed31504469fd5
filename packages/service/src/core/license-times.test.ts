/** The publisher's expiry (VALIDITYTIME of the licence) binds everybody who opens, at every door (MS-RMPR 2.2.9.9). */
import assert from 'node:assert/strict'
import { afterEach, before, suite, test } from 'node:test'
import { previewDecision } from '../administration/preview-decision.ts'
import { addSuperUser, enableSuperUsers } from '../administration/super-users.ts'
import { openAs, signUp, type TestAccount } from './client.fixture.ts'
import { at, info, openTestCluster, start, type TestCluster } from './cluster.fixture.ts'
import { draftOf } from './draft.fixture.ts'
import { acquireEndUserLicense, type EndUserLicense } from './end-user-license.ts'
import { signDraft } from './sign-draft.ts'

const hour = 3_600_000
const end = new Date(start.getTime() + hour)
/** The longest life of a licence here, in milliseconds: for those who go by the policy. */
const most = 30 * 24 * hour
const range = { from: start, until: end }
const validity = '<VALIDITYTIME><FROM>2026-03-02T09:30</FROM><UNTIL>2026-03-02T10:30</UNTIL></VALIDITYTIME>'

/** Reader by policy, owner, and super user. */
const readers = { ben: 'VIEW', alice: 'OWNER', dario: 'OWNER' } as const
const names = Object.keys(readers) as readonly (keyof typeof readers)[]

suite('a licence that its publisher lets end', () => {
  let cluster: TestCluster
  let chain: readonly string[]
  let unlimited: readonly string[]
  const accounts = new Map<string, TestAccount>()

  const published = async (draft: { readonly validity?: string }) => {
    const caller = await cluster.caller('alice')
    return (await signDraft(cluster.context, { info, caller, draft: await draftOf(cluster, draft) })).chain
  }
  const overSoap = async (name: string, license = chain) => {
    const account = accounts.get(name)
    assert.ok(account)
    return (await openAs(cluster, account, license)).license.rights
  }
  const overRest = async (name: string, license = chain): Promise<EndUserLicense> => {
    const caller = await cluster.caller(name)
    return acquireEndUserLicense(cluster.context, { info, caller, serialized: license.join('') })
  }

  before(async () => {
    cluster = await openTestCluster({ settings: { useLicenseValidityMost: most } })
    const { administration, context } = cluster
    await addSuperUser(administration, { address: 'dario@lakeside.example', directory: context.directory })
    await enableSuperUsers(administration, { enabled: true })
    for (const name of names) accounts.set(name, await signUp(cluster, name))
    chain = await published({ validity })
    unlimited = await published({})
  })
  afterEach(() => cluster.setTime(start))

  for (const [name, right] of Object.entries(readers)) {
    test(`ends in every licence of ${name}, and in the preview`, async () => {
      const rights = await overSoap(name)
      assert.deepEqual(
        rights.map((entry) => [entry.right, entry.times.ranges]),
        [[right, [range]]],
      )
      const answer = await overRest(name)
      assert.ok(answer.status === 'AccessGranted')
      assert.deepEqual([answer.rights, answer.licenseValidUntil], [[right], end])
      const address = `${name}@lakeside.example`
      const asked = { core: cluster.context, serialized: chain.join(''), address }
      assert.deepEqual((await previewDecision(cluster.administration, asked)).expires, end)
    })

    test(`without an end has that of the service for readers, and none for others: ${name}`, async () => {
      const intervals = right === 'OWNER' ? [] : [most]
      assert.deepEqual(at(await overSoap(name, unlimited), 0).times, { ranges: [], intervals })
      const answer = await overRest(name, unlimited)
      assert.ok(answer.status === 'AccessGranted')
      const [interval] = intervals
      const until = interval === undefined ? undefined : new Date(start.getTime() + interval)
      assert.deepEqual(answer.licenseValidUntil, until)
    })

    test(`is over for ${name}: a fault over SOAP, and over REST the answer that the content has expired`, async () => {
      cluster.setTime(end)
      await assert.rejects(overSoap(name), { name: 'RightsError', code: 'publishing-license-outside-validity' })
      assert.deepEqual(await overRest(name), { status: 'ContentExpired', issuedTo: `${name}@lakeside.example` })
      cluster.setTime(new Date(end.getTime() - 1))
      assert.equal((await overRest(name)).status, 'AccessGranted')
    })
  }

  test('is remembered as out until then, for the day on which it is revoked', async () => {
    await overSoap('dario')
    const user = (await cluster.caller('dario')).user.id
    const issued = await cluster.context.store.issuedLicenses.list({ userId: user })
    assert.ok(issued.some(({ usableUntil }) => usableUntil?.getTime() === end.getTime()))
  })

  test('that was changed is no expired one', async () => {
    const late = at(chain, 0).replace('T10:30</UNTIL>', 'T09:31</UNTIL>')
    cluster.setTime(end)
    await assert.rejects(overRest('ben', [late, ...chain.slice(1)]), { code: 'publishing-license-signature-invalid' })
  })
})
