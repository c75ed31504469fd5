import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, readdirSync, rmSync, symlinkSync, unlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { isRightsError } from '@sealward/xrml'
import { openClientStore, type ClientStore } from './client-store.ts'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sealward-store-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

function open(user = 'bob@lakeside.example', serviceUrl = 'https://rights.lakeside.example'): ClientStore {
  return openClientStore({ directory, serviceUrl, user })
}

function refused(error: unknown): boolean {
  return isRightsError(error, 'client-store-refused')
}

test('users and services have separate folders; spellings of one do not', () => {
  open()
  open('BOB@lakeside.example', 'HTTPS://Rights.Lakeside.example:443/')
  assert.equal(readdirSync(directory).length, 1)
  open('alice@lakeside.example')
  open('bob@lakeside.example', 'https://other.lakeside.example')
  assert.equal(readdirSync(directory).length, 3)
})

test('folders and files that others may read are refused', () => {
  open()
  const [name = ''] = readdirSync(directory)
  chmodSync(join(directory, name), 0o750)
  assert.throws(() => open(), refused)
  chmodSync(join(directory, name), 0o700)
  chmodSync(join(directory, name, 'account.json'), 0o640)
  assert.throws(() => open(), refused)
  chmodSync(join(directory, name, 'account.json'), 0o600)
  chmodSync(directory, 0o755)
  assert.throws(() => open(), refused)
})

test('a link in place of a file is refused', () => {
  open()
  const [name = ''] = readdirSync(directory)
  const path = join(directory, name, 'account.json')
  unlinkSync(path)
  symlinkSync('/etc/hostname', path)
  assert.throws(() => open(), refused)
})

test('the present never lies before the highest time seen, but for a few minutes', () => {
  const store = open()
  const noon = new Date('2026-05-04T12:00Z')
  assert.deepEqual(store.currentTime(noon), noon)
  const shortlyBefore = new Date('2026-05-04T11:58Z')
  assert.deepEqual(store.currentTime(shortlyBefore), shortlyBefore)
  assert.deepEqual(open().currentTime(new Date('2026-05-01T12:00Z')), noon)
  store.setServerTime(new Date('2026-05-02T12:00Z'))
  const third = new Date('2026-05-03T12:00Z')
  assert.deepEqual(store.currentTime(third), third)
})
