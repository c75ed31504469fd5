/** What `sealward client import` writes, refuses, and never writes. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { jsonOf, sealward, temporaryFolder, type Transcript } from '../../transcript.fixture.ts'

const cwd = temporaryFolder()
const msipc = String.raw`HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\MSIPC`
const licensing = 'https://rights.lakeside.example/_wmcs/licensing'
const root = '0A'.repeat(32)

function file(name: string, ...lines: readonly string[]): string {
  writeFileSync(join(cwd, name), ['Windows Registry Editor Version 5.00', ...lines, ''].join('\r\n'))
  return name
}
const run = (...args: readonly string[]): Promise<Transcript> => sealward(['client', 'import', ...args], { cwd })
const read = (name: string): unknown => JSON.parse(readFileSync(join(cwd, name), 'utf8'))

const computer = file(
  'machine.reg',
  `[${msipc}\\ServiceLocation\\EnterprisePublishing]`,
  `@="${licensing}"`,
  `[${msipc}\\ServiceLocation\\LicensingRedirection]`,
  `"http://rms/_wmcs/licensing"="${licensing}"`,
  `"https://RMS:443/_wmcs/licensing/license.asmx"="${licensing}"`,
  `[${msipc}\\TrustedServers]`,
  '"AllowTrustedServersOnly"=dword:1',
  '"partner.example"=""',
)
const policy = String.raw`HKEY_CURRENT_USER\Software\Policies\Microsoft\Office\16.0\Common\DRM`
const user = file('user.reg', `[${policy}]`, '"DisableCreation"=dword:00000001')
const expected = {
  service: 'https://rights.lakeside.example',
  anchors: [root.toLowerCase()],
  redirections: [
    { from: 'http://rms/_wmcs/licensing', to: licensing },
    { from: 'https://rms/_wmcs/licensing', to: licensing },
  ],
  serviceLocation: { licensing },
  allowedHosts: ['own.example'],
  trustedServers: ['partner.example'],
  trustedServersOnly: true,
  protectionDisabledBy: `${policy}\\DisableCreation`,
}

test('several files make one connection file, which a dry run shows and does not write', async () => {
  const how = [computer, user, '--trust', root, '--allowed-host', 'own.example', '--output', 'made.json', '--json']
  const dry = await run(...how, '--dry-run')
  assert.equal(dry.code, 0, dry.stderr)
  const { connection, ignored, dryRun } = jsonOf(dry)
  assert.deepEqual([connection, ignored, dryRun], [expected, [], true])
  assert.equal(existsSync(join(cwd, 'made.json')), false)
  assert.equal((await run(...how)).code, 2, 'nobody can be asked')
  assert.equal((await run(...how, '--yes')).code, 0)
  assert.deepEqual(read('made.json'), expected)
  assert.equal(statSync(join(cwd, 'made.json')).mode & 0o077, 0)
})

test('a file that is there is written over only if that is said', async () => {
  writeFileSync(join(cwd, 'there.json'), '{}')
  const how = [computer, '--output', 'there.json', '--yes']
  const refused = await run(...how)
  assert.equal(refused.code, 5)
  assert.match(refused.stderr, /\[file-exists\]/)
  assert.deepEqual(read('there.json'), {})
  assert.equal((await run(...how, '--overwrite')).code, 0)
  assert.equal((read('there.json') as { service: string }).service, expected.service)
})

test('what cannot be used is a finding; what it holds besides is written', async () => {
  const location = `${msipc}\\ServiceLocation`
  const mixed = file(
    'mixed.reg',
    `[${location}\\EnterpriseCertification]`,
    '@="http://rights.lakeside.example/_wmcs/certification"',
    `[${location}\\LicensingRedirection]`,
    `"http://rms/_wmcs/licensing"="${licensing}"`,
  )
  const { code, stdout, stderr } = await run(mixed, '--output', 'mixed.json', '--yes')
  assert.equal(code, 1)
  assert.match(stdout, /^ +3 +HKEY_LOCAL_MACHINE.* is not https \[service-url-refused\]/m)
  assert.match(stderr, /it names no service/)
  assert.deepEqual(Object.keys(read('mixed.json') as object), ['anchors', 'redirections'])
})

test('a damaged file is named with its line, and nothing is written', async () => {
  const { code, stderr } = await run(file('damaged.reg', '[x', ''), computer, '--output', 'damaged.json', '--yes')
  assert.equal(code, 5)
  assert.match(stderr, /damaged\.reg, line 2: no bracket behind the key \[registration-file-invalid\]/)
  assert.equal(existsSync(join(cwd, 'damaged.json')), false)
  const other = await run(file('other.reg', '[HKEY_CURRENT_USER\\x]', '@="y"'), '--output', 'other.json', '--yes')
  assert.deepEqual([other.code, existsSync(join(cwd, 'other.json'))], [1, false])
})

test('a connection file with a secret or a misspelt way of discovery is refused', async () => {
  const parts = [
    { password: 'x' },
    { Token: 'x' },
    { discovery: { scp: { servers: ['ldaps://dc1'], password: 'x' } } },
    { discovery: { dns: {} } },
    { discovery: { cloud: 'yes' } },
    { discovery: { srv: { servers: '192.0.2.53' } } },
    { trustedServersOnly: 1 },
  ]
  for (const part of parts) {
    writeFileSync(join(cwd, 'wrong.json'), JSON.stringify({ anchors: [], redirections: [], ...part }))
    const { code, stderr } = await sealward(['client', 'explain', '--connection', 'wrong.json'], { cwd })
    assert.equal(code, 5, JSON.stringify(part))
    assert.match(stderr, /\[connection-file-invalid\]/)
  }
})
