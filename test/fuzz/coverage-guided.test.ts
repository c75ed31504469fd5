/**
 * A short coverage-guided run of every fuzz target; the same targets run for hours by hand (CONTRIBUTING.md). A finding is
 * any error that is not typed, a hang of ten seconds, or more than 512 MiB.
 */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, existsSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { seedsOf } from './seeds.ts'

const seconds = Number(process.env['SEALWARD_FUZZ_SECONDS'] ?? 4)
const binaries = join(import.meta.dirname, '..', '..', 'node_modules', '.bin')

for (const target of ['xrml', 'compound-file', 'pfile', 'tpd', 'json-license', 'registration-file'] as const) {
  test(`fuzzing ${target} for ${seconds} s finds nothing but typed errors`, async () => {
    const folder = mkdtempSync(join(tmpdir(), `sealward-fuzz-${target}-`))
    try {
      const bundle = join(folder, 'target.cjs')
      const source = join(import.meta.dirname, 'targets', `${target}.ts`)
      const built = spawnSync(join(binaries, 'rolldown'), [
        source,
        '--file',
        bundle,
        '--format',
        'cjs',
        '--platform',
        'node',
      ])
      assert.equal(built.status, 0, built.stderr.toString())
      const corpus = join(folder, 'corpus')
      mkdirSync(corpus)
      for (const [index, seed] of (await seedsOf(target)).entries()) writeFileSync(join(corpus, `seed-${index}`), seed)
      const finding = join(folder, 'finding')
      const output = await runFor(seconds, folder)
      if (existsSync(finding)) {
        assert.fail(`input ${readFileSync(finding).subarray(0, 2000).toString('base64')}\n${output.slice(-4000)}`)
      }
      const counts = [...output.matchAll(/^#(\d+) \w+ +cov: (\d+)/gm)].map(([, runs, cover]) => [
        Number(runs),
        Number(cover),
      ])
      const [runs = 0, cover = 0] = counts.at(-1) ?? []
      assert.ok(
        runs > 5 && cover > 100,
        `the fuzzer hardly ran: ${runs} runs, coverage ${cover}\n${output.slice(-2000)}`,
      )
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
}

/** jsfuzz has no end of its own; it and its worker are one process group, ended together. */
async function runFor(limit: number, folder: string): Promise<string> {
  const limits = ['--exact-artifact-path', 'finding', '--timeout', '10', '--rss-limit-mb', '512']
  const child = spawn(join(binaries, 'jsfuzz'), ['target.cjs', 'corpus', ...limits], { cwd: folder, detached: true })
  let output = ''
  child.stdout.on('data', (piece: Buffer) => (output += piece.toString()))
  child.stderr.on('data', (piece: Buffer) => (output += piece.toString()))
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const timer = setTimeout(() => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  }, limit * 1000)
  await ended
  clearTimeout(timer)
  return output
}
