/** Cmdlets as procedures use them, against a tenant that listens. */
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { serve, type ServedService } from '../service.fixture.ts'
import { jsonOf, sealward, temporaryFolder, type Transcript } from '../transcript.fixture.ts'

const cwd = temporaryFolder()
const said: string[] = []
let tenant: ServedService

async function run(...args: readonly string[]): Promise<Transcript> {
  const transcript = await sealward(args, { cwd, ownFolder: join(cwd, 'own') })
  said.push(transcript.stdout, transcript.stderr)
  return transcript
}

async function done(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await run(...args)
  assert.equal(code, 0, `${args.join(' ')}: ${stderr}`)
  return stdout
}

function importOf(name: string, root: string): readonly string[] {
  const password = `lakeside/tpd/passwords/${name}.txt`
  return [
    '-TpdFile',
    `lakeside/tpd/${name}.xml`,
    '-ProtectionPasswordFile',
    password,
    '-Anchor',
    `lakeside/roots/${root}.json`,
  ]
}

before(async () => {
  await done('sample', 'lakeside')
  tenant = await serve(cwd, 'tenant')
})

test('nothing goes without a connection', async () => {
  const { code, stderr } = await run('Get-Aadrm')
  assert.equal(code, 2)
  assert.match(stderr, /\[not-connected\]/)
})

test('the connection is a file of the user alone, without the token', async () => {
  const refused = await run('Connect-AipService', '-Service', tenant.url, '-AdminTokenFile', 'lakeside/people.txt')
  assert.equal(refused.code, 3, refused.stderr)
  await done('Connect-AadrmService', '-Service', tenant.url, '-AdminTokenFile', 'tenant/admin-token')
  const file = join(cwd, 'own/sealward/administration.json')
  const token = readFileSync(tenant.tokenFile, 'utf8').trim()
  assert.ok(!readFileSync(file, 'utf8').includes(token))
  if (process.platform !== 'win32') assert.equal(statSync(file).mode & 0o777, 0o600)
  assert.equal(await done('get-AADRM'), 'Disabled\n')
})

test('import before activation: the active key, and an archived one', async () => {
  const active = importOf('rms', 'mode-2')
  const planned = await run('Import-AadrmTpd', ...active, '-Active', '$true', '-WhatIf')
  assert.match(planned.stderr, /let this key sign from now on\ndry run/)
  const asked = await run('Import-AadrmTpd', ...active, '-Active', '$true')
  assert.match(asked.stderr, /\[confirmation-missing\]/)
  const anyone = await run('Import-AadrmTpd', ...active, '-Active', '$true', '-Force')
  assert.match(anyone.stderr, /Partners may read .*VIEW \[tpd-anyone-unmapped\]/)
  assert.equal(await done('Get-AadrmKeys'), '')
  const imported = await run('Import-AadrmTpd', ...active, '-Active', '$true', '-Anyone', 'drop', '-Verbose', '-Force')
  assert.match(imported.stdout, /^KeyIdentifier     : [0-9a-f]{64}\nStatus            : Active\n/)
  assert.match(imported.stderr, /^VERBOSE: importing/m)
  await done('Import-AipServiceTpd', ...importOf('rms-old', 'mode-1'), '-Confirm:$false')
  const keys = jsonOf<{ Status: string; KeySize: number }[]>(await run('Get-AipServiceKeys', '-Json'))
  assert.deepEqual(
    keys.map(({ Status, KeySize }) => `${Status} ${KeySize}`),
    ['Active 2048', 'Archived 1024'],
  )
  assert.match(
    (await run('Import-AadrmTpd', ...active, '-Anyone', 'drop', '-Force')).stderr,
    /\[key-already-imported\]/,
  )
})

test('the archived key is activated, and the former one again', async () => {
  const keys = jsonOf<{ KeyIdentifier: string; Status: string }[]>(await run('Get-AadrmKeys', '--json'))
  const [first, second] = [keys[0]?.KeyIdentifier ?? '', keys[1]?.KeyIdentifier ?? '']
  assert.equal((await run('Set-AadrmKeyProperties', '-KeyIdentifier', second, '-Active', '-Force')).code, 2)
  assert.equal((await run('Set-AadrmKeyProperties', '-KeyIdentifier', second, '-Active', '$false')).code, 2)
  const changed = await run('Set-AadrmKeyProperties', '-KeyIdentifier', second, '-Active', '$true', '-Force', '-Json')
  assert.deepEqual(jsonOf(changed), { KeyIdentifier: second, Status: 'Active', Archived: first })
  await done('Set-AipServiceKeyProperties', '-KeyIdentifier', first.slice(0, 12), '-Active', 'true', '-Force')
})

