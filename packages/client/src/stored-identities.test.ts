import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { generateKeyPairSync } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, suite, test } from 'node:test'
import { isRightsError } from '@sealward/xrml'
import { openClientStore, type ClientStore } from './client-store.ts'
import { summarizeIdentity } from './identity-summary.ts'
import { carryOutReset, planReset, type ResetOptions } from './reset-store.ts'
import { listStoredIdentities, type StoredIdentity } from './stored-identities.ts'

const bob = 'bob@lakeside.example'
const serviceUrl = 'https://rights.lakeside.example'
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
const noon = new Date('2026-05-04T12:00Z')
let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sealward-identities-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

/** A store with one of everything. */
function filled(user = bob): ClientStore {
  const store = openClientStore({ directory, serviceUrl, user })
  store.writeMachineKey(privateKey)
  for (const chain of ['machine', 'account', 'client-licensor'] as const) store.writeChain(chain, ['<XrML/>'])
  store.writeTemplates('{}')
  store.writeAnchors(['00'.repeat(32)])
  for (const contentId of ['a', 'b']) store.writeUseLicense({ contentId, bodyText: 'b' }, ['<XrML/>'])
  store.currentTime(noon)
  return store
}

function only(): StoredIdentity {
  const [identity, ...others] = listStoredIdentities(directory)
  assert.equal(others.length, 0)
  return identity ?? assert.fail('nobody')
}

const kindsOf = (files: StoredIdentity['files']): readonly string[] => files.map(({ kind }) => kind).sort()
const refused = (error: unknown): boolean => isRightsError(error, 'client-store-refused')

suite('what a folder holds', () => {
  test('every file of every user, with its size', () => {
    filled()
    filled('alice@lakeside.example')
    const identities = listStoredIdentities(directory)
    assert.deepEqual(identities.map(({ user }) => user).sort(), ['alice@lakeside.example', bob])
    for (const { service, files, foreign } of identities) {
      assert.equal(service, serviceUrl)
      assert.deepEqual(foreign, [])
      assert.deepEqual(kindsOf(files), [
        'account',
        'anchors',
        'certificate',
        'certificate',
        'certificate',
        'highest-time',
        'licence',
        'licence',
        'machine-key',
        'template',
      ])
      for (const { bytes } of files) assert.ok(bytes > 0)
    }
  })

  test('nothing where nothing is; a folder of other things is refused', () => {
    assert.deepEqual(listStoredIdentities(join(directory, 'none')), [])
    assert.deepEqual(listStoredIdentities(directory), [])
    writeFileSync(join(directory, 'letter.txt'), 'x')
    assert.throws(
      () => listStoredIdentities(directory),
      (error) => isRightsError(error, 'client-store-unknown'),
    )
    filled()
    assert.equal(only().user, bob)
  })

  test('a folder whose name is not that of its account is nobody', () => {
    filled()
    const account = join(only().folder, 'account.json')
    for (const text of ['{"service":"https://x","user":"y@z"}', '{}', 'null', '{']) {
      writeFileSync(account, text)
      assert.throws(
        () => listStoredIdentities(directory),
        (error) => isRightsError(error, 'client-store-unknown'),
        text,
      )
    }
  })

  test('loose modes and links are refused or foreign', () => {
    filled()
    const { folder } = only()
    for (const [path, mode] of [
      [join(folder, 'machine-key.pem'), 0o600],
      [folder, 0o700],
      [join(folder, 'licences'), 0o700],
      [directory, 0o700],
    ] as const) {
      chmodSync(path, mode | 0o040)
      assert.throws(() => listStoredIdentities(directory), refused, path)
      chmodSync(path, mode)
    }
    rmSync(join(folder, 'anchors.txt'))
    symlinkSync('/etc/hostname', join(folder, 'anchors.txt'))
    assert.deepEqual(only().foreign, [join(folder, 'anchors.txt')])
  })

  test('key, times and damaged certificates are told', () => {
    filled()
    const { machineKeyBits, highestTime, certificates, firstUseAnchors } = summarizeIdentity(only())
    assert.deepEqual([machineKeyBits, highestTime, firstUseAnchors.length], [1024, noon, 1])
    assert.equal(certificates.length, 3)
    for (const { problem } of certificates) assert.match(problem ?? '', /^xrml-/)
  })
})

suite('forgetting', () => {
  const left: readonly (readonly [ResetOptions, ...string[]])[] = [
    [{}, 'account', 'anchors', 'highest-time', 'machine-key'],
    [{ keepLicenses: true }, 'account', 'anchors', 'highest-time', 'licence', 'licence', 'machine-key'],
    [{ all: true, keepLicenses: true }, 'account', 'highest-time', 'licence', 'licence'],
  ]
  for (const [options, ...kinds] of left) {
    test(`with ${JSON.stringify(options)} leaves ${kinds.join(', ')}`, () => {
      filled()
      const plan = planReset(only(), options)
      assert.deepEqual(kindsOf(plan.keep), kinds)
      assert.equal(only().files.length, 10, 'a plan changes nothing')
      carryOutReset(plan)
      assert.deepEqual(kindsOf(only().files), kinds)
      carryOutReset(plan)
      assert.deepEqual(planReset(only(), options).remove, [])
    })
  }

  test('all leaves nothing of the user, and everything of others', () => {
    filled()
    filled('alice@lakeside.example')
    const [first, second] = listStoredIdentities(directory)
    assert.ok(first !== undefined && second !== undefined)
    carryOutReset(planReset(first, { all: true }))
    assert.deepEqual(listStoredIdentities(directory), [second])
    assert.equal(existsSync(first.folder), false)
  })

  test('what this client did not write stays, and so does its folder', () => {
    filled()
    const { folder } = only()
    writeFileSync(join(folder, 'letter.txt'), 'x')
    const identity = only()
    assert.deepEqual(identity.foreign, [join(folder, 'letter.txt')])
    carryOutReset(planReset(identity, { all: true }))
    assert.deepEqual(readdirSync(folder), ['letter.txt'])
  })
})
