/** Runners that stand still, are interrupted or are killed in the middle of a step, and the ones that come after them. */
import assert from 'node:assert/strict'
import { copyFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { serve } from '../../service.fixture.ts'
import { jsonOf, sealward, spawnSealward, temporaryFolder, type Transcript } from '../../transcript.fixture.ts'
import { planFor } from './import-plan.fixture.ts'

const skip = process.platform === 'win32'
const cwd = temporaryFolder()
const project = ['--project', 'migration']
const step2 = ['migrate', 'run', '--step', '2', ...project, '--credentials', 'secrets', '--yes']
const undo2 = ['migrate', 'undo', '--step', '2', ...project, '--credentials', 'secrets', '--yes']

async function done(...args: readonly string[]): Promise<Transcript> {
  const transcript = await sealward(args, { cwd })
  assert.equal(transcript.code, 0, `${args.join(' ')}: ${transcript.stderr}`)
  return transcript
}

interface Runner {
  /** Resolves when it has said this on standard error. */
  said(words: RegExp): Promise<void>
  signal(name: NodeJS.Signals): void
  readonly ended: Promise<{
    readonly code: number | null
    readonly signal: NodeJS.Signals | null
    readonly stderr: string
  }>
}

function start(args: readonly string[]): Runner {
  const child = spawnSealward(args, { cwd })
  let stderr = ''
  child.stdin.end()
  child.stdout.resume()
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const ended = new Promise<Awaited<Runner['ended']>>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, stderr }))
  })
  return {
    ended,
    signal: (name) => void child.kill(name),
    said: async (words) => {
      while (!words.test(stderr)) {
        assert.equal(child.exitCode, null, stderr)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    },
  }
}

interface Stored {
  readonly keys: readonly { readonly id: string; readonly state: string; readonly origin: string }[]
  readonly state: string
}

async function stored(): Promise<Stored> {
  const { keys } = jsonOf<Pick<Stored, 'keys'>>(await done('key', 'list', '--data', 'tenant', '--json'))
  const { state } = jsonOf<Pick<Stored, 'state'>>(await done('migrate', 'status', ...project, '--json'))
  return { keys: keys.map(({ id, state: each, origin }) => ({ id, state: each, origin })), state }
}

const records = (kind: string): number =>
  readFileSync(join(cwd, 'migration/journal.jsonl'), 'utf8').split(`"kind":"${kind}"`).length - 1

before(async () => {
  await done('sample', 'lakeside')
  const tenant = await serve(cwd, 'tenant')
  cpSync(join(cwd, 'lakeside/tpd'), join(cwd, 'exports'), { recursive: true })
  cpSync(join(cwd, 'lakeside/tpd/passwords'), join(cwd, 'secrets'), { recursive: true })
  copyFileSync(tenant.tokenFile, join(cwd, 'secrets/tenant.token'))
  writeFileSync(join(cwd, 'plan.json'), JSON.stringify(planFor(cwd, tenant)))
  await done('migrate', 'plan', 'plan.json', ...project, '--yes')
  await done('migrate', 'run', '--step', '1', ...project, '--credentials', 'secrets', '--yes')
})

test('the second of two runners waits for the first, and says for whom', { skip }, async () => {
  const first = start([...step2, '--as', 'Ines'])
  await first.said(/^check exports-open: passed$/m)
  first.signal('SIGSTOP')
  const second = start([...undo2, '--as', 'Emma'])
  await second.said(/^waiting for Ines: run 2$/m)
  assert.equal(records('done'), 1)
  first.signal('SIGCONT')
  const [one, two] = [await first.ended, await second.ended]
  assert.deepEqual([one.code, two.code], [0, 0], `${one.stderr}${two.stderr}`)
  assert.deepEqual([records('done'), records('undone')], [2, 1])
})

test('Ctrl-C ends a run between two actions, says so, and the next run finishes it', { skip }, async () => {
  const interrupted = start(step2)
  await interrupted.said(/^check exports-open: passed$/m)
  interrupted.signal('SIGINT')
  const { code, stderr } = await interrupted.ended
  assert.equal(code, 130)
  assert.match(stderr, /\[interrupted\]\ncure: Run the command again/)
  await done(...step2)
  const finished = await stored()
  assert.equal(finished.state, 'Imported')
  await done(...undo2)
})

test('after kill -9 between two actions the step is finished, or taken back and done again', { skip }, async () => {
  for (const ending of ['finished', 'taken back'] as const) {
    const killed = start(step2)
    await killed.said(/^done: register-/m)
    killed.signal('SIGKILL')
    assert.equal((await killed.ended).signal, 'SIGKILL')
    if (ending === 'taken back') {
      await done(...undo2)
      assert.equal((await stored()).state, 'Prepared')
    }
    await done(...step2)
    const { state, keys } = await stored()
    assert.equal(state, 'Imported')
    assert.deepEqual(keys.map((key) => `${key.origin} ${key.state}`).sort(), ['imported active', 'imported archived'])
    await done(...undo2)
  }
})
