import assert from 'node:assert/strict'
import { randomBytes, X509Certificate } from 'node:crypto'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { get, type RequestOptions } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { masterKeyFromFile, newMasterKeyFile } from '@sealward/keys'
import { createIdentity } from '../administration/create-identity.ts'
import { openService } from '../compose.ts'
import { readConfig } from '../config.ts'
import { listenerCertificate, loopbackFiles } from './listener-certificate.ts'
import { makeLoopbackCertificate } from './self-signed.ts'

const day = 86_400_000
const start = Date.parse('2026-05-04T12:00:00Z')
const clockAt = (milliseconds: number) => ({ now: () => new Date(milliseconds) })
const own = { host: '127.0.0.1', loopbackCertificate: true }

let folder: string
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'sealward-certificate-'))
})
after(() => rmSync(folder, { recursive: true }))

test('a certificate of our own is for this machine alone, and stays until it gets old', () => {
  const first = listenerCertificate(own, folder, clockAt(start))
  assert.ok(first !== undefined)
  const certificate = new X509Certificate(first.certificate)
  assert.equal(certificate.verify(certificate.publicKey), true)
  assert.equal(certificate.ca, false)
  assert.deepEqual(certificate.keyUsage, ['1.3.6.1.5.5.7.3.1'])
  assert.equal(certificate.checkHost('localhost'), 'localhost')
  for (const address of ['127.0.0.1', '::1']) assert.equal(certificate.checkIP(address), address)
  for (const name of ['rms.lakeside.example', '127.0.0.1.example']) assert.equal(certificate.checkHost(name), undefined)
  assert.equal(statSync(join(folder, loopbackFiles.key)).mode & 0o777, 0o600)
  assert.deepEqual(listenerCertificate(own, folder, clockAt(start + 70 * day)), first)
  assert.notDeepEqual(listenerCertificate(own, folder, clockAt(start + 80 * day)), first)
})

test('serial numbers and lengths of any kind make a certificate', () => {
  for (const serial of [Buffer.alloc(16), Buffer.alloc(16, 0xff), randomBytes(16)]) {
    const { certificate } = makeLoopbackCertificate(new Date(start), new Date(start + day), serial)
    const read = new X509Certificate(certificate)
    assert.equal(read.serialNumber, `40${serial.toString('hex').toUpperCase()}`)
    assert.deepEqual([read.validFromDate.getTime(), read.validToDate.getTime()], [start, start + day])
  }
})

const files = () => ({
  certificateFile: join(folder, loopbackFiles.certificate),
  keyFile: join(folder, loopbackFiles.key),
})
const refused: Readonly<Record<string, readonly [() => object, string]>> = {
  'an address that others reach': [() => ({ ...own, host: '0.0.0.0' }), 'listener-refused'],
  'a name that others reach': [() => ({ ...own, host: 'rms.lakeside.example' }), 'listener-refused'],
  'two kinds of certificate': [() => ({ ...own, ...files() }), 'configuration-invalid'],
  'a certificate without key': [() => ({ certificateFile: files().certificateFile }), 'configuration-invalid'],
  'a key without certificate': [() => ({ keyFile: files().keyFile }), 'configuration-invalid'],
  'a file that is not there': [() => ({ ...files(), keyFile: join(folder, 'nothing') }), 'configuration-invalid'],
  'a certificate for key': [() => ({ ...files(), keyFile: files().certificateFile }), 'configuration-invalid'],
  "another certificate's key": [() => ({ ...files(), keyFile: strangersKey() }), 'configuration-invalid'],
}
for (const [name, [settings, code]] of Object.entries(refused)) {
  test(`refuses ${name}`, () => {
    listenerCertificate(own, folder, clockAt(start))
    const all = { host: '127.0.0.1', loopbackCertificate: false, ...settings() }
    assert.throws(() => listenerCertificate(all, folder, clockAt(start)), { code })
  })
}

test('refuses a key that everybody may read', { skip: process.platform === 'win32' }, () => {
  const pair = { host: '0.0.0.0', loopbackCertificate: false, ...files() }
  assert.ok(listenerCertificate(pair, folder, clockAt(start)) !== undefined)
  chmodSync(pair.keyFile, 0o644)
  assert.throws(() => listenerCertificate(pair, folder, clockAt(start)), { code: 'configuration-invalid' })
  chmodSync(pair.keyFile, 0o640)
  assert.ok(listenerCertificate(pair, folder, clockAt(start)) !== undefined)
})

test('a whole service listens with it, for clients that trust its file', async () => {
  writeFileSync(join(folder, 'people.json'), JSON.stringify({ users: [] }))
  const service = await openService({
    config: readConfig({
      publicUrl: 'https://localhost',
      database: 'service.db',
      directory: 'people.json',
      listener: { port: 0, loopbackCertificate: true },
    }),
    masterKey: masterKeyFromFile(newMasterKeyFile(randomBytes)),
    folder,
    requestLog: { write: () => {} },
  })
  await createIdentity(service.administration('set-up'))
  const server = await service.listen()
  const ca = readFileSync(join(folder, loopbackFiles.certificate))
  const { port } = new URL(server.url)
  const status = (options: RequestOptions): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const ask = { host: '127.0.0.1', port, path: '/healthz', agent: false, ...options }
      get(ask, (response) => {
        response.resume()
        resolve(response.statusCode)
      }).on('error', reject)
    })
  assert.match(server.url, /^https:/)
  assert.equal(await status({ ca }), 200)
  assert.equal(await status({ ca, servername: 'localhost' }), 200)
  await assert.rejects(status({}), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
  await assert.rejects(status({ ca, servername: 'rms.lakeside.example' }), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' })
  await server.close()
  await service.close()
})

function strangersKey(): string {
  const file = join(folder, 'stranger.pem')
  writeFileSync(file, makeLoopbackCertificate(new Date(), new Date(), randomBytes(16)).key, { mode: 0o600 })
  return file
}
