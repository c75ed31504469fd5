/** An administrator with exports and a folder of documents proves what opens, without changing anything. */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { htmlReport, type RehearsalReport } from '@sealward/migration'
import type { ExpectedDocument } from '@sealward/sample'

const program = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'src', 'main.ts')
let base = ''
let sample = ''

before(() => {
  base = mkdtempSync(join(tmpdir(), 'sealward-rehearsal-'))
  sample = join(base, 'sample')
  const made = spawnSync(process.execPath, [program, 'sample', sample])
  assert.equal(made.status, 0, made.stderr.toString())
})
after(() => rmSync(base, { recursive: true }))

const clusters = ['rms-old', 'rms', 'legal']

function options(...more: readonly string[]): string[] {
  return [
    program,
    'rehearse',
    ...clusters.flatMap((name) => ['--tpd', join(sample, 'tpd', `${name}.xml`)]),
    ...clusters.flatMap((name) => ['--password-file', join(sample, 'tpd', 'passwords', `${name}.txt`)]),
    ...['mode-1', 'mode-2'].flatMap((name) => ['--anchor', join(sample, 'roots', `${name}.json`)]),
    '--documents',
    join(sample, 'documents'),
    ...more,
  ]
}

/** Everything below the sample with its hash and times. */
function stateOf(folder: string): string {
  const hash = createHash('sha256')
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    const { size, mtimeMs, mode } = statSync(path)
    hash.update(`${path} ${mode} ${entry.isFile() ? `${size} ${mtimeMs}` : ''}\n`)
    if (entry.isFile()) hash.update(readFileSync(path))
  }
  return hash.digest('hex')
}

test('every document has its expected outcome, and nothing is changed', () => {
  const untouched = stateOf(sample)
  const run = spawnSync(process.execPath, options('--json'))
  assert.equal(run.status, 1, 'some documents fail, so the exit code says findings')
  const report = JSON.parse(run.stdout.toString()) as RehearsalReport
  const { documents } = JSON.parse(readFileSync(join(sample, 'expected.json'), 'utf8')) as {
    documents: readonly ExpectedDocument[]
  }
  assert.equal(report.documents.length, documents.length)
  for (const expected of documents) {
    const found = report.documents.find(({ path }) => path === expected.path)
    assert.ok(found !== undefined, expected.path)
    const { outcome, reason, format } = found
    assert.deepEqual(
      { outcome, reason, format },
      { outcome: expected.outcome, reason: expected.reason ?? null, format: expected.format },
      expected.path,
    )
    if (outcome !== 'opens') continue
    assert.equal(found.contentSha256, expected.contentSha256, expected.path)
    assert.deepEqual(found.mayOpen, expected.license?.mayOpen, expected.path)
  }
  const { opens, fails, unprotected } = report.summary
  assert.equal(opens + fails + unprotected, documents.length)
  assert.equal(report.missingKeys.length, 1, 'the cluster whose key was never exported')
  assert.equal(stateOf(sample), untouched)
})

test('the same input gives the same bytes: JSON, table and page', () => {
  for (const kind of ['json', 'table', 'html']) {
    const [first, second] = [1, 2].map((time) => {
      // Of its own each time: a page is never written over a file.
      const page = join(base, `report-${time}.html`)
      const more = { json: ['--json'], table: [], html: ['--html', page] }[kind] ?? []
      const run = spawnSync(process.execPath, options(...more))
      assert.equal(run.status, 1, run.stderr.toString())
      return run.stdout.toString().replace(page, 'PAGE') + (kind === 'html' ? readFileSync(page, 'utf8') : '')
    })
    assert.equal(first, second, kind)
    assert.ok((first ?? '').length > 1000)
  }
})

test('the page is self-contained: no script, nothing loaded, hostile names are text', () => {
  const report = JSON.parse(spawnSync(process.execPath, options('--json')).stdout.toString()) as RehearsalReport
  const [document] = report.documents
  assert.ok(document !== undefined)
  const hostile = { ...document, path: '<img src=x onerror=alert(1)>\u202Efdp.exe\u0000\uFFFE\uD800' }
  const page = htmlReport({ ...report, documents: [...report.documents, hostile] })
  for (const active of ['<script', '<link', '<img', 'src="', 'url(http', '@import', '\u202E']) {
    assert.ok(!page.includes(active), active)
  }
  assert.ok(page.includes('&lt;img src=x onerror=alert(1)&gt;'))
})

test('a wrong password, a missing root and a damaged export stop before anything is read', () => {
  const first = clusters[0] ?? ''
  const tpd = join(sample, 'tpd', `${first}.xml`)
  const documents = ['--documents', join(sample, 'documents')]
  const wrong = join(sample, 'tpd', 'passwords', 'legal.txt')
  const right = join(sample, 'tpd', 'passwords', `${first}.txt`)
  const run = (...more: readonly string[]) =>
    spawnSync(process.execPath, [program, 'rehearse', ...more, ...documents, '--json'])
  const wrongPassword = run('--tpd', tpd, '--password-file', wrong)
  assert.equal(wrongPassword.status, 3)
  assert.match(wrongPassword.stderr.toString(), /^sealward: .* \[tpd-not-opened\]\ncure: /)
  const answer = JSON.parse(wrongPassword.stdout.toString()) as { readonly error: { readonly code: string } }
  assert.equal(answer.error.code, 'tpd-not-opened')
  const untrusted = run('--tpd', tpd, '--password-file', right)
  assert.equal(untrusted.status, 5)
  assert.match(untrusted.stderr.toString(), /\[chain-anchor-untrusted\]/)
})

test('Ctrl-C ends it within a moment and leaves neither files nor processes behind', async () => {
  const large = join(base, 'large')
  assert.equal(spawnSync(process.execPath, [program, 'sample', large, '--documents', '600']).status, 0)
  const entries = readdirSync(base).sort()
  const args = options().map((arg) => arg.replace(sample, large))
  const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const { pid } = child
  assert.ok(pid !== undefined)
  await new Promise((resolve) => setTimeout(resolve, 900))
  process.kill(-pid, 'SIGINT')
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  assert.notEqual(code, 0)
  assert.deepEqual(readdirSync(base).sort(), entries)
  // Signal 0 only asks: the group has nobody left.
  assert.throws(() => process.kill(-pid, 0), { code: 'ESRCH' })
})
