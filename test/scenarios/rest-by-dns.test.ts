/**
 * A client of the REST protocol that knows nothing but an address finds the service, lists templates and protects; one that
 * has nothing but a document finds the service by the document and opens it. What changes afterwards counts at the next
 * opening, and then no key leaves.
 */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import { publish } from '@sealward/client'
import {
  cipherModeFromRestName,
  createContentDecrypter,
  encryptContent as encryptBySealward,
  memorySource,
  openContent,
  type ContentCipher,
} from '@sealward/formats'
import { editTemplate, listTemplates, type DirectoryFile } from '@sealward/service'
import type { CipherMode } from '@sealward/xrml'
import { decryptContent, encryptContent, type DeliveredKey } from './content-ciphers.ts'
import { openLakeside, type Lakeside } from './lakeside.ts'
import { startNameServer, type NameServer } from './name-server.ts'
import { call, discoverByAddress, discoverByLicense, type RestClientWorld } from './rest-client.ts'

const anna = 'anna.berg@lakeside.example'
const marta = 'marta.kowal@lakeside.example'
const li = 'li.chen@lakeside.example'
const host = 'rms.lakeside.example'
const day = 86_400_000

let lakeside: Lakeside
let names: NameServer
let now = Date.now()
const seen: string[] = []
const asked: string[] = []

before(async () => {
  lakeside = await openLakeside({ documents: 1, clock: { now: () => new Date(now) } })
  await lakeside.restart({ publicUrl: `https://${host}` })
  names = await startNameServer()
  names.records.set('_rmsdisco._http._tcp.lakeside.example', [
    { target: 'old.lakeside.example', port: 443, priority: 20 },
    { target: host, port: 8443, priority: 0 },
  ])
})
beforeEach(() => {
  seen.length = 0
  asked.length = 0
})
after(async () => {
  names.close()
  await lakeside.close()
})

function clientOf(user: string): RestClientWorld {
  return {
    nameServer: names.address,
    port: Number(new URL(lakeside.url).port),
    seen,
    asked,
    async token(challenge) {
      assert.equal(challenge.get('realm'), 'api.rms.rest.com')
      assert.equal(challenge.get('authorization'), `https://${host}/sealward/authorize`)
      return lakeside.service().issueToken(user, 3_600_000)
    },
  }
}

/** What an author sends along: the licence as it came, and the encrypted content behind it. */
interface Document {
  readonly license: Uint8Array
  readonly content: Uint8Array
}

interface Published {
  readonly SerializedPublishingLicense: string
  readonly Key: DeliveredKey
  readonly Owner: string
}

async function publishLicense(
  user: string,
  what: object,
): Promise<{ readonly license: Uint8Array; readonly key: DeliveredKey }> {
  const client = clientOf(user)
  const services = await discoverByAddress(client, user)
  const message = { AllowAuditedExtraction: true, PreferDeprecatedAlgorithms: false, ...what }
  const answer = await call(client, 'POST', services.get('PublishingLicenses') ?? '', message)
  assert.equal(answer.status, 200, answer.text)
  const { SerializedPublishingLicense, Key, Owner } = answer.json as Published
  assert.equal(Owner, user)
  return { license: Buffer.from(SerializedPublishingLicense, 'base64'), key: Key }
}

async function protect(user: string, what: object, content: Uint8Array): Promise<Document> {
  const { license, key } = await publishLicense(user, what)
  return { license, content: encryptContent(key, content) }
}

interface Opened {
  readonly AccessStatus: string
  readonly Key: DeliveredKey | null
  readonly Rights: readonly string[]
  readonly [name: string]: unknown
}

async function open(user: string, { license }: Document): Promise<{ readonly answer: Opened; readonly text: string }> {
  const client = clientOf(user)
  const services = await discoverByLicense(client, license)
  const message = { SerializedPublishingLicense: Buffer.from(license).toString('base64') }
  const { status, text, json } = await call(client, 'POST', services.get('EndUserLicenses') ?? '', message)
  assert.equal(status, 200, text)
  return { answer: json as Opened, text }
}

async function read(user: string, document: Document): Promise<Buffer> {
  const { answer } = await open(user, document)
  assert.equal(answer.AccessStatus, 'AccessGranted')
  assert.ok(answer.Key !== null)
  return decryptContent(answer.Key, document.content)
}

/** The key is in no form in the answer. */
async function requireRefused(user: string, document: Document, status: string, key: DeliveredKey): Promise<Opened> {
  const { answer, text } = await open(user, document)
  assert.equal(answer.AccessStatus, status)
  assert.equal(answer.Key, null)
  assert.deepEqual(answer.Rights, [])
  const bytes = Buffer.from(key.Value, 'base64')
  for (const form of ['base64', 'base64url', 'hex', 'latin1'] as const) {
    assert.equal(text.toLowerCase().includes(bytes.toString(form).toLowerCase()), false, form)
  }
  return answer
}

