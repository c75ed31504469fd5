import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Command } from 'commander'
import { createProgram } from './program.ts'
import { jsonOf, sealward } from './transcript.fixture.ts'

interface Verb {
  readonly path: string
  readonly command: Command
}

function verbsOf(command: Command, path: string): readonly Verb[] {
  if (command.commands.length === 0) return [{ path, command }]
  return command.commands.flatMap((inner) => verbsOf(inner, `${path} ${inner.name()}`))
}

const verbs = verbsOf(await createProgram(), 'sealward')

function helpOf(command: Command): string {
  let text = ''
  command.configureOutput({ writeOut: (part) => (text += part) })
  command.outputHelp()
  return text
}

test('the help of every command shows two examples that name it', () => {
  assert.ok(verbs.length >= 59, `${verbs.length} commands`)
  for (const { path, command } of verbs) {
    const examples = helpOf(command)
      .split('\n')
      .filter((line) => line.startsWith('  $ '))
    assert.equal(examples.length, 2, path)
    for (const example of examples) assert.ok(`${example} `.startsWith(`  $ ${path} `), `${path}: ${example}`)
  }
})

test('examples use options that exist', () => {
  for (const { path, command } of verbs) {
    const known = new Set(command.options.map(({ long }) => long))
    for (const line of helpOf(command)
      .split('\n')
      .filter((text) => text.startsWith('  $ '))) {
      for (const [option] of line.matchAll(/--[a-z][a-z-]*/g)) assert.ok(known.has(option), `${path}: ${option}`)
    }
  }
})

test('what changes something can be rehearsed with --dry-run and done with --yes', () => {
  const changing = [
    'protect',
    'unprotect',
    'tpd import',
    'tpd export',
    'tpd split',
    'key activate',
    'key archive',
    'template publish',
    'template archive',
    'admission add',
    'admission remove',
    'mobile refuse',
    'mobile serve',
    'mobile offline',
    'super-user add',
    'super-user remove',
    'super-user enable',
    'super-user disable',
    'directory set-password',
    'directory sync',
    'directory release',
    'scp register',
    'scp unregister',
    'key create',
    'tenant create',
    'tenant enable',
    'tenant disable',
    'tenant take-over',
    'cluster create',
    'cluster read-only',
    'cluster serve',
    'cluster decommission',
    'onboarding set',
    'onboarding remove',
    'migrate plan',
    'migrate run',
    'migrate undo',
    'approval decide',
    'exit run',
    'exit deactivate',
    'client import',
    'client reset',
  ]
  for (const name of changing) {
    const verb = verbs.find(({ path }) => path === `sealward ${name}`)
    const options = verb?.command.options.map(({ long }) => long) ?? []
    assert.ok(options.includes('--dry-run') && options.includes('--yes'), name)
  }
})

test('every command can be read by programs, or shows its plan before it changes anything', () => {
  // These run until they are stopped, write a file that is named, or forget what is asked for again anyway.
  const others = ['start', 'serve', 'directory flush', 'trust user-domain export', 'log export']
  for (const { path, command } of verbs) {
    const options = new Set(command.options.map(({ long }) => long))
    const name = path.replace('sealward ', '')
    assert.equal(!options.has('--json') && !options.has('--dry-run'), others.includes(name), name)
    if (options.has('--yes')) assert.ok(options.has('--dry-run'), name)
  }
})

test('no option takes a secret as its value', () => {
  for (const { path, command } of verbs) {
    for (const { long, flags } of command.options) {
      if (/password|passphrase|secret|token|master-key/.test(long ?? ''))
        assert.match(flags, /-file <file>|master-key <file>|^[^<[]+$/, path)
    }
  }
})

test('a wrong call ends with 2, in the form of every error', async () => {
  const wrong: readonly (readonly string[])[] = [
    ['--nonsense'],
    ['nonsense'],
    ['inspect'],
    ['inspect', '--nonsense', 'x'],
    ['xrml', 'nonsense'],
    ['rehearse', '--documents', '.'],
    ['sample', 'x', 'y'],
    ['migrate', 'statu'],
  ]
  const transcripts = await Promise.all(wrong.map((args) => sealward(args)))
  for (const [index, { code, stdout, stderr }] of transcripts.entries()) {
    assert.equal(code, 2, wrong[index]?.join(' '))
    assert.equal(stdout, '')
    assert.match(stderr, /^sealward: [^\\]+ \[usage-invalid\]\ncure: .+\n$/)
  }
})

test('a wrong call with --json gives one document on standard output', async () => {
  const transcript = await sealward(['inspect', '--json', '--nonsense'])
  assert.equal(transcript.code, 2)
  const { error } = jsonOf<{ error: Record<string, unknown> }>(transcript)
  assert.deepEqual(Object.keys(error), ['code', 'cause', 'cure', 'detail'])
  assert.equal(error['code'], 'usage-invalid')
})

test('help that was asked for is data and ends with 0; help because a verb is missing is not', async () => {
  const [asked, missing] = await Promise.all([sealward(['tpd', '--help']), sealward(['tpd'])])
  assert.equal(asked.code, 0)
  assert.match(asked.stdout, /Usage: sealward tpd/)
  assert.equal(missing.code, 2)
  assert.equal(missing.stdout, '')
})

test('version says which', async () => {
  const [text, json] = await Promise.all([sealward(['version']), sealward(['version', '--json'])])
  assert.match(text.stdout, /^sealward \d+\.\d+\.\d+ /)
  assert.deepEqual(Object.keys(jsonOf(json)), ['version', 'node', 'openssl', 'platform'])
})
