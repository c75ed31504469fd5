import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { suite, test } from 'node:test'
import { readJournal } from '../project/project.ts'
import { inventedSource, testMigration, without, type TestChanges } from '../project/test-migration.fixture.ts'
import type { CheckResult } from './check.ts'
import { createContext } from './context.ts'
import { generatedKey } from './fake-service.fixture.ts'
import { steps } from './index.ts'
import { openTemplate, password, staffTemplate, today, writeDirectory, writeLog } from './invented-source.fixture.ts'
import { knownProblems } from './known-problems.ts'

const checks = new Map(steps.flatMap((step) => [...step.checks, ...step.verify]).map((check) => [check.id, check]))

interface Planted extends TestChanges {
  /** After the project is made: files that machines, servers and directories leave. */
  readonly files?: (folder: string) => void
  readonly finding: RegExp
  readonly outcome?: CheckResult['outcome']
}

async function runCheck(id: string, changes: Omit<Planted, 'finding'>): Promise<CheckResult> {
  const migration = await testMigration(changes)
  changes.files?.(migration.folder)
  const { progress } = readJournal(migration.project.folder)
  const { plan } = await inventedSource()
  const changed = changes.plan?.(plan) ?? plan
  const context = createContext({
    plan: changed as typeof plan,
    ports: migration.ports,
    folder: migration.project.folder,
    progress,
    now: today,
  })
  return checks.get(id)!.run(context)
}

const far = '2027-01-01T00:00:00.000Z'
const licensor = {
  user: 'eve@lakeside.example',
  keyId: generatedKey,
  issuedAt: '2026-01-01T00:00:00.000Z',
  validUntil: far,
}

function collect(folder: string, kind: string, value: unknown): void {
  const path = join(folder, 'collected', kind, 'report.json')
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, JSON.stringify(value))
}

const clientCheck = (values: readonly unknown[]) => ({
  format: 'sealward-client-check-1',
  computer: 'PC-1',
  user: 'LAKESIDE\\anna',
  batch: 'first-floor',
  checkedAt: '2026-03-09T10:00:00Z',
  scriptVersion: 20260301,
  machineVersion: 20260301,
  userVersion: 20260301,
  preparedMachineVersion: 0,
  preparedUserVersion: 0,
  values,
})

const mailServer = {
  server: 'mail-1',
  checkedAt: '2026-03-09T10:00:00Z',
  licensingLocations: [],
  internalLicensingEnabled: true,
  redirections: [],
  machineCertificatesDeleted: true,
  testResult: 'PASS',
}

const onPremisesMail = { place: 'on-premises', version: '2016' } as const
const connector = {
  url: 'https://connector.lakeside.example',
  account: 'installer@lakeside.example',
  servers: [{ name: 'mail-1', kind: 'mail' as const }],
}

const template = (id: string, grants: readonly { readonly to: string; readonly rights: readonly string[] }[]) => ({
  id: `{${id}}`,
  origin: 'own',
  state: 'published' as const,
  names: [{ lcid: 1033, name: 'Lakeside Open', description: '' }],
  grants,
  issuedAt: '2026-03-01T00:00:00.000Z',
  hash: '',
})

const noExportIsActive: TestChanges['plan'] = (plan) => ({
  ...plan,
  exports: plan.exports.map((each) => ({ ...each, active: false })),
})

const withoutOldExport: TestChanges['plan'] = (plan) => ({
  ...plan,
  exports: plan.exports.filter(({ file }) => file !== 'old.xml'),
})

const record = (name: string) => ({
  services: (asked: string) =>
    Promise.resolve(asked.startsWith(name) ? [{ target: 'rights.lakeside.example', port: 443 }] : []),
  addresses: () => Promise.resolve([]),
})

