import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { memorySink, memorySource, writePfile } from '@sealward/formats'
import { isRightsError, RightsError } from '@sealward/xrml'
import type { RequestRow, ServiceConfiguration, ServiceState } from '../admin-api.ts'
import { checkNothingProtected, decryptFolders } from './decrypt-folders.ts'
import { deactivate } from './deactivate.ts'
import { disableCreationFiles } from './disable-creation.ts'
import { exportAllKeys } from './export-all-keys.ts'
import { checkCannotProtect, checkNewContentNames, checkOpens, checkRecoveriesLogged } from './option-checks.ts'
import { sameOpening, type Opening } from './opener.ts'
import { exitRedirectionFiles } from './redirection-files.ts'
import { withSuperUser, type SuperUserForATime } from './super-user-for-a-time.ts'

let folder = ''
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'sealward-exit-parts-'))
})
after(() => rmSync(folder, { recursive: true }))

function tenant(state: ServiceState, personality: 'tenant' | 'cluster' = 'tenant') {
  const configuration = (): ServiceConfiguration => ({
    personality,
    serviceId: '11111111-2222-4333-8444-555555555555',
    state,
    publicUrl: 'https://tenant.example',
    licensingUrl: 'https://tenant.example/_wmcs/licensing',
    certificationUrl: 'https://tenant.example/_wmcs/certification',
    hostNames: [],
    keys: 1,
    templates: 0,
    superUsersEnabled: false,
    version: '1',
  })
  let current = state
  return {
    configuration: () => Promise.resolve({ ...configuration(), state: current }),
    setState: (to: ServiceState, options: { readonly force?: boolean } = {}) => {
      if (options.force !== true && state === 'not-activated') throw new RightsError('state-refused')
      const previous = current
      current = to
      return Promise.resolve({ previous })
    },
  }
}

test('deactivating has the published commands with their outputs, in both families of names', async () => {
  assert.deepEqual(await deactivate(tenant('enabled')), [
    {
      command: 'Connect-AipService',
      output: 'Connected to the service 11111111-2222-4333-8444-555555555555 at https://tenant.example.',
    },
    { command: 'Get-AipService', output: 'Enabled' },
    { command: 'Disable-AipService', output: 'The service is disabled for this organisation.' },
    { command: 'Get-AipService', output: 'Disabled' },
    { command: 'Disconnect-AipService', output: 'Disconnected from https://tenant.example.' },
  ])
  const again = await deactivate(tenant('disabled'), { names: 'Aadrm' })
  assert.deepEqual(
    again.map(({ command }) => command),
    ['Connect-AadrmService', 'Get-Aadrm', 'Disable-Aadrm', 'Get-Aadrm', 'Disconnect-AadrmService'],
  )
  assert.match(again[2]?.output ?? '', /already/)
  await assert.rejects(deactivate(tenant('serving', 'cluster')), (error) => isRightsError(error, 'exit-not-applicable'))
  await assert.rejects(deactivate(tenant('not-activated')), (error) => isRightsError(error, 'state-refused'))
  const stubborn = { ...tenant('enabled'), setState: () => Promise.resolve({ previous: 'enabled' as const }) }
  await assert.rejects(deactivate(stubborn), (error) => isRightsError(error, 'exit-not-disabled'))
})

const key = {
  id: 'a1',
  state: 'active',
  origin: 'created',
  mode: 2,
  bits: 2048,
  root: 'r',
  createdAt: '',
  templates: 0,
  licensingUrls: [],
} as const

function keys(): Promise<readonly (typeof key)[]> {
  return Promise.resolve([key])
}

test('keys that are not given out are named; files that do not read back are refused', async () => {
  const input = { folder: join(folder, 'keys'), passwordOf: () => 'a password of some length', now: new Date() }
  const refusing = { keys, exportKey: () => Promise.reject(new RightsError('key-state-refused')) }
  const { exported, missing } = await exportAllKeys({ ...input, admin: refusing })
  assert.deepEqual([exported.length, missing], [0, [{ keyId: 'a1', code: 'key-state-refused' }]])
  const damaged = { keys, exportKey: () => Promise.resolve(Buffer.from('<TrustedPublishingDomain/>')) }
  await assert.rejects(exportAllKeys({ ...input, admin: damaged }), (error) =>
    isRightsError(error, 'exit-export-damaged'),
  )
})

test('a super user is one for a time only, also after a kill', async () => {
  const memory = join(folder, 'super-user.json')
  const state = { enabled: false, users: new Set<string>() }
  const who: SuperUserForATime = {
    address: 'ines@lakeside.example',
    memory,
    admin: {
      superUsers: () => Promise.resolve({ enabled: state.enabled, users: [...state.users] }),
      setSuperUsersEnabled: (enabled) => Promise.resolve(void (state.enabled = enabled)),
      addSuperUser: (address) => Promise.resolve(void state.users.add(address)),
      removeSuperUser: (address) => Promise.resolve(void state.users.delete(address)),
    },
  }
  const seen = await withSuperUser(who, () => Promise.resolve([state.enabled, state.users.size]))
  assert.deepEqual([seen, state.enabled, state.users.size], [[true, 1], false, 0])
  await assert.rejects(withSuperUser(who, () => Promise.reject(new RightsError('interrupted'))))
  assert.deepEqual([state.enabled, state.users.size, existsSync(memory)], [false, 0, false])
  // Killed in the middle: the file still knows what was before.
  writeFileSync(memory, '{"enabled":false,"isMember":false}')
  state.enabled = true
  state.users.add(who.address)
  await withSuperUser(who, () => Promise.resolve())
  assert.deepEqual([state.enabled, state.users.size, existsSync(memory)], [false, 0, false])
})

