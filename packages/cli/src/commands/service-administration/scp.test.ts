/** The service connection point in a real forest, without any cluster. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { environment, run } from '../../../../../test/peers/programs.ts'
import { skipWithoutSamba, startSamba, type SambaDomain } from '../../../../../test/peers/samba.ts'
import { jsonOf, sealward, temporaryFolder, type Transcript } from '../../transcript.fixture.ts'

const cwd = temporaryFolder()
const mine = 'https://rms.lakeside.test/_wmcs/certification'
const another = 'https://other.lakeside.test/_wmcs/certification'

suite('the service connection point of a forest', { skip: skipWithoutSamba }, () => {
  let domain: SambaDomain
  before(async () => {
    domain = await startSamba({ people: [{ name: 'anna', password: 'Pass-of-2-people' }], groups: [] })
    writeFileSync(join(cwd, 'administrator'), domain.administrator.password)
    writeFileSync(join(cwd, 'anna'), 'Pass-of-2-people')
  })
  after(() => domain.stop())

  const scp = (who: 'administrator' | 'anna', verb: string, ...more: readonly string[]): Promise<Transcript> => {
    const account = who === 'anna' ? 'anna@corp.lakeside.test' : domain.administrator.dn
    const server = ['--directory', domain.secureUrl, '--ca-file', domain.caFile]
    return sealward(['scp', verb, ...more, ...server, '--account', account, '--password-file', who], { cwd })
  }
  const done = async (verb: string, ...more: readonly string[]): Promise<Transcript> => {
    const transcript = await scp('administrator', verb, ...more)
    assert.equal(transcript.code, 0, transcript.stderr)
    return transcript
  }
  /** What a client of Windows finds, by the search that it does. */
  const found = (): readonly string[] => {
    const { dn, password } = domain.administrator
    const base = `CN=Services,CN=Configuration,${domain.baseDn}`
    const filter = '(&(objectClass=serviceConnectionPoint)(keywords=MSRMRootCluster)(keywords=1.0))'
    const query = ['-x', '-LLL', '-H', domain.secureUrl, '-D', dn, '-w', password, '-b', base, filter]
    const env = { ...environment, LDAPTLS_CACERT: domain.caFile }
    const text = run('ldapsearch', ['-o', 'ldif-wrap=no', ...query, 'serviceBindingInformation'], { env })
    return [...text.matchAll(/^serviceBindingInformation: (.*)$/gm)].map(([, value = '']) => value)
  }

  test('is made by those who may, after a look at what would happen', async () => {
    assert.match((await done('show')).stdout, /no cluster is registered/)
    assert.match(
      (await done('register', 'https://rms.lakeside.test', '--dry-run')).stderr,
      new RegExp(`register ${mine}`),
    )
    assert.deepEqual(found(), [])
    const refused = await scp('anna', 'register', mine, '--yes')
    assert.equal(refused.code, 3)
    assert.match(refused.stderr, /scp-not-permitted/)
    await done('register', 'https://RMS.lakeside.test/_wmcs', '--yes')
    assert.deepEqual(found(), [mine])
    assert.match((await done('register', mine)).stderr, /registered already/)
    const dn = `CN=SCP,CN=RightsManagementServices,CN=Services,CN=Configuration,${domain.baseDn}`
    assert.deepEqual(jsonOf(await done('show', '--json')), { registrations: [{ dn, url: mine }] })
  })

  test('is not taken from another cluster unseen', async () => {
    for (const verb of ['register', 'unregister']) {
      const refused = await scp('administrator', verb, another, '--yes')
      assert.equal(refused.code, 3, refused.stderr)
      assert.match(refused.stderr, /scp-foreign/)
    }
    assert.deepEqual(found(), [mine])
    await done('register', another, '--foreign', '--yes')
    assert.deepEqual(found(), [another])
  })

  test('is found under any name, and several are a finding', async () => {
    const container = `CN=RightsManagementServices,CN=Services,CN=Configuration,${domain.baseDn}`
    const lines = ['objectClass: serviceConnectionPoint', 'keywords: MSRMRootCluster', 'keywords: 1.0']
    const entry = [`dn: CN=MSRMRootCluster,${container}`, 'changetype: add', ...lines]
    domain.change([...entry, `serviceBindingInformation: ${mine}`, ''].join('\n'))
    assert.equal((await scp('administrator', 'show')).code, 1)
    await done('register', mine, '--foreign', '--yes')
    assert.deepEqual(found(), [mine])
    assert.equal((await scp('administrator', 'show')).code, 0)
  })

  test('goes when it is told to, and not twice', async () => {
    await done('unregister', mine, '--dry-run')
    assert.deepEqual(found(), [mine])
    await done('unregister', mine, '--yes')
    assert.deepEqual(found(), [])
    assert.match((await done('unregister', mine, '--yes')).stderr, /no cluster is registered/)
  })

  test('has an address that is one of a cluster, and a directory that is a server', async () => {
    const bad = ['ftp://rms.lakeside.test', 'https://rms.lakeside.test/elsewhere', 'rms.lakeside.test']
    for (const url of bad) assert.equal((await scp('administrator', 'register', url, '--yes')).code, 2, url)
  })
})