const planted: Readonly<Record<string, Planted>> = {
  'urls-in-inventory': {
    files: (folder) =>
      writeLog(folder, [
        {
          user: 'bob@lakeside.example',
          type: 'AcquireLicense',
          url: 'https://rights.lakeside.example/_wmcs/licensing ',
          time: '2026-01-01 10:00:00',
        },
      ]),
    finding: /"https:\/\/rights\.lakeside\.example\/_wmcs\/licensing ", for which no redirection/,
  },
  'redirections-complete': {
    files: (folder) =>
      collect(
        folder,
        'clients',
        clientCheck([
          {
            hive: 'HKLM',
            key: 'SOFTWARE\\Wow6432Node\\Microsoft\\MSIPC\\ServiceLocation\\LicensingRedirection',
            name: 'https://rights.lakeside.example:443/_wmcs/licensing',
            state: 'missing',
          },
        ]),
      ),
    finding: /PC-1: https:\/\/rights\.lakeside\.example:443\/_wmcs\/licensing \(wow6432\)/,
  },
  'no-dns-redirection': {
    plan: without('takeOver'),
    ports: { dns: record('_rmsredir._http._tcp.rights.lakeside.example') },
    finding: /_rmsredir\._http\._tcp\.rights\.lakeside\.example: the redirection is triggered by the refusal/,
    outcome: 'warned',
  },
  'issuers-covered': { plan: withoutOldExport, finding: /0 documents, 1 requests of 1 people/ },
  'cryptographic-mode': {
    plan: withoutOldExport,
    finding: /lakeside is in Mode 2, and no Mode 1 key of it is exported/,
    outcome: 'warned',
  },
  'anyone-mapped': { plan: without('anyone'), finding: /Lakeside Open grant rights to everybody/ },
  'external-readers': {
    tenant: {
      templates: [
        template(openTemplate, [
          { to: 'AllStaff-7184AB3F-CCD1-46F3-8233-3E09E9CF0E66@lakeside.example', rights: ['VIEW'] },
        ]),
        template(staffTemplate, [{ to: 'staff@lakeside.example', rights: ['VIEW', 'EDIT'] }]),
      ],
    },
    finding: /^partner@harbour\.example \(Lakeside Open\) lose rights/,
    outcome: 'warned',
  },
  'templates-have-rights': {
    tenant: { templates: [template(openTemplate, [])] },
    finding: /Lakeside Open grant rights to nobody/,
  },
  'password-characters': {
    ports: { passwordOf: () => Promise.resolve('Pa$$word & more') },
    finding: /current\.xml, old\.xml holds characters that shells change/,
    outcome: 'warned',
  },
  'exports-open': {
    ports: { passwordOf: (file) => Promise.resolve(file === 'old.xml' ? 'Pa$$word' : password) },
    finding: /^old\.xml: .*the password is wrong, or the file is damaged/,
  },
  'tenant-not-active': {
    tenant: { state: 'enabled', licensors: [licensor] },
    finding: /enabled already; eve@lakeside\.example may protect with its generated key/,
    outcome: 'warned',
  },
  'foreign-licensors': {
    tenant: { state: 'enabled', licensors: [licensor] },
    finding: /eve@lakeside\.example can still protect with another key/,
    outcome: 'warned',
  },
  'active-during-batches': {
    plan: noExportIsActive,
    finding: /those who stay cannot open what the others protect/,
    outcome: 'warned',
  },
  'active-key-intended': { finding: /the active key is 9?0+.*, the plan says/ },
  'onboarding-accounts': {
    plan: (plan) => ({ ...plan, connector }),
    finding: /installer@lakeside\.example would get "RMS service is disabled for publishing for this user"/,
  },
  'mail-certificates-deleted': {
    plan: (plan) => ({ ...plan, mail: onPremisesMail }),
    files: (folder) => collect(folder, 'mail-servers', { ...mailServer, machineCertificatesDeleted: false }),
    finding: /still cached on mail-1/,
  },
  'mail-redirections': {
    plan: (plan) => ({ ...plan, mail: onPremisesMail, connector }),
    files: (folder) => collect(folder, 'mail-servers', mailServer),
    finding: /LicenseServerRedirection is incomplete on mail-1/,
  },
  'libraries-checked-in': {
    files: (folder) =>
      collect(folder, 'libraries', {
        server: 'portal',
        checkedAt: '2026-03-09T10:00:00Z',
        protectedLibraries: 3,
        checkedOut: ['Plans/budget.xlsx'],
        storesDeleted: true,
      }),
    finding: /inaccessible after the change: portal: Plans\/budget\.xlsx/,
  },
  'addresses-complete': {
    files: (folder) =>
      writeDirectory(folder, (value) => Object.assign(value.users[0]!, { signInName: 'anna@corp.lakeside.example' })),
    finding: /the sign-in name of anna@lakeside\.example is none of their mail addresses/,
    outcome: 'warned',
  },
  'users-in-tenant': {
    files: (folder) => writeDirectory(folder, (value) => value.users.splice(1, 1)),
    finding: /bob@lakeside\.example are not in the directory of the tenant/,
  },
  'groups-with-mail': {
    files: (folder) => writeDirectory(folder, (value) => Object.assign(value.groups[0]!, { address: '' })),
    finding: /templates grant rights to staff@lakeside\.example, which the tenant does not know/,
  },
  'mac-window': {
    files: (folder) =>
      collect(folder, 'machines', { machine: 'MAC-1', checkedAt: '2026-03-09T10:00:00Z', kind: 'mac' }),
    finding: /Macs, which remember the cluster for up to 30 days, and the quiet time is 14 days/,
  },
  'mobile-records-gone': {
    ports: { dns: record('_rmsdisco._http._tcp.lakeside.example') },
    finding: /_rmsdisco\._http\._tcp\.lakeside\.example still answer/,
  },
  'office-servers-set': {
    files: (folder) =>
      collect(
        folder,
        'clients',
        clientCheck([
          {
            hive: 'HKCU',
            key: 'Software\\Microsoft\\Office\\16.0\\Common\\DRM',
            name: 'DefaultServer',
            state: 'missing',
          },
        ]),
      ),
    finding: /Office 15\.0 or 16\.0 are missing on PC-1/,
  },
  'friendly-names': {
    plan: (plan) => ({ ...plan, exports: plan.exports.map((each) => ({ ...each, friendlyName: 'Imported key' })) }),
    finding: /current\.xml \(Lakeside Rights\), old\.xml \(Lakeside Rights\) differs from the certificate/,
  },
  'super-users-individual': {
    tenant: { superUsers: { enabled: true, users: [], group: 'recovery@lakeside.example' } },
    finding: /the group recovery@lakeside\.example, whose members are cached for three hours/,
    outcome: 'warned',
  },
  'rekey-share': {
    tenant: { licensors: [{ ...licensor, keyId: 'old' }, licensor] },
    finding: /1 of 2 certificates are still of an older key, the last until 2027-01-01/,
    outcome: 'warned',
  },
}

