/** An administrator makes the scripts for a batch from what a rehearsal found, rolls them out, and collects the answers. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { after, before, test } from 'node:test'
import { createRedirection, type RedirectionRule } from '@sealward/client'
import type { CollectedChecks, RehearsalReport, UrlVariant } from '@sealward/migration'

const project = join(import.meta.dirname, '..', '..')
const program = join(project, 'packages', 'cli', 'src', 'main.ts')
const tenant = 'https://rights.lakeside.example'
let base = ''

before(() => {
  base = mkdtempSync(join(tmpdir(), 'sealward-client-scripts-'))
})
after(() => rmSync(base, { recursive: true, force: true }))

interface Run {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

function sealward(...args: readonly string[]): Run {
  return spawnSync(process.execPath, [program, ...args], { cwd: base, encoding: 'utf8' })
}

function errorOf({ stdout }: Run): string {
  return (JSON.parse(stdout) as { error: { code: string } }).error.code
}

/** Every file below a folder of this test, in order. */
function contentOf(folder: string): readonly string[] {
  return readdirSync(join(base, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => readFileSync(path, 'latin1'))
}

function redirectionValue(side: string, state: string): object {
  return {
    hive: 'HKLM',
    key: `SOFTWARE\\${side}Microsoft\\MSIPC\\ServiceLocation\\LicensingRedirection`,
    name: 'http://rms/_wmcs/licensing',
    state,
  }
}

function answer(computer: string, wow: string): string {
  return JSON.stringify({
    format: 'sealward-client-check-1',
    scriptVersion: 20240517,
    batch: 'pilot',
    checkedAt: '2024-05-20T08:00:00Z',
    computer,
    user: 'LAKESIDE\\bob',
    machineVersion: 20240517,
    userVersion: 20240517,
    preparedMachineVersion: 0,
    preparedUserVersion: 0,
    values: [redirectionValue('', 'right'), redirectionValue('Wow6432Node\\', wow)],
  })
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

test('every command of docs/client-scripts.md does what the text says', () => {
  mkdirSync(join(base, 'bin'))
  const npx = join(base, 'bin', 'npx')
  writeFileSync(npx, `#!/bin/sh\nshift\nexec "${process.execPath}" "${program}" "$@"\n`)
  chmodSync(npx, 0o755)
  const env = { ...process.env, PATH: `${join(base, 'bin')}${delimiter}${process.env['PATH'] ?? ''}` }
  const text = readFileSync(join(project, 'docs', 'client-scripts.md'), 'utf8')
  const blocks = [...text.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, commands = '']) => commands)
  assert.equal(blocks.length, 4)
  for (const block of blocks) {
    const { status, stdout, stderr } = spawnSync('sh', ['-e', '-c', block], { cwd: base, env, encoding: 'utf8' })
    assert.equal(status, 0, `${block}\n${stdout}\n${stderr}`)
  }
})

test('every address of a licence whose key is exported is redirected as it is written, others are named', () => {
  const report = JSON.parse(readFileSync(join(base, 'rehearsal.json'), 'utf8')) as RehearsalReport
  const run = sealward(
    ...'client scripts --cluster-url https://rms.lakeside.example --report rehearsal.json --output nowhere'.split(' '),
    ...`--tenant-url ${tenant} --script-version 20240517 --dry-run --json`.split(' '),
  )
  assert.equal(run.status, 0, run.stderr)
  const { addresses, warnings } = JSON.parse(run.stdout) as {
    addresses: readonly UrlVariant[]
    warnings: readonly { code: string; subject: string }[]
  }
  const mapped = report.urls.filter((url) => url.mapped)
  assert.ok(mapped.length > 0)
  for (const { url } of mapped) {
    assert.ok(
      addresses.some((each) => sameName(each.url, url) && each.origin === 'licence'),
      url,
    )
  }
  for (const { url } of report.urls.filter((each) => !each.mapped)) {
    const redirected = addresses.some((each) => sameName(each.url, url))
    const told = warnings.some(({ code, subject }) => code === 'key-not-exported' && subject === url)
    assert.equal(redirected, !told && !url.includes('//rights.'), url)
  }
  assert.ok(
    addresses.some(({ url }) => url.endsWith(' ')),
    'the sample has a licence with a blank after its address',
  )
  assert.equal(existsSync(join(base, 'nowhere')), false, 'a dry run writes nothing')
})

