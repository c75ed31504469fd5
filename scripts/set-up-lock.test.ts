import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { exclusively } from './set-up-lock.js'

const folder = mkdtempSync(join(tmpdir(), 'sealward-lock-'))
after(() => {
  rmSync(folder, { recursive: true, force: true })
})

function deadProcess(): number {
  return spawnSync(process.execPath, ['--version']).pid
}

/** A program that writes `in` and `out` around 50 ms of work under the lock. */
function program(lock: string, log: string): string {
  return `
    import { appendFileSync } from 'node:fs'
    import { exclusively } from ${JSON.stringify(join(import.meta.dirname, 'set-up-lock.js'))}
    await exclusively(${JSON.stringify(lock)}, async () => {
      appendFileSync(${JSON.stringify(log)}, 'in ')
      await new Promise((resolve) => setTimeout(resolve, 50))
      appendFileSync(${JSON.stringify(log)}, 'out ')
    })`
}

async function runTogether(count: number, lock: string, log: string): Promise<void> {
  const children = Array.from({ length: count }, () =>
    spawn(process.execPath, ['--input-type=module', '--eval', program(lock, log)], { stdio: 'ignore' }),
  )
  await Promise.all(children.map((child) => once(child, 'exit')))
}

test('only one of several processes works at a time, and the lock is gone afterwards', async () => {
  const lock = join(folder, 'together')
  const log = join(folder, 'together.log')
  await runTogether(4, lock, log)
  assert.equal(readFileSync(log, 'utf8'), 'in out '.repeat(4))
  assert.equal(existsSync(lock), false)
})

test('a lock of dead processes is void, for one process at a time', async () => {
  const lock = join(folder, 'void')
  const log = join(folder, 'void.log')
  writeFileSync(lock, `${deadProcess()} ${deadProcess()}`)
  await runTogether(4, lock, log)
  assert.equal(readFileSync(log, 'utf8'), 'in out '.repeat(4))
})

test('a lock holds while the child of a killed set-up still runs', async () => {
  const lock = join(folder, 'orphan')
  const child = spawn(process.execPath, ['--eval', 'setTimeout(() => {}, 600)'])
  const log: string[] = []
  child.on('exit', () => log.push('orphan ended'))
  writeFileSync(lock, `${deadProcess()} ${child.pid ?? 0}`)
  await exclusively(lock, () => {
    log.push('entered')
    return Promise.resolve()
  })
  assert.deepEqual(log, ['orphan ended', 'entered'])
})

test('a lock of a killed process that nobody has reaped is void', { skip: process.platform !== 'linux' }, async () => {
  const lock = join(folder, 'zombie')
  // The shell becomes a program that never asks for the end of the child that it had.
  const parent = spawn('sh', ['-c', 'sh -c "exit 0" & echo $!; exec sleep 5'])
  const [line] = (await once(parent.stdout, 'data')) as [Buffer]
  writeFileSync(lock, `${line.toString().trim()} `)
  const before = Date.now()
  await exclusively(lock, () => Promise.resolve())
  parent.kill()
  assert.ok(Date.now() - before < 3_000)
})

test('an empty lock and a lock older than any set-up are void', async () => {
  const lock = join(folder, 'old')
  const log = join(folder, 'old.log')
  const enter = () => {
    appendFileSync(log, 'entered ')
    return Promise.resolve()
  }
  writeFileSync(lock, '')
  await exclusively(lock, enter)
  writeFileSync(lock, `${process.ppid}`)
  utimesSync(lock, new Date(), new Date(Date.now() - 3_600_000))
  await exclusively(lock, enter)
  assert.equal(readFileSync(log, 'utf8'), 'entered entered ')
})

test('the lock is released when the work fails', async () => {
  const lock = join(folder, 'failure')
  await assert.rejects(
    exclusively(lock, () => Promise.reject(new Error('no network'))),
    /no network/,
  )
  assert.equal(existsSync(lock), false)
})