suite('every known problem is named by a check before it hurts', () => {
  for (const { number, title, checks: ids } of knownProblems) {
    for (const id of ids) {
      test(`15.${number} ${title}: ${id}`, async () => {
        const { finding, outcome = 'failed', ...changes } = planted[id]!
        const found = await runCheck(id, changes)
        assert.equal(found.outcome, outcome)
        assert.match(found.finding!, finding)
        assert(found.cure!.length > 20)
      })
    }
  }

  test('there are fourteen, each with checks that a step runs', () => {
    assert.deepEqual(
      knownProblems.map(({ number }) => number),
      Array.from({ length: 14 }, (_, index) => index + 1),
    )
    for (const id of knownProblems.flatMap((problem) => problem.checks)) assert(checks.has(id), id)
  })
})

test('without a planted problem the same checks are silent', async () => {
  const imported: Omit<Planted, 'finding'> = {
    plan: (plan) => ({ ...plan, exports: plan.exports.map((each) => ({ ...each })) }),
  }
  const expected = new Set(['active-key-intended'])
  for (const id of Object.keys(planted).filter((each) => !expected.has(each))) {
    const { outcome, finding } = await runCheck(id, imported)
    assert(outcome === 'passed' || outcome === 'not-applicable', `${id}: ${finding ?? ''}`)
  }
})

test('identifiers of checks are unique, and every check has a title', () => {
  const all = new Set(steps.flatMap((step) => [...step.checks, ...step.verify]))
  assert.equal(new Set([...all].map(({ id }) => id)).size, all.size)
  for (const { id, title } of all) assert(/^[a-z]+(?:-[a-z0-9]+)*$/.test(id) && title.length > 10, id)
})
