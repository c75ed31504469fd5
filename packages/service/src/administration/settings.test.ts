import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { distributionUrl, parseXrml, parsePublishingLicense } from '@sealward/xrml'
import { openAs, publishOffline, signUp } from '../core/client.fixture.ts'
import { info, openTestCluster, start, type TestCluster } from '../core/cluster.fixture.ts'
import { answersFor, canonicalHostName } from '../core/host-names.ts'
import { publish } from '../core/publish/index.ts'
import { listIssuedClientLicensors } from './logs/issued-client-licensors.ts'
import { activateKey, listKeys } from './keys.ts'
import { createIdentity } from './create-identity.ts'
import { setMaxUseLicense } from './max-use-license.ts'
import { setHostNames, setMigrationHost } from './service-names.ts'
import { enableSuperUsers, listSuperUsers, setSuperUserGroup } from './super-users.ts'
import { createTemplate, deleteTemplate, listTemplates } from './templates.ts'
import { exportTrustedPublishingDomain, importTrustedPublishingDomain } from './trusted-publishing-domain.ts'

const refused = (code: string) => ({ name: 'RightsError', code })
const day = 86_400_000
const view = { grants: [{ to: 'ben@lakeside.example', rights: ['VIEW'] }] }

suite('settings of the service', () => {
  test('the members of the super-user group open everything, as long as the feature is on', async () => {
    const cluster = await openTestCluster()
    const { administration, context } = cluster
    const { directory } = context
    const license = await publishOffline(cluster, await signUp(cluster, 'alice'), view)
    const clara = await signUp(cluster, 'clara')
    await setSuperUserGroup(administration, { address: 'staff@lakeside.example', directory })
    await assert.rejects(openAs(cluster, clara, license.chain), refused('no-rights'))
    await enableSuperUsers(administration, { enabled: true })
    assert.deepEqual((await openAs(cluster, clara, license.chain)).rights, ['OWNER'])
    assert.equal((await listSuperUsers(administration)).group, 'staff@lakeside.example')
    await setSuperUserGroup(administration, { address: undefined, directory })
    await assert.rejects(openAs(cluster, clara, license.chain), refused('no-rights'))
    const unknown = setSuperUserGroup(administration, { address: 'nobody@lakeside.example', directory })
    await assert.rejects(unknown, refused('group-refused'))
  })

  test('the maximum life of licences holds from the next one on', async () => {
    const cluster = await openTestCluster()
    const license = await publishOffline(cluster, await signUp(cluster, 'alice'), view)
    const ben = await signUp(cluster, 'ben')
    const interval = async () => (await openAs(cluster, ben, license.chain)).license.rights[0]?.times.intervals
    assert.deepEqual(await interval(), [])
    await setMaxUseLicense(cluster.administration, { days: 3 })
    assert.deepEqual(await interval(), [3 * day])
    await setMaxUseLicense(cluster.administration, { days: undefined })
    assert.deepEqual(await interval(), [])
  })

  test('newly protected content names the host of the migration URL', async () => {
    const cluster = await openTestCluster()
    const { administration, context } = cluster
    const caller = await cluster.caller('alice')
    const named = async () => {
      const { serialized } = await publish(context, {
        info,
        caller,
        source: { kind: 'policy', policy: customPolicy },
        preferEcb: false,
        auditedExtraction: false,
        signedApplicationData: new Map(),
      })
      const license = parsePublishingLicense(parseXrml(serialized.slice(0, serialized.indexOf('</XrML>') + 7)))
      return distributionUrl(license.distributionPoints, 'License-Acquisition-URL')
    }
    assert.equal(await named(), 'https://rights.lakeside.example/_wmcs/licensing')
    await setMigrationHost(administration, { host: 'RMS.lakeside.example:8443' })
    assert.equal(await named(), 'https://rms.lakeside.example:8443/_wmcs/licensing')
    await assert.rejects(setMigrationHost(administration, { host: 'other.example' }), refused('migration-url-set'))
    await setMigrationHost(administration, { host: 'other.example', force: true })
    await setMigrationHost(administration, { host: undefined })
    assert.equal(await named(), 'https://rights.lakeside.example/_wmcs/licensing')
  })

  test('a template that was used lately is removed by force only', async () => {
    const cluster = await openTestCluster()
    const { administration, context } = cluster
    const names = [{ lcid: 1033, name: 'Staff', description: 'Staff' }]
    const { id } = await createTemplate(administration, { names, ...view, state: 'published' })
    const unused = await createTemplate(administration, { names, ...view, licenseValidity: 7 * day })
    assert.deepEqual(await deleteTemplate(administration, unused), unused)
    const template = [...(await context.configuration()).templates.values()].flat()[0]!
    const license = await publishOffline(cluster, await signUp(cluster, 'alice'), {
      grants: [],
      rightsData: template.document.text,
    })
    await openAs(cluster, await signUp(cluster, 'ben'), license.chain)
    await assert.rejects(deleteTemplate(administration, { id }), refused('template-in-use'))
    cluster.setTime(new Date(start.getTime() + 31 * day))
    await deleteTemplate(administration, { id })
    assert.deepEqual(await listTemplates(administration), [])
    await assert.rejects(deleteTemplate(administration, { id, force: true }), refused('template-unknown'))
  })

  test('a change of the key shows in the publishing certificates that people hold', async () => {
    const cluster = await openTestCluster()
    const { administration } = cluster
    const alice = await signUp(cluster, 'alice')
    await publishOffline(cluster, alice, view)
    const { keyId } = await createIdentity(administration, { name: 'Second' })
    await activateKey(administration, { keyId })
    await publishOffline(cluster, await signUp(cluster, 'ben'), view)
    const issued = await listIssuedClientLicensors(administration)
    const [first] = (await listKeys(administration)).filter(({ id }) => id !== keyId)
    assert.deepEqual(
      issued.map(({ address, keyId: key }) => [address, key]),
      [
        ['alice@lakeside.example', first!.id],
        ['ben@lakeside.example', keyId],
      ],
    )
    assert.ok(issued[0]!.validUntil > start)
    assert.equal((await listIssuedClientLicensors(administration, { keyId: keyId.slice(0, 10) })).length, 1)
    assert.equal((await listIssuedClientLicensors(administration, { user: 'Alice@Lakeside.example' })).length, 1)
  })
})

