/** A service of either kind that listens, made and served by the program, with the people and exports of the sample. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after } from 'node:test'
import { freePort } from './start/free-port.ts'
import { sealward, spawnSealward } from './transcript.fixture.ts'

export interface ServedService {
  readonly url: string
  readonly data: string
  readonly tokenFile: string
}

const started: ReturnType<typeof spawnSealward>[] = []

// Here, because inside of a hook it would belong to the hook.
after(() => {
  for (const child of started) child.kill('SIGKILL')
})

/** @param cwd holds the sample in `lakeside` */
export async function serve(cwd: string, kind: 'tenant' | 'cluster'): Promise<ServedService> {
  const port = String(await freePort(0))
  const people = ['--directory', join(cwd, 'lakeside/directory.json'), '--organisation', 'Lakeside']
  const made = await sealward(
    [kind, 'create', '--data', kind, '--port', port, ...people, '--domain', 'lakeside.example', '--yes'],
    { cwd },
  )
  assert.equal(made.code, 0, made.stderr)
  const child = spawnSealward(['serve', '--config', join(kind, 'service.json')], { cwd })
  started.push(child)
  let said = ''
  child.stdout.resume()
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  while (!said.includes('/admin/v1')) {
    assert.equal(child.exitCode, null, said)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return { url: `http://127.0.0.1:${port}`, data: join(cwd, kind), tokenFile: join(cwd, kind, 'admin-token') }
}