async function keyFor(user: string, document: Document): Promise<DeliveredKey> {
  const { Key } = (await open(user, document)).answer
  assert.ok(Key !== null)
  return Key
}

function policyFor(user: string, more: object = {}): object {
  return {
    ReferralInfo: `mailto:${anna}`,
    SignedApplicationData: { app: 'story' },
    Policy: {
      UserRights: [{ Users: [user], Rights: ['VIEW', 'EDIT'] }],
      allowOfflineAccess: true,
      IntervalTimeInDays: 30,
      EncryptedApplicationData: { secret: 's1' },
      ...more,
    },
  }
}

test('the way from an address to a document and back is what the protocol says, request by request', async () => {
  const client = clientOf(anna)
  const services = await discoverByAddress(client, anna)
  const listed = await call(client, 'GET', services.get('Templates') ?? '')
  const templates = listed.json as readonly {
    readonly Id: string
    readonly Name: string
    readonly Description: string
  }[]
  assert.ok(templates.length > 0)
  for (const { Id, Name, Description } of templates) assert.ok(Id !== '' && Name !== '' && Description !== '')
  const template = templates.find(({ Name }) => Name === 'All staff') ?? templates[0]
  const document = await protect(anna, { TemplateId: template?.Id }, Buffer.from('for the staff'))
  assert.deepEqual(
    asked,
    Array.from({ length: 2 }, () => '_rmsdisco._http._tcp.lakeside.example'),
  )
  assert.deepEqual(seen, [
    `GET ${host} /my/v2/servicediscovery?email=${anna} 401`,
    `GET ${host} /my/v2/servicediscovery?email=${anna} 200`,
    `GET ${host} /my/v2/templates 401`,
    `GET ${host} /my/v2/templates 200`,
    `GET ${host} /my/v2/servicediscovery?email=${anna} 401`,
    `GET ${host} /my/v2/servicediscovery?email=${anna} 200`,
    `POST ${host} /my/v2/publishinglicenses 401`,
    `POST ${host} /my/v2/publishinglicenses 200`,
  ])
  seen.length = 0
  asked.length = 0
  assert.equal((await read(anna, document)).toString(), 'for the staff')
  assert.deepEqual(asked, [`_rmsdisco._http._tcp.${host}`, '_rmsdisco._http._tcp.lakeside.example'])
  assert.deepEqual(seen, [
    `GET ${host} /my/v2/servicediscovery?service=https://${host}/_wmcs/licensing 401`,
    `GET ${host} /my/v2/servicediscovery?service=https://${host}/_wmcs/licensing 200`,
    `POST ${host} /my/v2/enduserlicenses 401`,
    `POST ${host} /my/v2/enduserlicenses 200`,
  ])
})

test('a subdomain climbs to the record of its parent, and no top-level domain is ever asked', async () => {
  await discoverByAddress(clientOf(anna), `o'neil+tag@eu.sales.lakeside.example`)
  const [first, , third] = asked
  assert.deepEqual(
    [first, third, asked.length],
    ['_rmsdisco._http._tcp.eu.sales.lakeside.example', '_rmsdisco._http._tcp.lakeside.example', 3],
  )
  await assert.rejects(discoverByAddress(clientOf(anna), 'ana@harbour.example'), /no service/)
  assert.equal(asked.includes('_rmsdisco._http._tcp.example'), false)
})

/** Every mode, the way on which clients of it publish, and to how many bytes content is filled up; 0: padding ends it. */
const modes = [
  { name: 'MICROSOFT.CBC4K', publishIn: () => publishByRest({}), keyBytes: 32, fill: 0 },
  {
    name: 'MICROSOFT.ECB',
    publishIn: () => publishByRest({ PreferDeprecatedAlgorithms: true }),
    keyBytes: 16,
    fill: 16,
  },
  { name: 'MICROSOFT.CBC512.NOPADDING', publishIn: () => publishBySoap('cbc512-nopad'), keyBytes: 32, fill: 16 },
  { name: 'MICROSOFT.CBC4K.NOPADDING', publishIn: () => publishBySoap('cbc4k-nopad'), keyBytes: 32, fill: 4096 },
] as const

interface Licensed {
  readonly license: Uint8Array
  /** What the author encrypts with. */
  readonly cipher: ContentCipher
}

async function publishByRest(what: object): Promise<Licensed> {
  const { license, key } = await publishLicense(anna, { ...policyFor(li), ...what })
  return { license, cipher: cipherOf(key) }
}

