import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import { isRightsError } from '@sealward/xrml'
import { openRunJournal, type FinishedFile, type JournaledRun } from './run-journal.ts'

let folder = ''
let path = ''
const run: JournaledRun = { work: 'unprotect', root: '/srv/documents' }
const fileOf = (name: string): FinishedFile => ({ path: `${name}.ptxt`, output: name, sha256: 'a'.repeat(64), size: 7 })

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'sealward-journal-'))
})
after(() => rmSync(folder, { recursive: true }))
beforeEach(() => {
  path = join(folder, 'journal.jsonl')
  for (const name of [path, `${path}.lock`]) rmSync(name, { force: true })
})

const refused = (error: unknown): boolean => isRightsError(error, 'journal-refused')
const inUse = (error: unknown): boolean => isRightsError(error, 'journal-in-use')

test('what was added is there again, by original and by result', () => {
  const first = openRunJournal(path, run)
  for (let index = 0; index < 200; index++) first.add(fileOf(`file ${index}\n"ü`))
  first.close()
  const again = openRunJournal(path, run)
  assert.equal(again.size, 200)
  assert.deepEqual(again.ofOutput('file 7\n"ü'), fileOf('file 7\n"ü'))
  assert.deepEqual(again.ofOriginal('file 7\n"ü.ptxt'), fileOf('file 7\n"ü'))
  again.close()
  assert.equal(statSync(path).mode & 0o777, 0o600)
})

test('cut off at any byte, the whole lines count and the rest is written again', () => {
  const journal = openRunJournal(path, run)
  for (const name of ['one', 'two', 'three']) journal.add(fileOf(name))
  journal.close()
  const whole = readFileSync(path)
  for (let length = 0; length <= whole.length; length++) {
    writeFileSync(path, whole.subarray(0, length))
    const resumed = openRunJournal(path, run)
    const lines = whole.subarray(0, length).toString().split('\n').length - 1
    assert.equal(resumed.size, Math.max(0, lines - 1), `${length} bytes`)
    for (const name of ['one', 'two', 'three']) if (resumed.ofOutput(name) === undefined) resumed.add(fileOf(name))
    resumed.close()
    assert.deepEqual(readFileSync(path), whole)
  }
})

test('the journal of another run, and a damaged one, are refused and stay as they are', () => {
  openRunJournal(path, run).close()
  for (const other of [
    { ...run, root: '/srv/other' },
    { ...run, outputRoot: '/out' },
    { ...run, work: 'reprotect' as const },
  ]) {
    assert.throws(() => openRunJournal(path, other), refused)
  }
  for (const line of ['not json', '{}', '{"path":1,"output":"a","sha256":"","size":1}', 'x'.repeat(100_000)]) {
    appendFileSync(path, `${line}\n`)
    const bytes = readFileSync(path)
    assert.throws(() => openRunJournal(path, run), refused)
    assert.deepEqual(readFileSync(path), bytes)
    rmSync(path)
    openRunJournal(path, run).close()
  }
})

test('one run at a time; the lock of a process that is gone is taken over', () => {
  const journal = openRunJournal(path, run)
  assert.throws(() => openRunJournal(path, run), inUse)
  journal.close()
  assert.equal(existsSync(`${path}.lock`), false)
  const { pid } = spawnSync(process.execPath, ['--eval', ''])
  writeFileSync(`${path}.lock`, `${pid}\n`)
  openRunJournal(path, run).close()
  assert.equal(existsSync(`${path}.lock`), false)
})
