/** The scope of a template, by command and by cmdlet, in the data directory and through the service that listens. */
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { serve, type ServedService } from '../../service.fixture.ts'
import { jsonOf, sealward, temporaryFolder, type Transcript } from '../../transcript.fixture.ts'

const cwd = temporaryFolder()
let tenant: ServedService
let id: string

const run = (...args: readonly string[]): Promise<Transcript> => sealward(args, { cwd })

async function done(...args: readonly string[]): Promise<Transcript> {
  const transcript = await run(...args)
  assert.equal(transcript.code, 0, `${args.join(' ')}: ${transcript.stderr}`)
  return transcript
}

const data = ['--data', 'tenant'] as const
const overHttp = () => ['--service', tenant.url, '--admin-token-file', tenant.tokenFile]

interface Listed {
  readonly templates: readonly { readonly id: string; readonly scope?: readonly string[] }[]
}

async function scope(): Promise<readonly string[] | undefined> {
  const inside = await done('template', 'list', ...data, '--json')
  assert.equal(inside.stdout, (await done('template', 'list', ...overHttp(), '--json')).stdout)
  return jsonOf<Listed>(inside).templates.find((template) => template.id === id)?.scope
}

before(async () => {
  await done('sample', 'lakeside')
  tenant = await serve(cwd, 'tenant')
  await done('key', 'create', '--name', 'Lakeside 2026', ...data, '--yes')
  await done('tenant', 'enable', ...data, '--yes')
  id = jsonOf<Listed>(await done('template', 'list', ...data, '--json')).templates[0]?.id ?? ''
})

const [board, staff] = ['board@lakeside.example', 'staff@lakeside.example'] as const

test('a scope is planned, set on the data and through the service, listed, and taken away', async () => {
  const change = ['template', 'scope', id, '--to', board, '--to', staff]
  const planned = await done(...change, ...data, '--dry-run', '--json')
  assert.match(planned.stderr, /is offered only to board@lakeside\.example, staff@lakeside\.example/)
  assert.deepEqual(jsonOf(planned), { id, scope: [board, staff], changed: false })
  assert.equal((await run(...change, ...data)).code, 2)
  assert.equal(await scope(), undefined)
  assert.deepEqual(jsonOf(await done(...change, ...data, '--yes', '--json')), {
    id,
    scope: [board, staff],
    changed: true,
  })
  assert.deepEqual(await scope(), [board, staff])
  assert.match((await done('template', 'list', ...data)).stdout, /board@lakeside/)
  assert.match((await done('template', 'scope', id, '--to', board, ...overHttp(), '--yes')).stdout, /only to board@/)
  assert.deepEqual(await scope(), [board])
  await done('template', 'scope', id, '--everybody', ...overHttp(), '--yes')
  assert.equal(await scope(), undefined)
})

test('neither and both of the options, strange addresses and unknown templates are refused', async () => {
  assert.equal((await run('template', 'scope', id, ...data, '--yes')).code, 2)
  assert.equal((await run('template', 'scope', id, '--everybody', '--to', board, ...data, '--yes')).code, 2)
  const strange = await run('template', 'scope', id, '--to', 'nowhere', ...overHttp(), '--yes')
  assert.match(strange.stderr, /\[address-refused\]/)
  assert.match((await run('template', 'scope', 'none', '--everybody', ...data)).stderr, /\[template-unknown\]/)
  assert.equal(await scope(), undefined)
})

test('the cmdlets know scoped identities', async () => {
  const named = ['-Data', 'tenant']
  const property = ['Get-AipServiceTemplateProperty', '-ScopedIdentities', '-Json', '-TemplateId']
  const set = ['Set-AipServiceTemplateProperty', '-TemplateId', id, '-Force', ...named, '-ScopedIdentities']
  await done(...set, `${board},${staff}`)
  assert.deepEqual(await scope(), [board, staff])
  const shown = jsonOf(await done(...property, id, ...named))
  assert.deepEqual(shown['ScopedIdentities'], [board, staff])
  await done(...set, '')
  assert.equal(await scope(), undefined)
  const content = ['-Names', '1033=Plans', '-Descriptions', '1033=Plans', '-RightsDefinitions', `${board}=VIEW`]
  const add = ['Add-AipServiceTemplate', ...content, '-ScopedIdentities', board, '-Status', 'Published']
  const added = jsonOf(await done(...add, '-Force', '-Json', ...named))
  assert.deepEqual([added['Status'], added['ScopedIdentities']], ['Published', [board]])
})