test('activation makes the default templates', async () => {
  await done('Enable-Aadrm', '-Force')
  assert.equal(await done('Get-AipService'), 'Enabled\n')
  const configuration = jsonOf(await run('Get-AadrmConfiguration', '-Json'))
  assert.equal(configuration['FunctionalState'], 'Enabled')
  assert.equal((configuration['Keys'] as string[]).length, 2)
  assert.equal(configuration['LicensingIntranetDistributionPointUrl'], `${tenant.url}/_wmcs/licensing`)
})

test('imported templates are published and changed; what is not named stays', async () => {
  const templates = jsonOf<{ TemplateId: string; Name: string; Status: string }[]>(
    await run('Get-AadrmTemplate', '-Json'),
  )
  const board = templates.find(({ Name }) => Name === 'Board only')
  assert.ok(board?.Status === 'Archived')
  const { TemplateId: id } = board
  const original = jsonOf(
    await run('Get-AadrmTemplateProperty', '-TemplateId', id, '-Names', '-LicenseValidityDuration', '-Json'),
  )
  const definition = (
    await done('New-AadrmRightsDefinition', '-DomainName', 'lakeside.example', '-Rights', 'VIEW')
  ).trim()
  assert.equal(definition, 'AllStaff-7184AB3F-CCD1-46F3-8233-3E09E9CF0E66@lakeside.example=VIEW')
  await done(
    'Set-AadrmTemplateProperty',
    '-TemplateId',
    id,
    '-RightsDefinitions',
    definition,
    '-Status',
    'Published',
    '-Force',
  )
  const changed = jsonOf(
    await run(
      'Get-AipServiceTemplateProperty',
      '-TemplateId',
      id,
      '-Names',
      '-RightsDefinitions',
      '-LicenseValidityDuration',
      '-Status',
      '-Json',
    ),
  )
  assert.deepEqual(changed['Names'], original['Names'])
  assert.equal(changed['LicenseValidityDuration'], original['LicenseValidityDuration'])
  assert.equal(changed['Status'], 'Published')
  assert.match(String(changed['RightsDefinitions']), /^allstaff-.*=VIEW/i)
  const added = jsonOf(
    await run(
      'Add-AadrmTemplate',
      '-Names',
      '1033=Plans',
      '-Descriptions',
      '1033=For plans, not for print',
      '-RightsDefinitions',
      'board@lakeside.example=VIEW,EDIT',
      '-Force',
      '-Json',
    ),
  )
  assert.deepEqual(
    [added['Names'], added['Status'], added['ContentExpirationOption']],
    [['1033=Plans'], 'Archived', 'Never'],
  )
  await done('Remove-AadrmTemplate', '-TemplateId', String(added['TemplateId']), '-Force')
})

test('settings are set, read back and taken away', async () => {
  const policy = ['Set-AadrmOnboardingControlPolicy', '-UseRmsUserLicense', '$false']
  await done(...policy, '-SecurityGroupObjectId', 'board@lakeside.example', '-Scope', 'WindowsApp', '-Force')
  assert.match(
    await done('Get-AipServiceOnboardingControlPolicy'),
    /SecurityGroupObjectId : board@lakeside\.example\nScope +: WindowsApp/,
  )
  await done(...policy, '-Force')
  assert.match(await done('Get-AadrmOnboardingControlPolicy'), /SecurityGroupObjectId :\n/)
  await done('Set-AadrmMaxUseLicenseValidityTime', '-MaxUseLicenseValidityTime', '7', '-Force')
  assert.equal(await done('Get-AadrmMaxUseLicenseValidityTime'), '7\n')
  await done('Set-AadrmMigrationUrl', '-Domain', 'rms.lakeside.example', '-Force')
  assert.equal(await done('Get-AadrmMigrationUrl'), 'rms.lakeside.example\n')
})

test('super users', async () => {
  const emma = 'emma.lund@lakeside.example'
  await done('Add-AadrmSuperUser', '-EmailAddress', emma, '-Force')
  await done('Enable-AadrmSuperUserFeature', '-Force')
  await done('Set-AadrmSuperUserGroup', '-GroupEmailAddress', 'board@lakeside.example', '-Force')
  assert.equal(await done('Get-AadrmSuperUser'), `${emma}\n`)
  assert.equal(await done('Get-AipServiceSuperUserFeature'), 'Enabled\n')
  assert.equal(await done('Get-AadrmSuperUserGroup'), 'board@lakeside.example\n')
  await done('Remove-AadrmSuperUser', '-EmailAddress', emma, '-Force')
  await done('Clear-AadrmSuperUserGroup', '-Force')
  await done('Disable-AadrmSuperUserFeature', '-Force')
  assert.equal(await done('Get-AadrmSuperUser'), '')
})

