/** `sealward serve` with several services: made with the program, on one listener, administered in both ways. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { freePort } from '../start/free-port.ts'
import { sealward, spawnSealward } from '../transcript.fixture.ts'

let cwd: string
before(() => {
  cwd = mkdtempSync(join(tmpdir(), 'sealward-serve-'))
})
after(() => rmSync(cwd, { recursive: true }))

async function done(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await sealward(args, { cwd })
  assert.equal(code, 0, stderr)
  return stdout
}

test('serves what its file lists, and each is administered for itself', async () => {
  const port = await freePort(0)
  for (const name of ['lakeside', 'harbour']) {
    const urls = ['--public-url', `http://rms.${name}.example`, '--domain', `${name}.example`]
    await done('tenant', 'create', '--data', name, '--name', name, '--database', 'shared.db', ...urls, '--yes')
  }
  await done(
    'cluster',
    'create',
    '--data',
    'quay',
    '--name',
    'quay',
    '--public-url',
    'http://rms.quay.example',
    '--yes',
  )
  const services = ['lakeside', 'harbour', 'quay'].map((name) => `${name}/service.json`)
  const file = join(cwd, 'installation.json')
  writeFileSync(file, JSON.stringify({ services, listener: { port } }))
  const child = spawnSealward(['serve', '--config', 'installation.json'], { cwd })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  try {
    let said = ''
    child.stdout.resume()
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
    while (!said.includes('administration: ')) {
      assert.equal(child.exitCode, null, said)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    for (const name of ['lakeside', 'harbour', 'quay']) {
      const way = ['--service', `http://127.0.0.1:${port}`, '--admin-token-file', join(name, 'admin-token')]
      const kind = name === 'quay' ? 'cluster' : 'tenant'
      assert.ok((await done(kind, 'show', ...way)).includes(`rms.${name}.example`), name)
    }
    await done('tenant', 'take-over', 'old.example', '--data', 'lakeside', '--yes')
    const second = await sealward(['tenant', 'take-over', 'old.example', '--data', 'harbour', '--yes'], { cwd })
    assert.match(second.stderr, /\[host-name-claimed\]/)
    assert.equal(second.code, 3)
  } finally {
    child.kill('SIGTERM')
    await ended
  }
})

test('does not begin with two that claim the same mail domain', async () => {
  await done(
    'tenant',
    'create',
    '--data',
    'a',
    '--name',
    'a',
    '--public-url',
    'http://a.example',
    '--domain',
    'x.example',
    '--yes',
  )
  await done(
    'tenant',
    'create',
    '--data',
    'b',
    '--name',
    'b',
    '--public-url',
    'http://b.example',
    '--domain',
    'X.example',
    '--yes',
  )
  writeFileSync(join(cwd, 'both.json'), JSON.stringify({ services: ['a/service.json', 'b/service.json'] }))
  const { code, stderr } = await sealward(['serve', '--config', 'both.json'], { cwd })
  assert.equal(code, 5)
  assert.match(stderr, /domains: x\.example is that of a and b/)
})
