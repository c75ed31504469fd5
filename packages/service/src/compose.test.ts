import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { masterKeyFromFile, newMasterKeyFile } from '@sealward/keys'
import { createIdentity, listTemplates, openService, readConfig, createTemplate, verifyAuditLog } from './index.ts'

suite('the whole service', () => {
  let folder: string
  const masterKey = masterKeyFromFile(newMasterKeyFile(randomBytes))
  const config = readConfig({
    publicUrl: 'http://127.0.0.1:8080',
    database: 'service.db',
    directory: 'people.json',
    listener: { port: 0 },
  })
  const open = () => openService({ config, masterKey, folder, requestLog: { write: () => {} } })

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sealward-service-'))
    const users = [{ id: 'a', sid: 'S-1-5-21-1-1-1-1', address: 'alice@lakeside.example' }]
    await writeFile(join(folder, 'people.json'), JSON.stringify({ users }))
  })
  after(async () => rm(folder, { recursive: true }))

  test('does not listen without a key', async () => {
    const service = await open()
    await assert.rejects(service.listen(), { code: 'no-active-key' })
    await assert.rejects(service.issueToken('nobody@lakeside.example', 1000), { code: 'user-not-in-directory' })
    await service.close()
  })

  test('is set up, answers on the network, and is the same after a restart', async () => {
    const first = await open()
    const administration = first.administration('set-up')
    const { keyId, state } = await createIdentity(administration)
    assert.equal(state, 'active')
    const { id } = await createTemplate(administration, {
      names: [{ lcid: 1033, name: 'Staff', description: 'Staff' }],
      grants: [{ to: 'ANYONE', rights: ['VIEW'] }],
      state: 'published',
    })
    await first.close()

    const second = await open()
    const server = await second.listen()
    const token = await second.issueToken('alice@lakeside.example', 60_000)
    const answer = await fetch(`${server.url}/my/v1/templates`, { headers: { authorization: `Bearer ${token}` } })
    assert.equal(answer.status, 200)
    assert.deepEqual(await answer.json(), [{ Id: id, Name: 'Staff', Description: 'Staff' }])
    await server.close()
    assert.equal((await second.context.configuration()).activeKey?.id, keyId)
    assert.equal((await listTemplates(second.administration('look'))).length, 1)
    assert.equal((await verifyAuditLog(second.context.store, 'administration')).rows, 2)
    await second.close()
  })
})

suite('the administration of a whole service', () => {
  test('a tenant without key is administered until it serves, also for a former name over plain HTTP', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sealward-tenant-'))
    await writeFile(join(folder, 'people.json'), JSON.stringify({ users: [] }))
    const service = await openService({
      config: readConfig({
        personality: 'tenant',
        publicUrl: 'http://5c3e8a5e-6d8f-4f0a-9c1b-0f2d7f6f3a11.rms.lakeside.example',
        domains: ['Lakeside.example'],
        database: 'service.db',
        directory: 'people.json',
        listener: { port: 0 },
        takeoverListener: { port: 0 },
      }),
      masterKey: masterKeyFromFile(newMasterKeyFile(randomBytes)),
      folder,
      requestLog: { write: () => {} },
    })
    const server = await service.listen()
    const token = (await readFile(join(folder, 'admin-token'), 'utf8')).trim()
    const call = async (method: string, path: string, body?: object) => {
      const response = await fetch(`${server.url}/admin/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      return (await response.json()) as Record<string, unknown>
    }
    const first = await call('GET', '/configuration')
    assert.deepEqual([first['state'], first['keys']], ['not-activated', 0])
    assert.equal(first['serviceId'], '5c3e8a5e-6d8f-4f0a-9c1b-0f2d7f6f3a11')
    await call('PUT', '/state', { state: 'enabled' })
    const enabled = await call('GET', '/configuration')
    assert.deepEqual([enabled['state'], enabled['keys'], enabled['templates']], ['enabled', 1, 2])
    await call('PUT', '/host-names', { hostNames: [new URL(server.takeoverUrl ?? '').host] })
    assert.equal((await fetch(`${server.takeoverUrl}/_wmcs/licensing`)).status, 200)
    await server.close()
    await service.close()
    await rm(folder, { recursive: true })
  })
})