test('logs go to files', async () => {
  mkdirSync(join(cwd, 'logs'))
  await done('Get-AadrmAdminLog', '-Path', 'admin.log')
  assert.match(
    readFileSync(join(cwd, 'admin.log'), 'utf8'),
    /\tAddSuperUser [^\t]*emma\.lund@lakeside\.example\tPassed\tTrue$/m,
  )
  assert.match((await run('Get-AadrmAdminLog', '-Path', 'admin.log')).stderr, /\[file-exists\]/)
  await done(
    'Get-AipServiceUserLog',
    '-Path',
    'logs',
    '-FromDate',
    new Date(Date.now() - 86_400_000).toISOString().slice(0, 10),
  )
  const [first = ''] = readdirSync(join(cwd, 'logs'))
  assert.match(readFileSync(join(cwd, 'logs', first), 'utf8'), /^#Software: RMS/)
})

test('what is not in this version says what is; what lost its meaning goes on', async () => {
  const { code, stderr } = await run('Get-AadrmTrackingLog', '-ContentId', 'x')
  assert.equal(code, 3)
  assert.match(stderr, /sealward log export.*\[cmdlet-not-available\]/s)
  assert.equal(await done('Get-AadrmUsageLogFeature'), 'False\n')
  assert.match((await run('Get-AadrmNothing')).stderr, /\[cmdlet-unknown\]/)
  assert.match(await done('help', 'import-aadrmtpd'), /^Import-AadrmTpd: /)
})

test('a cluster exports, and imports what others exported', async () => {
  const keys = jsonOf<{ KeyIdentifier: string }[]>(await run('Get-AadrmKeys', '-Json'))
  const password = ['-PasswordFile', 'lakeside/tpd/passwords/rms.txt']
  const path = `Cluster:\\TrustPolicy\\TrustedPublishingDomain\\${keys[0]?.KeyIdentifier.slice(0, 10)}`
  await done('Export-RmsTPD', '-Path', path, '-SavedFile', 'out.xml', ...password, '-Force')
  assert.ok(existsSync(join(cwd, 'out.xml')))
  const cluster = await serve(cwd, 'cluster')
  const named = ['-Service', cluster.url, '-AdminTokenFile', cluster.tokenFile]
  const anchor = ['-Anchor', 'lakeside/roots/mode-2.json']
  const imported = await run(
    'Import-RmsTPD',
    '-DisplayName',
    'Lakeside',
    '-SourceFile',
    'out.xml',
    ...password,
    ...anchor,
    ...named,
    '-PassThru',
    '-Force',
    '-Json',
  )
  assert.equal(jsonOf(imported)['DisplayName'], 'Lakeside', imported.stderr)
})

test('a cluster trusts the people of another service', async () => {
  const named = ['-Data', 'cluster']
  const container = '\\TrustPolicy\\TrustedUserDomain'
  await done('Export-RmsTUD', '-Path', container, '-SavedFile', 'tenant.bin', '-Force')
  const { keys } = jsonOf<{ keys: { root: string; state: string }[] }>(
    await run('key', 'list', '--data', 'tenant', '--json'),
  )
  const root = keys.find(({ state }) => state === 'active')?.root ?? ''
  const words = ['-DisplayName', 'Harbour', '-SourceFile', 'tenant.bin', '-Trust', root, ...named, '-Force']
  assert.match((await run('Import-RmsTUD', ...words)).stderr, /DomainNames/)
  const imported = await run('Import-RmsTUD', ...words, '-DomainNames', 'harbour.example', '-PassThru', '-Json')
  const { DomainNames, IsADFederationSvcTrusted, IsImported } = jsonOf(imported)
  assert.deepEqual([DomainNames, IsADFederationSvcTrusted, IsImported], [['harbour.example'], false, true])
})

test('kinds of devices are refused and served', async () => {
  const served = async (): Promise<unknown> => {
    const shown = jsonOf<Record<string, boolean>>(await run('Get-AadrmDevicePlatform', '-Json'))
    return Object.keys(shown).filter((platform) => shown[platform])
  }
  assert.equal(((await served()) as string[]).length, 7)
  await done('Disable-AipServiceDevicePlatform', '-All', '-Force')
  assert.deepEqual(await served(), [])
  await done('Enable-AadrmDevicePlatform', '-iOS', '-Mac', '-Force')
  assert.deepEqual(await served(), ['iOS', 'Mac'])
  assert.equal((await run('Enable-AadrmDevicePlatform', '-Force')).code, 2)
  await done('Enable-AipServiceDevicePlatform', '-All', '-Force')
})

test('disabling asks for the safety of the keys, and disconnecting forgets the service', async () => {
  await done('Disable-Aadrm', '-Force')
  assert.equal(await done('Get-Aadrm'), 'Disabled\n')
  await done('Disconnect-AadrmService')
  assert.match((await run('Get-Aadrm')).stderr, /\[not-connected\]/)
})

test('no secret was printed', () => {
  const everything = said.join('\n')
  const passwords = readdirSync(join(cwd, 'lakeside/tpd/passwords')).map((name) =>
    join(cwd, 'lakeside/tpd/passwords', name),
  )
  for (const file of [...passwords, tenant.tokenFile]) {
    const secret = readFileSync(file, 'utf8').trim()
    assert.ok(secret.length > 8 && !everything.includes(secret), file)
  }
})
