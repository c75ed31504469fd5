/** What a client keeps of its user, what it says about itself, and what it leaves to others: reset, DisableCreation, explain. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { skipWithout } from '../peers/programs.ts'
import { startDiscoveredService, startImpostor, type DiscoveredService, type Impostor } from './discovered-service.ts'
import { exchange, explain, li, refusal } from './discovering-client.ts'

suite('a client that knows its service', { skip: skipWithout(['openssl']) }, () => {
  let service: DiscoveredService
  let impostor: Impostor
  before(async () => {
    service = await startDiscoveredService()
    impostor = await startImpostor(service)
  })
  after(async () => {
    await impostor.close()
    await service.close()
  })

  test('reset shows, asks, and makes the next use begin anew, with the same machine key', async () => {
    const connection = service.connection('reset', { service: service.url, anchors: [service.root] })
    const document = await exchange(service, connection)
    const store = join(service.folder, 'store-reset')
    const identity = async () => (await explain(service, connection, '--user', li)).store.identities[0]
    const first = await identity()
    assert.deepEqual([first?.machineKeyBits, first?.licences], [2048, 1])
    assert.deepEqual(
      first?.certificates.map(({ chain, state }) => `${chain} ${state}`),
      ['machine valid', 'account valid'],
    )
    assert.ok(first.highestTime)
    const folder = readdirSync(store).find((name) =>
      readFileSync(join(store, name, 'account.json'), 'utf8').includes(li),
    )
    const machineKey = join(store, folder ?? '', 'machine-key.pem')
    const pem = readFileSync(machineKey, 'utf8')
    assert.equal(statSync(machineKey).mode & 0o777, 0o600)
    const reset = ['client', 'reset', '--connection', connection, '--user', li]
    const dry = await service.program.run(...reset, '--dry-run')
    assert.match(
      dry.stderr,
      /remove certificates of li\.chen@lakeside\.example at https:\/\/localhost:\d+: 2 files, \d+ bytes/,
    )
    assert.equal((await service.program.run(...reset)).code, 2)
    assert.deepEqual(await identity(), first)
    await service.program.done(...reset, '--yes')
    const emptied = await identity()
    assert.deepEqual([emptied?.certificates, emptied?.licences, emptied?.machineKeyBits], [[], 0, 2048])
    assert.equal(emptied?.highestTime, first.highestTime)
    await service.program.done('open', document, ...service.as(li), '--connection', connection, '--output', 'again.txt')
    assert.equal((await identity())?.certificates.length, 2)
    assert.equal(readFileSync(machineKey, 'utf8'), pem)
    await service.program.done(...reset, '--all', '--yes')
    assert.equal(await identity(), undefined)
    const other = await service.program.run('client', 'reset', '--store', 'lakeside', '--yes')
    assert.deepEqual([other.code, /\[client-store-unknown\]/.test(other.stderr)], [5, true])
  })

  test('whoever set DisableCreation is named, and documents open all the same', async () => {
    const anchors = [service.root]
    const document = await exchange(service, service.connection('before', { service: service.url, anchors }))
    const protectionDisabledBy = String.raw`HKEY_CURRENT_USER\Software\Policies\DisableCreation`
    const connection = service.connection('disabled', { service: service.url, anchors, protectionDisabledBy })
    const stderr = await refusal(service, connection)
    assert.match(stderr, /HKEY_CURRENT_USER.*DisableCreation.*\[protection-disabled\]/)
    const opened = await service.program.run('open', document, ...service.as(li), '--connection', connection)
    assert.equal(opened.stdout, 'for Li', opened.stderr)
  })

  test('explain asks the service only when it is told to, and then without credentials', async () => {
    const connection = service.connection('impostor', { service: impostor.url, anchors: [service.root] })
    impostor.requests.length = 0
    assert.equal((await explain(service, connection)).online, null)
    assert.deepEqual(impostor.requests, [])
    const { online } = await explain(service, connection, '--online')
    assert.deepEqual(online, { root: service.root, trusted: true, error: null })
    assert.deepEqual(impostor.requests, ['GetLicensorCertificate nothing'])
  })
})
