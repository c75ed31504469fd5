/**
 * A cluster that only licenses, made below a root cluster over SubEnroll (MS-RMPRS 3.4.4.1): its key is made in its own data
 * directory, and certified by the root only for an account that is admitted there.
 */
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createClient, openDocument, protectFile, type Client } from '@sealward/client'
import { hashPassword } from '@sealward/service'
import { freePort } from './lakeside.ts'
import { programIn, type Ended, type Program, type ServiceProcess } from './program.ts'

const [anna, omar, installer] = ['anna', 'omar', 'installer'].map((name) => `${name}@lakeside.example`) as [
  string,
  string,
  string,
]
const password = randomBytes(12).toString('base64url')

interface Keys {
  readonly keys: readonly { readonly id: string; readonly root: string; readonly state: string }[]
}

let folder = ''
let program: Program
let root: ServiceProcess
let legal: ServiceProcess | undefined
let rootKey: Keys['keys'][number]

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sealward-below-'))
  program = programIn({ folder })
  const hashed = await hashPassword(password, (count) => randomBytes(count))
  const users = [anna, omar, installer].map((address, index) => {
    return { id: address, sid: `S-1-5-21-7-7-7-${1000 + index}`, address, password: hashed }
  })
  writeFileSync(join(folder, 'people.json'), JSON.stringify({ users }))
  writeFileSync(join(folder, 'password'), `${password}\n`, { mode: 0o600 })
  const port = await freePort()
  await program.done('cluster', 'create', '--data', 'root', '--port', String(port), ...people, '--yes')
  root = program.service('root', `http://127.0.0.1:${port}`)
  await root.start()
  rootKey = (await keysOf('root')).keys[0] ?? assert.fail()
})
after(async () => {
  await legal?.stop()
  await root.stop()
  rmSync(folder, { recursive: true })
})

const people = ['--organisation', 'Lakeside', '--directory', 'people.json', '--domain', 'lakeside.example']

function keysOf(data: string): Promise<Keys> {
  return program.done<Keys>('key', 'list', '--data', data, '--json')
}

function create(data: string, port: number, trust: string): Promise<Ended> {
  const below = ['--below', root.url, '--account', installer, '--password-file', 'password', '--trust', trust]
  return program.run('cluster', 'create', '--data', data, '--port', String(port), ...people, ...below, '--yes')
}

function client(service: ServiceProcess, user: string): Client {
  return createClient({
    serviceUrl: service.url,
    user,
    password: () => Buffer.from(password),
    storeDirectory: join(folder, 'clients'),
    anchors: [rootKey.root],
    allowedHosts: [new URL(root.url).host],
  })
}

test('an account that is not admitted gets no certificate, and there is no cluster without one', async () => {
  const port = await freePort()
  const refused = await create('refused', port, rootKey.root)
  assert.equal(refused.code, 5, refused.stderr)
  assert.match(refused.stderr, /root-cluster-refused/)
  assert.match(refused.stderr, /UnauthorizedAccessException/)
  assert.equal(existsSync(join(folder, 'refused', 'service.json')), false)
  await program.done('admission', 'add', 'sub-enrolment', installer, '--data', 'root', '--yes')
  const strange = await create('refused', port, '0'.repeat(64))
  assert.equal(strange.code, 5, strange.stderr)
  assert.match(strange.stderr, /root-cluster-refused/)
  assert.equal(existsSync(join(folder, 'refused', 'service.json')), false)
})

test('the cluster below licenses, and its root certifies the people', async () => {
  const port = await freePort()
  const made = await create('legal', port, rootKey.root)
  assert.equal(made.code, 0, made.stderr)
  const [own = assert.fail()] = (await keysOf('legal')).keys
  assert.equal(own.root, rootKey.root)
  assert.notEqual(own.id, rootKey.id)
  const { rootCluster } = JSON.parse(readFileSync(join(folder, 'legal', 'service.json'), 'utf8')) as {
    rootCluster: object
  }
  const certificationUrl = `${root.url}/_wmcs/certification`
  assert.deepEqual(rootCluster, { certificationUrl, accountIssuers: [rootKey.id] })

  legal = program.service('legal', `http://127.0.0.1:${port}`)
  await legal.start()
  const plain = join(folder, 'contract.txt')
  writeFileSync(plain, 'a contract')
  const policy = { grants: [{ to: omar, rights: ['VIEW'] }] }
  for (const publishing of ['online', 'offline'] as const) {
    const options = { original: 'keep', publishing, output: join(folder, `${publishing}.ptxt`) } as const
    const { path } = await protectFile(client(legal, anna), plain, policy, options)
    const parts: Uint8Array[] = []
    const { rights } = await openDocument(client(legal, omar), path, { write: (bytes) => void parts.push(bytes) })
    assert.deepEqual([rights, Buffer.concat(parts).toString('utf8')], [['VIEW'], 'a contract'])
  }
})