test('folders are decrypted with a journal, and the inventory finds what is left', async () => {
  const documents = join(folder, 'documents')
  mkdirSync(documents)
  const cipher = { mode: 'cbc4k', key: Buffer.alloc(16, 1) } as const
  const sink = memorySink()
  const content = memorySource(Buffer.from('plain'))
  writePfile({ shape: '3.0', extension: '.txt', licenseText: '<XrML/>', cipher, content }, sink)
  for (const name of ['a.ptxt', 'b.ptxt']) writeFileSync(join(documents, name), sink.bytes())
  writeFileSync(join(documents, 'cut.ptxt'), sink.bytes().subarray(0, 30))
  const refused: string[] = []
  const run = (first = true) =>
    decryptFolders({
      folders: [documents],
      journals: join(folder, 'journals'),
      license: () => {
        if (first) return Promise.reject(new RightsError('service-unreachable'))
        const made = {
          cipher,
          rights: ['OWNER'],
          owner: undefined,
          expiresAt: undefined,
          contentId: '',
          from: 'service',
        }
        return Promise.resolve({ ...made, from: 'service' as const })
      },
      report: (_, item) => refused.push(item.path),
    })
  assert.equal((await run()).failures.service, 2)
  assert.deepEqual(refused, ['a.ptxt', 'b.ptxt', 'cut.ptxt'])
  const { outcomes, failures } = await run(false)
  assert.deepEqual([outcomes.unprotected, outcomes.failed, failures.damaged], [2, 1, 1])
  assert.equal(readFileSync(join(documents, 'a.txt'), 'utf8'), 'plain')
  const left = await checkNothingProtected([documents])
  assert.deepEqual([left.ok, left.data], [false, [join(documents, 'cut.ptxt')]])
  rmSync(join(documents, 'cut.ptxt'))
  assert.equal((await checkNothingProtected([documents])).ok, true)
  assert.deepEqual(readdirSync(documents), ['a.txt', 'b.txt'])
})

function open(path: string): Promise<Opening> {
  return Promise.resolve(
    path === 'good'
      ? { outcome: 'opened', rights: ['VIEW'], sha256: 'aa' }
      : { outcome: 'refused', code: 'no-matching-key' },
  )
}

async function* rows(...given: readonly unknown[]): AsyncGenerator<RequestRow> {
  yield* await Promise.resolve(given as readonly RequestRow[])
}

test('the checks of the options pass and fail for the right reason', async () => {
  const address = 'anna@lakeside.example'
  assert.equal((await checkOpens(open, [{ path: 'good', address }])).ok, true)
  assert.match((await checkOpens(open, [{ path: 'bad', address }])).finding ?? '', /no-matching-key/)
  assert.equal((await checkOpens(open, [])).ok, false)
  const cluster = 'https://rms.lakeside.example/_wmcs/licensing'
  assert.equal(checkNewContentNames(['HTTPS://RMS.lakeside.example:443/_wmcs/licensing'], cluster).ok, true)
  assert.equal(checkNewContentNames(['https://tenant.example/_wmcs/licensing'], cluster).ok, false)
  assert.equal(checkNewContentNames([], cluster).ok, false)
  assert.equal((await checkCannotProtect(() => Promise.reject(new RightsError('service-refused')))).ok, true)
  for (const code of [
    'service-unreachable',
    'resource-unknown',
    'credentials-refused',
    'user-not-in-directory',
  ] as const) {
    assert.equal((await checkCannotProtect(() => Promise.reject(new RightsError(code)))).ok, false, code)
  }
  assert.equal((await checkCannotProtect(() => Promise.resolve())).ok, false)
  assert.equal(sameOpening(await open('good'), await open('good')), true)
  assert.equal(sameOpening(await open('good'), await open('bad')), false)
})

test('recoveries are looked for in the request log', async () => {
  const row = {
    successOrFailure: 'Succeeded',
    authenticatedId: 'Ines@lakeside.example',
    metadata: { contentId: '{AB}' },
  }
  const recovered = [{ contentId: 'ab', address: 'ines@lakeside.example' }]
  assert.equal((await checkRecoveriesLogged(rows(row), recovered)).ok, true)
  assert.equal((await checkRecoveriesLogged(rows({ ...row, successOrFailure: 'Failed' }), recovered)).ok, false)
})

test('files for computers lead back to the cluster, and stop new protection', () => {
  const files = exitRedirectionFiles({
    clusterUrl: 'https://rms.lakeside.example',
    tenantUrls: ['https://tenant.example/_wmcs/licensing'],
    version: '20240630',
  })
  const machine = files.find(({ path }) => path.endsWith('migrate-machine.reg'))
  const text = Buffer.from(machine?.content ?? []).toString('utf16le')
  assert.ok(
    text.includes('"https://tenant.example/_wmcs/licensing"="https://rms.lakeside.example/_wmcs/licensing"'),
    'no redirection of the tenant',
  )
  const [disable, undo] = disableCreationFiles().map(({ content }) => Buffer.from(content).toString('utf16le'))
  assert.match(disable ?? '', /Office\\16\.0\\Common\\DRM\]\r\n"disablecreation"=dword:00000001/)
  assert.match(undo ?? '', /"disablecreation"=-/)
})