async function publishBySoap(mode: CipherMode): Promise<Licensed> {
  const policy = { grants: [{ to: li, rights: ['VIEW'] }] }
  const choice = { mode, keyBytes: 32 } as const
  const { documents, cipher } = await publish(lakeside.client(anna), policy, choice, { publishing: 'online' })
  return { license: Buffer.from(`${documents.join('')}\0`, 'utf16le'), cipher }
}

function cipherOf({ CipherMode: name, Value }: DeliveredKey): ContentCipher {
  return { mode: cipherModeFromRestName(name), key: Buffer.from(Value, 'base64') }
}

function filledUp(content: Buffer, fill: number): Buffer {
  return Buffer.concat([content, Buffer.alloc(fill === 0 ? 0 : (fill - (content.length % fill)) % fill)])
}

for (const { name, publishIn, keyBytes, fill } of modes) {
  for (const size of [0, 1, 15, 16, 4080, 4095, 4096, 4097, 100_000]) {
    test(`${size} bytes that Sealward encrypts in ${name} another program decrypts, and the other way round`, async () => {
      const content = randomBytes(size)
      const { license, cipher } = await publishIn()
      const key = await keyFor(li, { license, content })
      assert.deepEqual([key.CipherMode, Buffer.from(key.Value, 'base64').length], [name, keyBytes])

      const ours = Buffer.concat([...encryptBySealward(cipher, [content])])
      assert.deepEqual(decryptContent(key, ours), filledUp(content, fill))

      // Others fill up to whole blocks in every mode.
      const theirs = encryptContent(key, filledUp(content, Math.min(fill, 16)))
      const opened = openContent(cipherOf(key), memorySource(theirs), { plainSize: size })
      assert.deepEqual(Buffer.from(opened.read(0, size)), content)
      const decrypter = createContentDecrypter(cipher, { plainSize: size })
      assert.deepEqual(Buffer.concat([decrypter.update(theirs), decrypter.final()]), content)
    })
  }
}

test('rights, application data and the referrer arrive; whoever has no rights learns whom to ask', async () => {
  const document = await protect(anna, policyFor(li), Buffer.from('for Li'))
  const { answer } = await open(li, document)
  assert.deepEqual([...answer.Rights].sort(), ['AUDITEDEXTRACT', 'EDIT', 'VIEW'])
  assert.deepEqual(answer['SignedApplicationData'], { app: 'story' })
  assert.deepEqual(answer['EncryptedApplicationData'], { secret: 's1' })
  assert.match(String(answer['LicenseValidUntil']), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  const refused = await requireRefused(marta, document, 'AccessDenied', await keyFor(li, document))
  assert.equal(refused['Referrer'], `mailto:${anna}`)
})

test('content expires: the next opening says so, for everybody but its owner', async () => {
  const until = `${new Date(now + 2 * day).toISOString().slice(0, 19)}Z`
  const document = await protect(anna, policyFor(li, { LicenseValidUntil: until }), Buffer.from('for two days'))
  const key = await keyFor(li, document)
  now += 3 * day
  await requireRefused(li, document, 'ContentExpired', key)
  assert.equal((await read(anna, document)).toString(), 'for two days')
})

test('somebody who leaves a group opens nothing more', async () => {
  const document = await protect(anna, policyFor('finance@lakeside.example'), Buffer.from('figures'))
  const key = await keyFor(marta, document)
  const file = join(lakeside.folder, 'directory.json')
  const directory = JSON.parse(readFileSync(file, 'utf8')) as DirectoryFile
  const groups = (directory.groups ?? []).map((group) => ({
    ...group,
    members: (group.members ?? []).filter((member) => member !== marta),
  }))
  writeFileSync(file, JSON.stringify({ ...directory, groups }))
  now += 5_000
  await requireRefused(marta, document, 'AccessDenied', key)
  assert.equal((await read(anna, document)).toString(), 'figures')
})

test('a template that is edited decides anew about documents that exist', async () => {
  const administration = lakeside.service().administration('ines')
  const template = (await listTemplates(administration)).find(({ names: [name] }) => name?.name === 'Board only')
  assert.ok(template !== undefined)
  const change = (to: string): Promise<unknown> =>
    editTemplate(administration, { id: template.id, names: template.names, grants: [{ to, rights: ['VIEW'] }] })
  await change(li)
  const document = await protect(
    anna,
    { TemplateId: `{${template.id.replaceAll(/[{}]/g, '')}}` },
    Buffer.from('minutes'),
  )
  const key = await keyFor(li, document)
  await change('emma.lund@lakeside.example')
  await requireRefused(li, document, 'AccessDenied', key)
  assert.equal((await read('emma.lund@lakeside.example', document)).toString(), 'minutes')
})
