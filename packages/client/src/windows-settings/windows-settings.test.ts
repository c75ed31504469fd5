import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRightsError } from '@sealward/xrml'
import { createRedirection } from '../redirection.ts'
import { readRegistrationFile } from './registration-file.ts'
import { applyRegistration } from './registry-values.ts'
import { windowsSettings, type WindowsSettings } from './windows-settings.ts'

const machine = String.raw`HKEY_LOCAL_MACHINE\SOFTWARE`
const user = String.raw`HKEY_CURRENT_USER\Software`
const to = 'https://rights.lakeside.example/_wmcs/licensing'
const other = 'https://other.lakeside.example/_wmcs/licensing'

function settingsOf(...lines: readonly string[]): WindowsSettings {
  const text = ['Windows Registry Editor Version 5.00', ...lines, ''].join('\r\n')
  return windowsSettings(applyRegistration(readRegistrationFile(Buffer.from(text))))
}

const quoted = (text: string): string => JSON.stringify(text)
const ignoredBy = ({ ignored }: WindowsSettings): readonly string[] =>
  ignored.map(({ line, why, code }) => [line, why, code].filter((part) => part !== undefined).join(' | '))

test('the service location of MSIPC comes before that of MSDRM, 64 bits before 32, the computer before the user', () => {
  const places: readonly (readonly [key: string, name: string])[] = [
    [`${machine}\\Microsoft\\MSIPC\\ServiceLocation\\EnterprisePublishing`, '@'],
    [`${machine}\\WOW6432Node\\Microsoft\\MSIPC\\ServiceLocation\\EnterprisePublishing`, '@'],
    [`${machine}\\Microsoft\\MSDRM\\ServiceLocation\\EnterprisePublishing`, '@'],
    [`${machine}\\Wow6432Node\\Microsoft\\MSDRM\\ServiceLocation\\EnterprisePublishing`, '@'],
    [`${user}\\Microsoft\\Office\\16.0\\Common\\DRM`, '"DefaultServerUrl"'],
  ]
  const lines = places.map(([key, name], index) => [`[${key}]`, `${name}="https://rms${index}/_wmcs/licensing"`])
  for (const [index] of places.entries()) {
    const settings = settingsOf(...lines.slice(index).reverse().flat())
    assert.equal(settings.serviceLocation.licensing, `https://rms${index}/_wmcs/licensing`)
    assert.equal(settings.ignored.length, places.length - index - 1)
    for (const { why } of settings.ignored) assert.match(why, /comes first$/)
  }
})

test('certification by all of its names; a value that says the same twice is no news', () => {
  const url = 'https://rms.lakeside.example/_wmcs/certification'
  const names = [
    String.raw`MSIPC\ServiceLocation\EnterpriseCertification`,
    String.raw`MSDRM\ServiceLocation\Activation`,
    String.raw`MSDRM\ServiceLocation\EnterpriseCertification`,
  ]
  for (const name of names) {
    assert.deepEqual(settingsOf(`[${machine}\\Microsoft\\${name}]`, `@=${quoted(url)}`).serviceLocation, {
      certification: url,
    })
  }
  const all = settingsOf(...names.flatMap((name) => [`[${machine}\\Microsoft\\${name}]`, `@=${quoted(`${url}/`)}`]))
  assert.deepEqual(all.ignored, [])
  assert.equal(all.taken.length, 1)
})

test('redirections act for every spelling of the old address, wherever Windows keeps them', () => {
  const places = [
    `${machine}\\Microsoft\\MSIPC\\ServiceLocation\\LicensingRedirection`,
    `${machine}\\Wow6432Node\\Microsoft\\MSIPC\\ServiceLocation\\LicensingRedirection`,
    `${user}\\Classes\\Local Settings\\Software\\Microsoft\\MSIPC\\LicensingRedirection`,
    `${machine}\\Microsoft\\Office\\14.0\\Common\\DRM\\LicenseServerRedirection`,
    `${user}\\Wow6432Node\\Microsoft\\Office\\12.0\\Common\\DRM\\LicenseServerRedirection`,
  ]
  const names = [
    'http://rms/_wmcs/licensing',
    'HTTP://RMS:80/_WMCS/Licensing/',
    'https://rms:443/_wmcs/licensing',
    'https://rms/_wmcs/licensing/license.asmx',
    ' https://rms/_wmcs/licensing/License.ASMX ',
  ]
  const asked = [...names, 'http://rms:80/_wmcs/licensing/publish.asmx', 'https://RMS/_wmcs/licensing\r\n']
  for (const place of places) {
    for (const name of names) {
      for (const target of [
        to,
        `${to}/`,
        `${to}/license.asmx`,
        to.replace('example/', 'example:443/'),
        to.toUpperCase(),
      ]) {
        const { redirections } = settingsOf(`[${place.toUpperCase()}]`, `${quoted(name)}=${quoted(target)}`)
        const redirection = createRedirection(redirections)
        for (const url of asked) assert.equal(redirection.resolve(url), to, `${place} ${name} ${url}`)
        const stays = 'https://rms.lakeside.example/_wmcs/licensing'
        assert.equal(redirection.resolve(stays), stays)
      }
    }
  }
})

