/** What makes the start of the service quick: it loads the service, and nothing of the jobs that are done beside it. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from './transcript.fixture.ts'

const cwd = temporaryFolder()
const main = join(import.meta.dirname, 'main.ts')

/** Packages of ours whose files a command loads. */
function packagesOf(...args: readonly string[]): readonly string[] {
  const list = join(cwd, 'loaded')
  const hook = join(cwd, 'hook.mjs')
  writeFileSync(list, '')
  writeFileSync(
    hook,
    `import { appendFileSync } from 'node:fs'
     import { registerHooks } from 'node:module'
     registerHooks({
       load(url, context, next) {
         appendFileSync(${JSON.stringify(list)}, url + '\\n')
         return next(url, context)
       },
     })`,
  )
  const { status, stderr } = spawnSync(process.execPath, ['--import', hook, main, ...args], { cwd, encoding: 'utf8' })
  assert.equal(status, 0, stderr)
  const loaded = readFileSync(list, 'utf8').matchAll(/\/packages\/([a-z]+)\/src\//g)
  return [...new Set([...loaded].map(([, name = '']) => name))].sort()
}

test('serving loads neither the migration nor the sample nor the bulk jobs', () => {
  const packages = packagesOf('serve', '--help')
  assert.ok(packages.includes('service'), packages.join())
  for (const job of ['migration', 'sample', 'bulk']) assert.ok(!packages.includes(job), `${job} is loaded`)
})

test('looking at a file loads no service', () => {
  const packages = packagesOf('inspect', '--help')
  assert.ok(packages.includes('formats'), packages.join())
  for (const part of ['service', 'migration', 'keys']) assert.ok(!packages.includes(part), `${part} is loaded`)
})
