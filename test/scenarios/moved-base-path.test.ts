/**
 * A service at a base path of its own: documents are protected there, clients generated from its descriptions work, and once it
 * has moved to the usual path, licences that name the old one are answered there all the same, or are led to the new one.
 */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createClientAsync } from 'soap'
import { openFileSource, protectFile, unprotectFile, type ClientOptions, type Door } from '@sealward/client'
import { openProtected } from '@sealward/formats'
import { licensingUrlOf } from '@sealward/protocol'
import { operate } from '@sealward/service'
import { distributionUrl, isRightsError, parsePublishingLicense, parseXrmlChain } from '@sealward/xrml'
import { openLakeside, type Lakeside } from './lakeside.ts'

const anna = 'anna.berg@lakeside.example'
const li = 'li.chen@lakeside.example'
const content = randomBytes(5_000)

let lakeside: Lakeside
let old = ''
const documents = new Map<string, string>()

before(async () => {
  lakeside = await openLakeside({ documents: 1 })
  old = `${lakeside.url}/rights/_wmcs`
  await lakeside.restart({ basePath: '/rights/_wmcs' })
})
after(() => lakeside.close())

/** As licences say, unless told otherwise. */
function client(user: string, options: Partial<ClientOptions>, door: Door = 'soap') {
  return lakeside.client(user, door, { redirectEverything: false, ...options })
}

async function opens(path: string, options: Partial<ClientOptions>): Promise<Buffer> {
  const output = join(lakeside.newFolder(), 'plain.bin')
  const reader = client(li, { storeDirectory: lakeside.newFolder(), ...options })
  await unprotectFile(reader, path, { output })
  return readFileSync(output)
}

test('documents name the base path, whoever publishes them', async () => {
  for (const [door, publishing] of [
    ['soap', 'online'],
    ['soap', 'offline'],
    ['rest', 'online'],
  ] as const) {
    const plain = join(lakeside.newFolder(), 'plan.bin')
    writeFileSync(plain, content)
    const policy = { grants: [{ to: li, rights: ['OWNER'] }] }
    const { path } = await protectFile(client(anna, { serviceUrl: old }, door), plain, policy, { publishing })
    const source = openFileSource(path)
    const license = parsePublishingLicense(parseXrmlChain(openProtected(source).licenseText)[0]!)
    source.close()
    assert.equal(distributionUrl(license.distributionPoints, 'License-Acquisition-URL'), `${old}/licensing`)
    documents.set(`${publishing} over ${door}`, path)
    assert.deepEqual(await opens(path, { serviceUrl: old }), content)
  }
})

test('a client generated from the description calls the address in it', async () => {
  const generated = await createClientAsync(`${old}/licensing/server.asmx?wsdl`, { disableCache: true })
  const call = (generated as unknown as Record<string, (parameters: object) => Promise<unknown[]>>)[
    'GetServerInfoAsync'
  ]
  assert.ok(call !== undefined)
  const requests = { requests: { ServerInfoRequest: [{ Type: 'ServiceLocations' }] } }
  const answer = JSON.stringify(await call.call(generated, requests))
  assert.ok(answer.includes(`${old}/licensing`), answer.slice(0, 2_000))
  assert.ok(!answer.includes(`${lakeside.url}/_wmcs`), answer.slice(0, 2_000))
})

test('nothing is answered at the usual path', async () => {
  await assert.rejects(
    client(li, { serviceUrl: lakeside.url, storeDirectory: lakeside.newFolder() }).identity(),
    (error) => isRightsError(error, 'resource-unknown'),
  )
})

test('after the move to the usual path, a service that keeps the old one as a former site opens them as they are', async () => {
  await lakeside.restart({ basePath: '/_wmcs' })
  // Whose licences name a path that nobody answers gets none.
  for (const path of documents.values()) {
    await assert.rejects(opens(path, {}), (error) => isRightsError(error, 'resource-unknown'))
  }
  const service = lakeside.service()
  const parts = { administration: service.administration('ines'), core: service.context }
  await operate(parts, 'setHostNames', { body: { hostNames: [old] } })
  for (const [how, path] of documents) assert.deepEqual(await opens(path, {}), content, how)
})

test('without the former site a redirection between the base paths leads there, and another one back', async () => {
  const service = lakeside.service()
  const parts = { administration: service.administration('ines'), core: service.context }
  await operate(parts, 'setHostNames', { body: { hostNames: [] } })
  const there = { redirections: [{ from: old, to: `${lakeside.url}/_wmcs` }] }
  for (const [how, path] of documents) assert.deepEqual(await opens(path, there), content, how)
  const plain = join(lakeside.newFolder(), 'new.bin')
  writeFileSync(plain, content)
  const policy = { grants: [{ to: li, rights: ['OWNER'] }] }
  const { path } = await protectFile(client(anna, { serviceUrl: lakeside.url }), plain, policy)
  await lakeside.restart({ basePath: '/rights/_wmcs' })
  const back = { serviceUrl: old, redirections: [{ from: licensingUrlOf(lakeside.url), to: licensingUrlOf(old) }] }
  assert.deepEqual(await opens(path, back), content)
})
