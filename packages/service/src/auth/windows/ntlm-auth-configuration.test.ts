import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { configureNtlmAuth, type WindowsDomain } from './ntlm-auth-configuration.ts'

let folder: string
let domain: WindowsDomain

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'sealward-keytab-'))
  const keytabFile = join(folder, 'http.keytab')
  writeFileSync(keytabFile, 'keys', { mode: 0o600 })
  // Any program that ends with 0 when it is asked for its version.
  domain = { domain: 'CORP', realm: 'CORP.LAKESIDE.EXAMPLE', keytabFile, program: process.execPath }
})
after(() => rmSync(folder, { recursive: true }))

test('the helper is told of one keytab and of nothing in the network, by files that are removed', () => {
  const configured = configureNtlmAuth(domain)
  const { helper } = configured
  const [file = ''] = helper.arguments.flatMap((argument) => /^--configfile=(.*)$/.exec(argument)?.[1] ?? [])
  const samba = readFileSync(file, 'utf8')
  assert.match(samba, new RegExp(`^dedicated keytab file = FILE:${domain.keytabFile}$`, 'm'))
  assert.match(samba, /^gensec:require_pac = yes$/m)
  assert.match(readFileSync(helper.environment['KRB5_CONFIG'] ?? '', 'utf8'), /^dns_lookup_kdc = false$/m)
  assert.deepEqual(Object.keys(helper.environment), ['PATH', 'KRB5_CONFIG'])
  configured.remove()
  assert.equal(existsSync(dirname(file)), false)
})

const refused: Readonly<Record<string, () => Partial<WindowsDomain>>> = {
  'a keytab that is not there': () => ({ keytabFile: join(folder, 'nothing') }),
  'a keytab that is a folder': () => ({ keytabFile: folder }),
  'a path with a variable of Samba': () => ({ keytabFile: join(folder, '%U.keytab') }),
  'a path of two lines': () => ({ keytabFile: `${domain.keytabFile}\nlog file = /etc/passwd` }),
  'a helper that is not there': () => ({ program: join(folder, 'ntlm_auth') }),
  'a helper that fails': () => ({ program: 'false' }),
}
for (const [name, changes] of Object.entries(refused)) {
  test(`refuses ${name}`, () => {
    assert.throws(() => configureNtlmAuth({ ...domain, ...changes() }), { code: 'configuration-invalid' })
  })
}

test('refuses a keytab that others may read', { skip: process.platform === 'win32' }, () => {
  for (const mode of [0o640, 0o604]) {
    chmodSync(domain.keytabFile, mode)
    assert.throws(() => configureNtlmAuth(domain), { code: 'configuration-invalid' })
  }
  chmodSync(domain.keytabFile, 0o400)
  configureNtlmAuth(domain).remove()
})