test('inside and outside need a rule each, a port is a cluster of its own, and there is a way back', () => {
  const key = `[${machine}\\Microsoft\\MSIPC\\ServiceLocation\\LicensingRedirection]`
  const { redirections } = settingsOf(
    key,
    `"http://rms.corp.test/_wmcs/licensing"=${quoted(to)}`,
    `"https://rms.lakeside.example/_wmcs/licensing"=${quoted(to)}`,
    `"https://rms.corp.test:8443/_wmcs/licensing"=${quoted(other)}`,
    `${quoted(other)}="https://back.lakeside.example/_wmcs/licensing"`,
  )
  const redirection = createRedirection(redirections)
  assert.equal(redirection.resolve('https://rms.corp.test/_wmcs/licensing'), to)
  assert.equal(redirection.resolve('http://rms.lakeside.example:80/_wmcs/licensing/license.asmx'), to)
  assert.equal(redirection.resolve('https://rms.corp.test:8443/_wmcs/licensing/'), other)
  assert.equal(redirection.resolve(other), 'https://back.lakeside.example/_wmcs/licensing')
})

test('two targets for one address: the first place counts, the other is named', () => {
  const settings = settingsOf(
    `[${user}\\Microsoft\\Office\\14.0\\Common\\DRM\\LicenseServerRedirection]`,
    `"https://rms/_wmcs/licensing"=${quoted(other)}`,
    `[${machine}\\Microsoft\\MSIPC\\ServiceLocation\\LicensingRedirection]`,
    `"http://rms/_wmcs/licensing"=${quoted(to)}`,
    `"https://rms:443/_wmcs/licensing"=${quoted(to)}`,
  )
  const redirection = createRedirection(settings.redirections)
  assert.equal(redirection.resolve('http://rms/_wmcs/licensing'), to)
})

test('DisableCreation by policy, for the computer or the user, says who set it; zero sets nothing', () => {
  const places = [
    `${user}\\Policies\\Microsoft\\Office\\16.0\\Common\\DRM`,
    `${machine}\\Policies\\Microsoft\\Office\\15.0\\common\\drm`,
    `${user}\\Microsoft\\Office\\14.0\\Common\\DRM`,
    `${machine}\\Wow6432Node\\Microsoft\\MSIPC`,
    `${machine}\\Microsoft\\MSDRM`,
  ]
  for (const place of places) {
    const { protectionDisabledBy } = settingsOf(`[${place}]`, '"disablecreation"=dword:00000001')
    assert.equal(protectionDisabledBy, `${place}\\disablecreation`)
    assert.equal(settingsOf(`[${place}]`, '"DisableCreation"=dword:0').protectionDisabledBy, undefined)
  }
  const wrong = settingsOf(`[${places[0]}]`, '"DisableCreation"="1"')
  assert.deepEqual(ignoredBy(wrong), ['3 | it is not a number | registration-file-invalid'])
})

test('trusted servers are hosts or addresses', () => {
  const settings = settingsOf(
    `[${machine}\\Microsoft\\MSIPC\\TrustedServers]`,
    '"AllowTrustedServersOnly"=dword:00000001',
    '"rms.lakeside.example"=""',
    '"https://Partner.example:8443"=""',
    '"not a host"=""',
  )
  assert.deepEqual(settings.trustedServers, ['rms.lakeside.example', 'partner.example:8443'])
  assert.equal(settings.trustedServersOnly, true)
  assert.match(ignoredBy(settings).join(), /^6 \|.*\| licensing-url-invalid$/)
})

test('what cannot be used is left out and named; what means nothing here is named', () => {
  const settings = settingsOf(
    `[${machine}\\Microsoft\\MSIPC\\ServiceLocation\\EnterprisePublishing]`,
    '@="http://rms/_wmcs/licensing"',
    `[${machine}\\Microsoft\\MSIPC\\ServiceLocation\\EnterpriseCertification]`,
    '@=hex(2):25,00,41,00,25,00',
    '"other"="x"',
    `[${machine}\\Microsoft\\MSIPC\\Federation]`,
    '"FederationHomeRealm"="https://adfs.lakeside.example"',
    `[${machine}\\Microsoft\\MSIPC\\ServiceLocation\\LicensingRedirection]`,
    '"file:///etc"="https://rms/_wmcs/licensing"',
    String.raw`[HKEY_CLASSES_ROOT\x]`,
    '@="y"',
    `[-${machine}\\Microsoft\\MSIPC\\Gone]`,
  )
  assert.deepEqual(settings.serviceLocation, {})
  assert.deepEqual(settings.taken, [])
  assert.deepEqual(
    ignoredBy(settings).map((line) => line.replace(/\| The .*\|/, '|')),
    [
      '3 | http://rms/_wmcs/licensing is not https | service-url-refused',
      '5 | it names a variable of the computer | registration-file-invalid',
      '6 | not a setting of this client',
      '8 | a federated sign-in; this client signs in with a password or a token',
      '10 | licensing-url-invalid',
      '12 | not a key of rights management',
      '13 | removes what this file does not set',
    ],
  )
})

test('later lines win, and deletions delete what stood before them', () => {
  const key = `${machine}\\Microsoft\\MSIPC\\ServiceLocation`
  const settings = settingsOf(
    `[${key}\\EnterprisePublishing]`,
    `@=${quoted(other)}`,
    `@=${quoted(to)}`,
    `[${key}\\LicensingRedirection]`,
    `"https://old/_wmcs/licensing"=${quoted(to)}`,
    '"HTTPS://OLD/_wmcs/licensing"=-',
    `[${key}\\EnterpriseCertification]`,
    '@="https://gone/_wmcs/certification"',
    `[-${key.toUpperCase()}\\ENTERPRISECERTIFICATION]`,
  )
  assert.deepEqual(settings.serviceLocation, { licensing: to })
  assert.deepEqual(settings.redirections, [])
  assert.deepEqual(settings.ignored, [])
})

test('keys are not deleted without end', () => {
  const lines = Array.from({ length: 2_001 }, () => `[-${machine}\\x]`)
  assert.throws(
    () => settingsOf(...lines),
    (error) => isRightsError(error, 'registration-file-invalid') && /too many/.test(error.detail ?? ''),
  )
})
