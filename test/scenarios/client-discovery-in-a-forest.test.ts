/**
 * How a client finds its service by the entry of its forest (MS-RMPR 2.3). Whoever can edit the entry does not get a
 * password by it: the host must be allowed, or certified by a pinned key.
 */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { skipWithoutSamba, startSamba, type SambaDomain } from '../peers/samba.ts'
import { startDiscoveredService, startImpostor, type DiscoveredService, type Impostor } from './discovered-service.ts'
import { anna, exchange, explain, refusal } from './discovering-client.ts'

suite('a client that finds its service in a forest', { skip: skipWithoutSamba }, () => {
  let service: DiscoveredService
  let impostor: Impostor
  let domain: SambaDomain
  before(async () => {
    service = await startDiscoveredService()
    impostor = await startImpostor(service)
    domain = await startSamba({ people: [], groups: [] })
    writeFileSync(join(service.folder, 'reader.txt'), `${domain.reader.password}\n`, { mode: 0o600 })
    writeFileSync(join(service.folder, 'administrator.txt'), `${domain.administrator.password}\n`, { mode: 0o600 })
  })
  after(async () => {
    await domain.stop()
    await impostor.close()
    await service.close()
  })

  const register = (url: string, ...more: readonly string[]): Promise<unknown> => {
    const account = ['--account', domain.administrator.dn, '--password-file', 'administrator.txt']
    const forest = ['--directory', domain.secureUrl, '--ca-file', domain.caFile, ...account]
    return service.program.done('scp', 'register', url, ...forest, '--yes', ...more)
  }
  const forest = (servers: readonly string[] = [domain.secureUrl]): object => ({
    scp: { servers, caFile: domain.caFile, account: domain.reader.dn, passwordFile: 'reader.txt' },
  })

  test('by its entry: a pinned key certifies the host, no list is needed', async () => {
    await register(service.url)
    const connection = service.connection('forest', { anchors: [service.root], discovery: forest() })
    await exchange(service, connection)
    const { service: found } = await explain(service, connection, '--online')
    assert.deepEqual([found?.url, found?.admission], [service.url, 'pinned-key'])
    const offline = await explain(service, connection)
    assert.deepEqual([offline.service, offline.steps[1]?.code], [null, 'service-host-not-allowed'])
  })

  test('by its entry with StartTLS, after a domain controller that is away, for an allowed host', async () => {
    const servers = ['ldaps://127.0.0.1:9', domain.url]
    const allowedHosts = [new URL(service.url).host]
    const trust = { anchors: [service.root], allowedHosts }
    const connection = service.connection('list', { ...trust, discovery: forest(servers) })
    const { service: found } = await explain(service, connection)
    assert.deepEqual([found?.url, found?.admission], [service.url, 'allowed-host'])
  })

  test('who does not sign in where nobody may read, or trusts another authority, goes on to the next step', async () => {
    const anonymous = {
      scp: { servers: [domain.secureUrl], caFile: domain.caFile },
      srv: { servers: ['127.0.0.1:9'] },
    }
    const stranger = { scp: { servers: [domain.secureUrl], caFile: join(service.folder, 'ca.pem') } }
    for (const discovery of [anonymous, stranger]) {
      const { steps } = await explain(service, service.connection('nobody', { discovery }), '--user', anna)
      assert.deepEqual([steps[1]?.outcome, steps[1]?.code], ['failed', 'directory-unavailable'])
      assert.notEqual(steps[2]?.outcome, 'not-needed')
    }
  })

  test('an edited entry leads to nobody: an impostor that shows the certificates of the cluster gets nothing', async () => {
    await register(impostor.url, '--foreign')
    impostor.requests.length = 0
    const connection = service.connection('edited', { anchors: [service.root], discovery: forest() })
    assert.match(await refusal(service, connection), /\[service-not-discovered\]/)
    assert.deepEqual(impostor.requests, ['GetLicensorCertificate nothing'])
    const { steps } = await explain(service, connection, '--online')
    assert.equal(steps[1]?.code, 'service-host-not-allowed')
    const host = new URL(service.url).host
    assert.ok(steps[1].why.includes(`no pinned key certifies it, but ${host}`), steps[1].why)
    assert.deepEqual(new Set(impostor.requests), new Set(['GetLicensorCertificate nothing']))
  })

  test('an entry with plain http leads nowhere', async () => {
    await register('http://localhost', '--foreign')
    const connection = service.connection('plain', { allowedHosts: ['localhost'], discovery: forest() })
    assert.equal((await explain(service, connection)).steps[1]?.code, 'service-url-refused')
  })
})
