/** Way B with exported keys alone over thousands of files, killed in the middle and called again. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import { jsonOf, sealward, spawnSealward, temporaryFolder } from '../../transcript.fixture.ts'

const copies = 2_000
const killedAfter = 300

interface Expected {
  readonly path: string
  readonly outcome: string
  readonly key: string
  readonly contentSha256: string
}

const cwd = temporaryFolder()

/** Small documents of one key, so that one export opens them all. */
function fillShare(): ReadonlyMap<string, string> {
  const text = readFileSync(join(cwd, 'lakeside/expected.json'), 'utf8')
  const { documents } = JSON.parse(text) as { documents: readonly Expected[] }
  const key = documents.find(({ path }) => path === 'finance/budget 2014.xlsx')?.key
  const small = documents
    .filter((each) => each.outcome === 'opens' && each.key === key)
    .filter(({ path }) => statSync(join(cwd, 'lakeside/documents', path)).size < 45_000)
  assert.ok(small.length > 5)
  const contents = new Map<string, string>()
  for (let copy = 0; copy < copies; copy++) {
    const { path, contentSha256 } = small[copy % small.length]!
    const folder = join(cwd, 'share', String(copy))
    mkdirSync(folder, { recursive: true })
    copyFileSync(join(cwd, 'lakeside/documents', path), join(folder, basename(path)))
    contents.set(folder, contentSha256)
  }
  return contents
}

/** What the journal of the run says is done; its first line is its head. */
function decryptedSoFar(): number {
  const folder = join(cwd, 'exit-journals')
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.jsonl')) : []
  const lines = names.map((name) => readFileSync(join(folder, name), 'utf8').split('\n').length - 2)
  return Math.max(0, ...lines)
}

test('killed by SIGKILL among thousands of files and called again, every file is decrypted once and whole', async () => {
  assert.equal((await sealward(['sample', 'lakeside'], { cwd })).code, 0)
  const contents = fillShare()
  mkdirSync(join(cwd, 'exit-keys'))
  copyFileSync(join(cwd, 'lakeside/tpd/rms.xml'), join(cwd, 'exit-keys/rms.xml'))
  const way = [
    'exit',
    'run',
    'B',
    '--offline',
    '--folder',
    'share',
    '--password-file',
    'lakeside/tpd/passwords/rms.txt',
  ]
  const args = [...way, '--anchor', 'lakeside/roots/mode-2.json', '--yes', '--json']

  const killed = spawnSealward(args, { cwd })
  killed.stdout.resume()
  killed.stderr.resume()
  const ended = new Promise((resolve) => killed.on('close', (_, signal) => resolve(signal)))
  while (decryptedSoFar() < killedAfter) {
    assert.equal(killed.exitCode, null)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  killed.kill('SIGKILL')
  assert.equal(await ended, 'SIGKILL')
  assert.ok(decryptedSoFar() < copies)

  const again = await sealward(args, { cwd })
  assert.equal(again.code, 0, again.stderr.slice(-500))
  const { decrypted, left } = jsonOf<{
    decrypted: { files: number; outcomes: Readonly<Record<string, number>> }
    left: { ok: boolean }
  }>(again)
  const { failed, unprotected, 'done-before': kept } = decrypted.outcomes
  assert.deepEqual([decrypted.files, failed, left.ok], [copies, 0, true])
  assert.ok((kept ?? 0) >= killedAfter - 1 && (unprotected ?? 0) > 0, JSON.stringify(decrypted.outcomes))
  for (const [folder, sha256] of contents) {
    const names = readdirSync(folder)
    assert.equal(names.length, 1, folder)
    const content = readFileSync(join(folder, names[0]!))
    assert.equal(createHash('sha256').update(content).digest('hex'), sha256, folder)
  }
})
