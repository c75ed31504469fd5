import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { startTestCluster } from './test-cluster/cluster.fixture.ts'
import { testPassword } from './test-cluster/world.fixture.ts'

test('the example of the README runs as it stands', async () => {
  const cluster = await startTestCluster({ 'bob@lakeside.example': [], 'alice@lakeside.example': [] })
  const home = mkdtempSync(join(tmpdir(), 'sealward-readme-'))
  try {
    mkdirSync(join(home, 'store'), { mode: 0o700 })
    writeFileSync(join(home, 'notes.txt'), 'the notes')
    writeFileSync(join(home, 'password'), testPassword)
    const readme = readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8')
    const example = /```ts\n(.*?)```/s.exec(readme)?.[1] ?? assert.fail('no example')
    const placed = example
      .replace('https://rights.lakeside.example', cluster.url)
      .replace('/run/secrets/bob', join(home, 'password'))
      .replace('/home/bob/.local/share/sealward', join(home, 'store'))
      .replace('/home/bob/notes.txt', join(home, 'notes.txt'))
      .replace('3f0a5d1c…', cluster.anchor)
    const run = promisify(execFile)
    const options = { cwd: import.meta.dirname, timeout: 30_000 }
    const { stdout } = await run(process.execPath, ['--input-type=module-typescript', '--eval', placed], options)
    assert.equal(stdout, "bob@lakeside.example [ 'OWNER' ] the notes\n")
  } finally {
    rmSync(home, { recursive: true })
    await cluster.close()
  }
})