test('with the connection file, our own client asks the tenant for every address, and those who stay the cluster', () => {
  const addresses = JSON.parse(readFileSync(join(base, 'scripts', 'addresses.json'), 'utf8')) as readonly UrlVariant[]
  const rules = (name: string): readonly RedirectionRule[] =>
    (
      JSON.parse(readFileSync(join(base, 'scripts', 'client', name), 'utf8')) as {
        redirections: readonly RedirectionRule[]
      }
    ).redirections
  const moved = createRedirection(rules('connection-migrate.json'))
  for (const { url } of addresses) assert.equal(moved.resolve(url), `${tenant}/_wmcs/licensing`)
  const staying = createRedirection(rules('connection-prepare.json'))
  assert.equal(staying.resolve(`${tenant}:443/_wmcs/licensing`), 'https://rms.lakeside.example/_wmcs/licensing')
  assert.equal(moved.resolve('https://rms.partner.test/_wmcs/licensing'), 'https://rms.partner.test/_wmcs/licensing')
})

test('the same plan gives the same folder', () => {
  assert.deepEqual(contentOf('scripts'), contentOf('scripts-again'))
})

test('what is refused is refused before anything is written', () => {
  const made = ['client', 'scripts', '--tenant-url', tenant, '--output', 'refused', '--json', '--cluster-url']
  const refusals: readonly (readonly [readonly string[], string, number])[] = [
    [['https://rms.lakeside.example '], 'redirection-url-blank', 5],
    [['https://rm\u0455.lakeside.example'], 'redirection-url-not-ascii', 5],
    [['https://rms.lakeside.example.'], 'redirection-url-trailing-dot', 5],
    [[tenant], 'redirection-loop', 5],
    [['https://rms.lakeside.example', '--batch', 'a%b'], 'batch-name-invalid', 5],
    [['https://rms.lakeside.example', '--script-version', '1'], 'script-version-invalid', 5],
    [['https://rms.lakeside.example', '--plan', 'scripts/plan.json'], 'option-invalid', 2],
  ]
  for (const [args, code, status] of refusals) {
    const run = sealward(...made, ...args)
    assert.equal(run.status, status, run.stderr)
    assert.equal(errorOf(run), code)
    assert.equal(existsSync(join(base, 'refused')), false)
  }
  const again = sealward('client', 'scripts', '--plan', 'scripts/plan.json', '--output', 'scripts', '--json')
  assert.equal(errorOf(again), 'file-exists')
  assert.deepEqual(
    readdirSync(base).filter((name) => name.startsWith('.sealward')),
    [],
    'no half-written folder is left',
  )
})

test('answers of computers are tabulated, and an incomplete one is a finding', () => {
  const folder = join(base, 'some-answers')
  mkdirSync(folder)
  writeFileSync(join(folder, 'one.json'), answer('PC-1', 'right'))
  assert.equal(sealward('client', 'collect', 'some-answers').status, 0)
  writeFileSync(join(folder, 'two.json'), answer('PC-\u001b[2J', 'missing'))
  writeFileSync(join(folder, 'three.json'), 'no answer')
  const told = sealward('client', 'collect', 'some-answers')
  assert.equal(told.status, 1)
  assert.match(told.stdout, /^2 answers: 1 complete, 1 partial, 0 prepared, 0 untouched, 1 unreadable/)
  assert.match(told.stdout, /machine msipc wow6432/)
  assert.ok(!told.stdout.includes('\u001b'))
  const { addresses, unreadable } = JSON.parse(
    sealward('client', 'collect', 'some-answers', '--json').stdout,
  ) as CollectedChecks
  assert.deepEqual(
    addresses.map(({ side }) => side),
    ['wow6432'],
  )
  assert.deepEqual(unreadable, [{ file: 'three.json', code: 'client-check-invalid' }])
})
