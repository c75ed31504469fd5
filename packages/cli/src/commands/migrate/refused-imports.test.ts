/**
 * What step 2 refuses, by the command line and against tenants that listen: each refusal by its code and its words, and
 * afterwards the tenant and the project are what they were.
 */
import assert from 'node:assert/strict'
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { serve, type ServedService } from '../../service.fixture.ts'
import { exportsOf, jsonOf, sealward, temporaryFolder, type Transcript } from '../../transcript.fixture.ts'
import { exported, planFor, type Plan } from './import-plan.fixture.ts'

const cwd = temporaryFolder()
const elsewhere = temporaryFolder()
const secrets = ['--credentials', 'secrets']

async function done(...args: readonly string[]): Promise<Transcript> {
  const transcript = await sealward(args, { cwd })
  assert.equal(transcript.code, 0, `${args.join(' ')}: ${transcript.stderr}`)
  return transcript
}

async function planned(project: string, plan: Plan): Promise<void> {
  writeFileSync(join(cwd, 'plan.json'), JSON.stringify(plan))
  await done('migrate', 'plan', 'plan.json', '--project', project, '--yes')
}

/** Everything that an import could have changed. */
async function stored(data: string, project: string): Promise<unknown> {
  const listed = await Promise.all(
    [
      ['key', 'list', '--data', data, '--json'],
      ['template', 'list', '--data', data, '--json'],
      ['migrate', 'status', '--project', project, '--json'],
    ].map((args) => done(...args)),
  )
  const [keys, templates, status] = listed.map((each) => jsonOf(each))
  const registry = join(cwd, 'imported-keys.json')
  const registered = existsSync(registry) ? readFileSync(registry, 'utf8') : undefined
  return {
    keys,
    templates,
    state: status?.['state'],
    registered,
    artefacts: existsSync(join(cwd, project, 'artefacts/2')),
  }
}

async function assertRefused(
  code: string,
  words: RegExp,
  { data = 'tenant', project = 'migration' }: { readonly data?: string; readonly project?: string } = {},
): Promise<void> {
  const held = await stored(data, project)
  const run = ['migrate', 'run', '--step', '2', '--project', project, ...secrets, '--yes', '--json']
  const refused = await sealward(run, { cwd })
  assert.notEqual(refused.code, 0)
  const { error } = jsonOf<{ error: { code: string; detail: string; cure: string } }>(refused)
  assert.equal(error.code, code)
  assert.match(error.detail, words)
  assert.ok(error.cure.length > 20)
  assert.deepEqual(await stored(data, project), held)
}

let tenant: ServedService
let other: ServedService

before(async () => {
  await done('sample', 'lakeside')
  mkdirSync(join(elsewhere, 'lakeside'))
  copyFileSync(join(cwd, 'lakeside/directory.json'), join(elsewhere, 'lakeside/directory.json'))
  ;[tenant, other] = [await serve(cwd, 'tenant'), await serve(elsewhere, 'tenant')]
  cpSync(join(cwd, 'lakeside/tpd'), join(cwd, 'exports'), { recursive: true })
  cpSync(join(cwd, 'lakeside/tpd/passwords'), join(cwd, 'secrets'), { recursive: true })
  copyFileSync(tenant.tokenFile, join(cwd, 'secrets/tenant.token'))
  await planned('migration', planFor(cwd, tenant))
  await done('migrate', 'run', '--step', '1', '--project', 'migration', ...secrets, '--yes')
})

test('a wrong password', async () => {
  const file = join(cwd, 'secrets/rms-old.txt')
  const right = readFileSync(file)
  writeFileSync(file, 'another password than that\n')
  await assertRefused('tpd-not-opened', /^exports-open: rms-old\.xml: .*the password is wrong/)
  writeFileSync(file, right)
})

test('a damaged export: the end is missing, or some characters are others', async () => {
  const file = join(cwd, 'exports/rms-old.xml')
  const whole = readFileSync(file, 'latin1')
  writeFileSync(file, whole.slice(0, whole.length >> 1))
  await assertRefused('xml-not-well-formed', /^exports-open: rms-old\.xml: .*unclosed tag/)
  const sealed = whole.indexOf('>', whole.indexOf('<m_strKeyData')) + 101
  const changed = whole.slice(sealed, sealed + 8) === 'AAAAAAAA' ? 'BBBBBBBB' : 'AAAAAAAA'
  writeFileSync(file, `${whole.slice(0, sealed)}${changed}${whole.slice(sealed + 8)}`, 'latin1')
  await assertRefused('tpd-not-opened', /^exports-open: rms-old\.xml: .*or the file is damaged/)
  writeFileSync(file, whole, 'latin1')
})

test('an archived key that documents need and no export holds', async () => {
  const rehearsal = ['rehearse', '--documents', 'lakeside/documents', ...exportsOf('lakeside').slice(4), '--json']
  const { stdout } = await sealward(rehearsal, { cwd })
  writeFileSync(join(cwd, 'migration/rehearsal.json'), stdout)
  await planned('migration', planFor(cwd, tenant, { exports: [exported('rms', true)], rehearsal: 'rehearsal.json' }))
  await assertRefused('issuer-not-covered', /^issuers-covered: no export holds .*[0-9a-f]{16} \(16 documents, /)
})

test('a key that is exported twice, or that somebody imported by hand', async () => {
  copyFileSync(join(cwd, 'exports/rms-old.xml'), join(cwd, 'exports/copy.xml'))
  copyFileSync(join(cwd, 'secrets/rms-old.txt'), join(cwd, 'secrets/copy.txt'))
  const twice = [exported('rms', true), exported('rms-old'), exported('copy')]
  await planned('migration', planFor(cwd, tenant, { exports: twice }))
  const words = /^not-imported-before: the key [0-9a-f]{16} is there already$/
  await assertRefused('key-already-imported', words)
  await planned('migration', planFor(cwd, tenant))
  const byHand = ['tpd', 'import', 'exports/legal.xml', '--password-file', 'secrets/legal.txt', '--data', 'tenant']
  await done(...byHand, '--anchor', 'lakeside/roots/mode-2.json', '--anyone', 'drop', '--yes')
  await planned('migration', planFor(cwd, tenant, { exports: [exported('rms', true), exported('legal')] }))
  await assertRefused('key-already-imported', words)
})

test('a key that went to another tenant', async () => {
  await planned('migration', planFor(cwd, tenant))
  await done('migrate', 'run', '--step', '2', '--project', 'migration', ...secrets, '--yes')
  copyFileSync(other.tokenFile, join(cwd, 'secrets/tenant.token'))
  await planned('second', planFor(cwd, other))
  await done('migrate', 'run', '--step', '1', '--project', 'second', ...secrets, '--yes')
  await assertRefused(
    'key-in-other-tenant',
    /^one-tenant: imported into another tenant before: rms-old\.xml \(.*\), rms\.xml \(/,
    {
      data: other.data,
      project: 'second',
    },
  )
})
