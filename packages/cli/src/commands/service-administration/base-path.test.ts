/** Base paths on the command line: of a new service, of clusters that it takes over, and of those that others name. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { jsonOf, sealward, temporaryFolder, type Transcript } from '../../transcript.fixture.ts'

const cwd = temporaryFolder()
const data = ['--data', 'tenant'] as const

const run = (...args: readonly string[]): Promise<Transcript> => sealward(args, { cwd })

async function done(...args: readonly string[]): Promise<Transcript> {
  const transcript = await run(...args)
  assert.equal(transcript.code, 0, `${args.join(' ')}: ${transcript.stderr}`)
  return transcript
}

before(async () => {
  await done('sample', 'lakeside')
})

test('a service is made at a base path, and not at one that hides what is at its root', async () => {
  const make = ['tenant', 'create', ...data, '--public-url', 'https://rms.lakeside.example', '--yes', '--base-path']
  const refused = await run(...make, '/my/_wmcs')
  assert.match(refused.stderr, /basePath: .*\[configuration-invalid\]/)
  await done(...make, '/rights/_wmcs')
  const settings = JSON.parse(readFileSync(join(cwd, 'tenant/service.json'), 'utf8')) as { readonly basePath: string }
  assert.equal(settings.basePath, '/rights/_wmcs')
  const shown = jsonOf<{ licensingUrl: string; publicUrl: string }>(await done('tenant', 'show', ...data, '--json'))
  assert.equal(shown.licensingUrl, 'https://rms.lakeside.example/rights/_wmcs/licensing')
  assert.equal(shown.publicUrl, 'https://rms.lakeside.example')
})

test('an import says for which names its licences need an answer, and nothing more once they are taken over', async () => {
  const importOf = async (name: string, root: string): Promise<readonly string[]> => {
    const password = join('lakeside/tpd/passwords', `${name}.txt`)
    const how = ['--password-file', password, '--anchor', `lakeside/roots/${root}.json`, '--anyone', 'drop', '--yes']
    const imported = await done('tpd', 'import', `lakeside/tpd/${name}.xml`, ...how, ...data, '--json')
    return jsonOf<{ formerSites: readonly string[] }>(imported).formerSites
  }
  assert.ok((await importOf('rms-old', 'mode-1')).includes('rms'))
  // The service has this name itself, but not at the path that the licences have.
  assert.ok((await importOf('rms', 'mode-2')).includes('rms.lakeside.example'))
  const former = ['rms', 'HTTP://Old.lakeside.example:8080/Apps/_wmcs/licensing/license.asmx']
  const dry = await done('tenant', 'take-over', ...former, ...data, '--dry-run')
  assert.match(dry.stderr, /answer for rms, HTTP:/)
  await done('tenant', 'take-over', ...former, ...data, '--yes')
  const { hostNames } = jsonOf<{ hostNames: readonly string[] }>(await done('tenant', 'show', ...data, '--json'))
  assert.deepEqual(hostNames, ['http://old.lakeside.example:8080/apps/_wmcs', 'rms'])
  for (const wrong of [
    'http://old.lakeside.example',
    'http://old.lakeside.example/a%2fb',
    'http://old.lakeside.example/my/x',
  ]) {
    assert.match((await run('tenant', 'take-over', wrong, ...data, '--yes')).stderr, /\[host-name-refused\]/, wrong)
  }
})

function register(url: string): Promise<Transcript> {
  const directory = ['--directory', 'ldaps://127.0.0.1:9', '--account', 'x', '--password-file', 'secret']
  return run('scp', 'register', url, ...directory, '--yes')
}

test('the address of a cluster is refused where its path looks mistyped', async () => {
  writeFileSync(join(cwd, 'secret'), 'secret\n', { mode: 0o600 })
  for (const url of ['https://rms.lakeside.example/elsewhere', 'https://rms.lakeside.example/_wmcs/certfication']) {
    assert.equal((await register(url)).code, 2, url)
  }
})
