import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, linkSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { isRightsError, type ErrorCode } from '@sealward/xrml'
import { openFileSource, type FileState } from './file-source.ts'
import { isAbandonedPart, isPartName, partName } from './part-file.ts'
import { removeOriginal, writeFileSafely } from './safe-write.ts'

let folder = ''
let path = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sealward-write-'))
  path = join(folder, 'file')
})
afterEach(() => rmSync(folder, { recursive: true }))

function code(...codes: ErrorCode[]): (error: unknown) => boolean {
  return (error) => isRightsError(error, ...codes) || assert.fail(String(error))
}

function stateOf(file: string): FileState {
  const source = openFileSource(file)
  source.close()
  return source.state
}

const text = (words: string) => ({
  write: (sink: { write(bytes: Uint8Array): void }) => sink.write(Buffer.from(words)),
})

function fail(): never {
  throw new Error('stop')
}

test('a new file has its content, mode 0600, and nothing beside it', () => {
  const { size } = writeFileSafely({ path, existing: 'refuse', ...text('new') })
  assert.deepEqual([size, readFileSync(path, 'utf8'), readdirSync(folder)], [3, 'new', ['file']])
  assert.equal(statSync(path).mode & 0o777, 0o600)
})

test('what stands there stays unless it may be overwritten', () => {
  writeFileSync(path, 'old')
  assert.throws(() => writeFileSafely({ path, existing: 'refuse', ...text('new') }), code('file-exists'))
  const appears = { write: () => writeFileSync(join(folder, 'late'), 'theirs') }
  assert.throws(
    () => writeFileSafely({ path: join(folder, 'late'), existing: 'refuse', ...appears }),
    code('file-exists'),
  )
  assert.deepEqual([readFileSync(path, 'utf8'), readFileSync(join(folder, 'late'), 'utf8')], ['old', 'theirs'])
  writeFileSafely({ path, existing: 'overwrite', ...text('new') })
  assert.equal(readFileSync(path, 'utf8'), 'new')
})

test('a file that changed since it was read is neither replaced nor removed', () => {
  writeFileSync(path, 'old')
  const state = stateOf(path)
  writeFileSync(path, 'oLd')
  assert.throws(() => writeFileSafely({ path, existing: state, ...text('new') }), code('file-changed-meanwhile'))
  assert.throws(() => removeOriginal(path, state), code('file-changed-meanwhile'))
  assert.deepEqual([readFileSync(path, 'utf8'), readdirSync(folder)], ['oLd', ['file']])
})

test('a replaced file hands on permissions and times', () => {
  writeFileSync(path, 'old')
  chmodSync(path, 0o640)
  utimesSync(path, 1_000_000, 2_000_000)
  const state = stateOf(path)
  writeFileSafely({ path, existing: state, like: state, ...text('new') })
  const { mode, mtimeMs } = statSync(path)
  assert.deepEqual([mode & 0o777, mtimeMs], [0o640, 2_000_000_000])
})

test('a failure at any step leaves the old file and nothing else', () => {
  writeFileSync(path, 'old')
  assert.throws(() => writeFileSafely({ path, existing: 'overwrite', write: fail }), code('file-not-written'))
  const refusing = { path, existing: 'overwrite', ...text('new'), verify: fail } as const
  assert.throws(() => writeFileSafely(refusing), code('file-not-written'))
  assert.throws(
    () => writeFileSafely({ path: join(folder, 'no', 'f'), existing: 'refuse', ...text('') }),
    code('file-not-written'),
  )
  assert.deepEqual([readFileSync(path, 'utf8'), readdirSync(folder)], ['old', ['file']])
})

test('links and folders are not read', () => {
  writeFileSync(path, 'old')
  symlinkSync(path, join(folder, 'link'))
  linkSync(path, join(folder, 'hard'))
  assert.equal(stateOf(join(folder, 'hard')).links, 2)
  for (const name of ['link', '.', 'missing']) {
    assert.throws(() => openFileSource(join(folder, name)), code('file-unreadable'))
  }
})

test('a part left by a killed process is abandoned; one that is being written is not', () => {
  const mine = partName(Buffer.alloc(8))
  assert.deepEqual([isPartName(mine), isAbandonedPart(mine)], [true, false])
  const { pid } = spawnSync(process.execPath, ['--eval', ''])
  assert.equal(isAbandonedPart(mine.replace(`-${process.pid}-`, `-${pid}-`)), true)
  assert.equal(isAbandonedPart(mine.replace(`-${process.pid}-`, `-${process.ppid}-`)), false)
  assert.equal(isAbandonedPart(mine.replace(/^.sealward-\w+/, '.sealward-00000000')), false)
})