const customPolicy = {
  descriptors: [],
  userRights: [{ users: ['ben@lakeside.example'], rights: ['VIEW'] }],
  userRoles: [],
  allowOfflineAccess: true,
  intervalTimeInDays: 0,
  encryptedApplicationData: new Map<string, string>(),
}

suite('names of former services', () => {
  test('have one form, and are answered with and without the usual ports', () => {
    const entries = [
      'Old.Lakeside.Example',
      'old2.lakeside.example:443',
      'old3.lakeside.example:8080',
      '[2001:db8::1]',
    ].map(canonicalHostName)
    assert.deepEqual(entries.slice(0, 2), ['old.lakeside.example', 'old2.lakeside.example'])
    for (const header of [
      'old.lakeside.example',
      'OLD.lakeside.example:80',
      'old2.lakeside.example:443',
      'old.lakeside.example.',
    ]) {
      assert.equal(answersFor(entries, header), true, header)
    }
    for (const header of [
      'old.lakeside.example:8080',
      'old3.lakeside.example',
      'lakeside.example',
      '',
      'old.lakeside.example:80:80',
      'x/old.lakeside.example',
    ]) {
      assert.equal(answersFor(entries, header), false, header)
    }
    for (const wrong of [
      'https://old.example',
      'old.example/',
      ' old.example',
      'old.example:',
      'old.example:99999',
      '',
      'a b.example',
      'user@old.example',
    ]) {
      assert.throws(() => canonicalHostName(wrong), refused('host-name-refused'), wrong)
    }
  })

  test('account certificates of a former cluster count as soon as its name is taken over', async () => {
    const old = await openTestCluster({
      settings: {
        baseUrl: 'https://old.lakeside.example:443/_wmcs',
        licensingUrl: 'https://old.lakeside.example:443/_wmcs/licensing',
      },
    })
    const license = await publishOffline(old, await signUp(old, 'alice'), view)
    const ben = await signUp(old, 'ben')
    const present = await takeIn(old)
    await assert.rejects(openAs(present, ben, license.chain), refused('account-certificate-untrusted'))
    await setHostNames(present.administration, { hostNames: ['old.lakeside.example:443'] })
    assert.deepEqual((await openAs(present, ben, license.chain)).rights, ['VIEW'])
    await setHostNames(present.administration, { hostNames: [] })
    await assert.rejects(openAs(present, ben, license.chain), refused('account-certificate-untrusted'))
  })

  test('a service that only licenses takes the certificates of its root cluster for its own people', async () => {
    const root = await openTestCluster()
    const alice = await signUp(root, 'alice')
    const [key] = await listKeys(root.administration)
    const below = await openTestCluster({ keyOffset: 4, settings: { rootAccountIssuers: [key!.id] } })
    const license = await publishOffline(below, alice, { grants: [{ to: 'staff@lakeside.example', rights: ['VIEW'] }] })
    assert.deepEqual((await openAs(below, await signUp(root, 'clara'), license.chain)).rights, ['VIEW'])
  })
})

async function takeIn(old: TestCluster): Promise<TestCluster> {
  const [key] = await listKeys(old.administration)
  const password = 'a long enough password'
  const file = await exportTrustedPublishingDomain(old.administration, { keyId: key!.id, password })
  const present = await openTestCluster({ keyOffset: 4 })
  await importTrustedPublishingDomain(present.administration, { file, password, trustedRoots: [key!.root] })
  return present
}
