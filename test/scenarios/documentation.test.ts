/** The commands of the documentation, run as they stand: README first, then the operators' pages that build on it. */
import assert from 'node:assert/strict'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { after, before, test } from 'node:test'
import { freePort } from './lakeside.ts'

const project = join(import.meta.dirname, '..', '..')
let base = ''
let environment: NodeJS.ProcessEnv = {}
const background: ChildProcess[] = []
/** The last thing that a service says before it waits for requests, with the sample and without. */
const listening = /Ctrl-C stops the service|^administration: http/m

/** A reader has the ports of the text free; beside other tests nobody knows. */
const ports = new Map([
  ['8501', ''],
  ['8502', ''],
])

before(async () => {
  for (const port of ports.keys()) ports.set(port, String(await freePort()))
  base = mkdtempSync(join(tmpdir(), 'sealward-docs-'))
  // Stands for the `npx` of a checkout, which finds the command of this project.
  mkdirSync(join(base, 'bin'))
  const npx = join(base, 'bin', 'npx')
  const program = join(project, 'packages', 'cli', 'src', 'main.ts')
  writeFileSync(npx, `#!/bin/sh\nshift\nexec "${process.execPath}" "${program}" "$@"\n`)
  chmodSync(npx, 0o755)
  environment = {
    ...process.env,
    PATH: `${join(base, 'bin')}${delimiter}${process.env['PATH'] ?? ''}`,
  }
})

after(() => {
  for (const { pid, exitCode } of background) {
    if (pid !== undefined && exitCode === null) process.kill(-pid, 'SIGINT')
  }
  rmSync(base, { recursive: true, force: true })
})

interface Block {
  readonly kind: 'run' | 'background'
  readonly text: string
}

function blocksOf(file: string): readonly Block[] {
  const text = readFileSync(join(project, file), 'utf8')
  return [...text.matchAll(/^```sh( background)?\n([^]*?)^```$/gm)].map(([, inBackground, commands = '']) => ({
    kind: inBackground === undefined ? 'run' : 'background',
    text: commands,
  }))
}

async function run({ kind, text: written }: Block): Promise<void> {
  const text = [...ports].reduce((all, [port, free]) => all.replaceAll(port, free), written)
  if (kind === 'run') {
    const { status, stderr, stdout } = spawnSync('sh', ['-e', '-c', text], {
      cwd: base,
      env: environment,
      encoding: 'utf8',
    })
    assert.equal(status, 0, `${text}\n${stdout}\n${stderr}`)
    return
  }
  const child = spawn('sh', ['-c', `exec ${text}`], { cwd: base, env: environment, detached: true })
  background.push(child)
  let output = ''
  await new Promise<void>((resolve, reject) => {
    const listen = (piece: Buffer): void => {
      output += piece.toString()
      if (listening.test(output)) resolve()
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    child.once('close', () => reject(new Error(`ended early: ${output}`)))
  })
}

for (const file of ['README.md', 'docs/service.md', 'docs/client.md']) {
  test(`every command of ${file} does what the text says`, async () => {
    const blocks = blocksOf(file)
    assert.ok(blocks.length > 3)
    for (const block of blocks) await run(block)
  })
}
