/** An administrator with exports and a folder of documents proves what opens, without changing anything. */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
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

/** Names that other programs rely on. */
const contract = {
  summary: ['documents', 'opens', 'fails', 'unprotected', 'byReason'],
  keys: ['key', 'mode', 'bits', 'source', 'documents'],
  missingKeys: ['issuerKey', 'urls', 'documents'],
  urls: ['url', 'documents', 'mapped'],
  templates: ['id', 'name', 'documents'],
  documents: ['path', 'format', 'outcome', 'reason', 'key', 'contentSha256'],
} as const satisfies Record<keyof RehearsalReport, readonly string[]>

test('the report has the fields of the contract and counts every document once', () => {
  const report = JSON.parse(spawnSync(process.execPath, options('--json')).stdout.toString()) as RehearsalReport
  for (const [part, names] of Object.entries(contract)) {
    const value = report[part as keyof RehearsalReport]
    const rows: readonly object[] = Array.isArray(value) ? value : [value]
    assert.ok(rows.length > 0, part)
    for (const row of rows) for (const name of names) assert.ok(name in row, `${part}.${name}`)
  }
  const { summary, keys, missingKeys, urls, templates, documents } = report
  const failed = documents.filter(({ outcome }) => outcome === 'fails')
  assert.equal(failed.length, summary.fails)
  for (const [reason, count] of Object.entries(summary.byReason))
    assert.equal(failed.filter((document) => document.reason === reason).length, count, reason)
  for (const { key, documents: count } of [
    ...keys,
    ...missingKeys.map((missing) => ({ ...missing, key: missing.issuerKey })),
  ])
    assert.equal(documents.filter((document) => document.key === key).length, count, key)
  const notExported = urls.filter(({ mapped }) => !mapped).map(({ url }) => url)
  assert.deepEqual(notExported, missingKeys[0]?.urls)
  assert.deepEqual(
    templates.filter(({ exported }) => !exported).map(({ name }) => name),
    ['Project Heron'],
  )
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
  assert.match(htmlReport(report), /<svg [^>]*role="img" aria-label="[^"]*48[^"]*"/, 'a picture of the outcome')
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

/** Ids of the processes of a session (proc_pid_stat(5), field 6). */
function processesOfSession(session: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => statFields(pid)[3] === session)
}

/** From field 3 on: state, parent, group, session. */
function statFields(pid: number): readonly number[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
  } catch {
    // Ended meanwhile.
    return []
  }
}

const skip = process.platform !== 'linux' && 'script(1) and /proc are those of Linux'

test('a terminal shows progress; Ctrl-C ends it at once and leaves neither files nor processes behind', {
  skip,
}, async () => {
  const large = join(base, 'large')
  for (let copy = 0; copy < 40; copy++)
    cpSync(join(sample, 'documents'), join(large, String(copy)), { recursive: true })
  const temporary = mkdtempSync(join(base, 'tmp-'))
  const untouched = stateOf(base)
  const command = [process.execPath, ...options()].map((arg) => `'${arg.replace(join(sample, 'documents'), large)}'`)
  // The keyboard of a terminal of its own: whoever reads from it gets the signal, as with a person in front.
  const script = spawn('script', ['--quiet', '--return', '--flush', '--command', command.join(' '), '/dev/null'], {
    env: { ...process.env, TMPDIR: temporary },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = new Promise<number | null>((resolve) => script.once('close', resolve))
  let screen = ''
  await new Promise<void>((resolve, reject) => {
    script.stdout.on('data', (piece: Buffer) => {
      screen += piece.toString()
      if (/rehearsing: \S+ \d+ % {2}\d+ of 2520/.test(screen)) resolve()
    })
    void ended.then(() => reject(new Error(`no progress was shown: ${screen}`)))
  })
  const [leader] = readdirSync('/proc')
    .map(Number)
    .filter((pid) => statFields(pid)[1] === script.pid)
  assert.ok(leader !== undefined)
  assert.ok(processesOfSession(leader).length > 1, 'file parsers are processes of their own')
  script.stdin.write('\u0003')
  assert.equal(await ended, 130, screen)
  assert.match(screen, /\[interrupted\]/)
  assert.doesNotMatch(screen, / fail, /)
  assert.deepEqual(processesOfSession(leader), [])
  assert.equal(stateOf(base), untouched)
})
