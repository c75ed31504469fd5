import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
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
