/**
 * The administration client of the migration against the service itself: what the table of the service sends, the client
 * reads strictly, for both personalities.
 */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { masterKeyFromFile, newMasterKeyFile } from '@sealward/keys'
import { createAdminClient, type AdminApi } from '@sealward/migration'
import {
  createIdentity,
  openService,
  readConfig,
  type AdminAnswer,
  type AdminOperations,
  type ConfigInput,
} from '@sealward/service'

type Answer<Name extends keyof AdminOperations> = Readonly<AdminAnswer<AdminOperations[Name]>>
type Read<Name extends keyof AdminApi> = Awaited<ReturnType<AdminApi[Name]>>

/** Compiles only while what the service answers is what the client promises. */
type Agreed = readonly [
  Fits<Answer<'getConfiguration'>, Read<'configuration'>>,
  Fits<Answer<'listKeys'>, Read<'keys'>>,
  Fits<Answer<'importKey'>, Read<'importDomain'>>,
  Fits<Answer<'listTemplates'>, Read<'templates'>>,
  Fits<Answer<'getSuperUsers'>, Read<'superUsers'>>,
  Fits<Answer<'listIssuedClientLicensors'>, Read<'issuedLicensors'>>,
]
type Fits<Given extends Loose<Wanted>, Wanted> = readonly [Given, Wanted]
/** Optional members may be there as undefined, which JSON leaves out. */
type Loose<T> = T extends object ? { readonly [Member in keyof T]: Loose<T[Member]> | undefined } : T
const agreed = (_types?: Agreed) => true

const password = 'a long enough password'

test('a cluster and a tenant are administered by the client of the migration', async () => {
  assert.ok(agreed())
  const folder = await mkdtemp(join(tmpdir(), 'sealward-administration-'))
  const users = [{ id: 'a', sid: 'S-1-5-21-1-1-1-1', address: 'alice@lakeside.example' }]
  const groups = [{ address: 'moved@lakeside.example', members: ['alice@lakeside.example'] }]
  await writeFile(join(folder, 'people.json'), JSON.stringify({ users, groups }))

  const open = async (name: 'cluster' | 'tenant') => {
    const settings: ConfigInput = {
      personality: name,
      publicUrl: `https://${name}.lakeside.example`,
      domains: ['lakeside.example'],
      database: `${name}.db`,
      directory: 'people.json',
      listener: { port: 0 },
      administration: { tokenFile: `${name}-token`, readerTokenFile: `${name}-reader` },
    }
    const masterKey = masterKeyFromFile(newMasterKeyFile(randomBytes))
    const service = await openService({
      config: readConfig(settings),
      masterKey,
      folder,
      requestLog: { write: () => undefined },
    })
    if (name === 'cluster') await createIdentity(service.administration('set-up'))
    const server = await service.listen()
    const token = (await readFile(join(folder, `${name}-token`), 'utf8')).trim()
    const client = createAdminClient({ url: server.url, token, actor: 'migration' })
    const close = async () => {
      await server.close()
      await service.close()
    }
    return { client, close }
  }

  const cluster = await open('cluster')
  const tenant = await open('tenant')
  try {
    const [old] = await cluster.client.keys()
    assert.ok(old !== undefined)
    const file = await cluster.client.exportKey(old.id, password)
    await cluster.client.setReadOnly({ group: 'moved@lakeside.example' })
    const { state, readOnly } = await cluster.client.configuration()
    assert.deepEqual([state, readOnly], ['read-only', { group: 'moved@lakeside.example' }])
    await cluster.client.setReadOnly(undefined)

    const { client } = tenant
    assert.equal((await client.configuration()).state, 'not-activated')
    const imported = await client.importDomain({ file, password, trustedRoots: [old.root], active: true })
    assert.deepEqual([imported.keyId, imported.active, imported.templates], [old.id, true, []])
    assert.deepEqual(await client.setState('enabled'), { previous: 'not-activated' })
    await client.setHostNames(['cluster.lakeside.example:443'])
    const { keyId } = await client.generateKey('New')
    assert.deepEqual(await client.activateKey(keyId), { replaced: old.id })
    const [template] = await client.templates()
    assert.ok(template !== undefined)
    await client.archiveTemplate(template.id)
    const { names, grants } = template
    for (const licenseValidityDays of [7, 0]) {
      const content = { expiry: { afterDays: 3 }, licenseValidityDays, referral: 'mailto:help@lakeside.example' }
      await client.updateTemplate(template.id, { names, grants, ...content })
      const { expiry, licenseValidityDays: days, referral } = await templateOf(client, template.id)
      assert.deepEqual({ expiry, licenseValidityDays: days, referral }, content)
    }
    await client.publishTemplate(template.id)
    await client.setOnboarding({ useLicense: false, group: 'moved@lakeside.example', scope: 'WindowsApp' })
    assert.equal((await client.onboarding())?.group, 'moved@lakeside.example')
    await client.setOnboarding(undefined)
    assert.equal(await client.onboarding(), undefined)
    await client.addSuperUser('alice@lakeside.example')
    await client.setSuperUsersEnabled(true)
    assert.deepEqual(await client.superUsers(), { enabled: true, users: ['alice@lakeside.example'] })
    await client.removeSuperUser('alice@lakeside.example')
    await client.setMigrationHost('cluster.lakeside.example')
    assert.equal((await client.configuration()).migrationUrl, 'cluster.lakeside.example')
    assert.deepEqual(await client.issuedLicensors(), [])
    assert.deepEqual((await client.requests(0, 10)).rows, [])
    assert.deepEqual(await client.decide('no licence', 'alice@lakeside.example'), {
      granted: false,
      reason: 'publishing-license-invalid',
    })
    await assert.rejects(client.importDomain({ file, password, trustedRoots: [old.root] }), {
      code: 'key-already-imported',
    })
  } finally {
    await cluster.close()
    await tenant.close()
    await rm(folder, { recursive: true })
  }
})

async function templateOf(client: AdminApi, wanted: string): Promise<Read<'templates'>[number]> {
  const found = (await client.templates()).find(({ id, origin }) => id === wanted && origin === 'own')
  assert.ok(found !== undefined)
  return found
}
