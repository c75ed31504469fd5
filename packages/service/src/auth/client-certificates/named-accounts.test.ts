/** Which account a certificate stands for, and what a certificate must be. The certificates and their names are OpenSSL's. */
import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { createAuthority, type Authority, type Issued, type Wanted } from '../../../../../test/peers/authority.ts'
import { run, skipWithout } from '../../../../../test/peers/programs.ts'
import { namedAccounts } from './named-accounts.ts'
import { distinguishedName } from './names.ts'
import { unmetRequirement } from './requirements.ts'
import { clientCertificatesSchema } from './settings.ts'

const skip = skipWithout(['openssl'])
const account = 'mail01@lakeside.example'
const upn = 'otherName:1.3.6.1.4.1.311.20.2.3;UTF8:'

let folder: string
let machines: Authority
let sub: Authority
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'sealward-client-certificates-'))
  if (skip !== false) return
  machines = createAuthority(folder, '/O=Lakeside/CN=Machines')
  sub = machines.below('/O=Lakeside/CN=Servers')
})
after(() => rmSync(folder, { recursive: true }))

const read = ({ certificateFile }: Pick<Issued, 'certificateFile'>, of = ''): string =>
  run('openssl', ['x509', '-in', certificateFile, '-noout', ...of.split(' ')])

/** As the documentation tells an operator to look a name up. */
function nameOf(issued: Issued, which: 'subject' | 'issuer'): string {
  return read(issued, `-${which} -nameopt RFC2253,-esc_msb`).replace(/\n$/, '').slice(`${which}=`.length)
}

function accountsFor(issued: Issued, ...entries: readonly object[]): readonly string[] {
  const all = entries.map((entry) => ({ account, ...entry }))
  const settings = clientCertificatesSchema.parse({ authoritiesFile: 'ca.pem', accounts: all })
  return namedAccounts(settings.accounts, new X509Certificate(issued.cert))
}

suite('an entry names a certificate', { skip }, () => {
  let mail: Issued
  before(() => {
    mail = sub.issue({
      subject: '/O=Lakeside/CN=mail01.lakeside.test',
      names: [
        'DNS:MAIL01.lakeside.test',
        'DNS:*.farm.lakeside.test',
        'email:mail01@lakeside.test',
        `${upn}Mail01@corp.test`,
      ],
    })
  })

  test('by its fingerprint, in either spelling', () => {
    const [, fingerprint = ''] = read(mail, '-fingerprint -sha256').trim().split('=')
    assert.deepEqual(accountsFor(mail, { fingerprint }), [account])
    assert.deepEqual(accountsFor(mail, { fingerprint: fingerprint.replaceAll(':', '').toLowerCase() }), [account])
    assert.deepEqual(accountsFor(mail, { fingerprint: '0'.repeat(64) }), [])
  })

  test('by a DNS name, of which no part is a pattern', () => {
    assert.deepEqual(accountsFor(mail, { dnsName: 'mail01.Lakeside.test' }), [account])
    const unnamed = sub.issue({ subject: '/', names: ['DNS:mail01.lakeside.test'] })
    assert.deepEqual(accountsFor(unnamed, { dnsName: 'mail01.lakeside.test' }), [account])
    for (const dnsName of ['lakeside.test', 'ail01.lakeside.test', 'a.farm.lakeside.test', 'mail01']) {
      assert.deepEqual(accountsFor(mail, { dnsName }), [], dnsName)
    }
  })

  test('by a mail address and by a user principal name, which are not each other', () => {
    assert.deepEqual(accountsFor(mail, { email: 'mail01@lakeside.test' }), [account])
    assert.deepEqual(accountsFor(mail, { userPrincipalName: 'MAIL01@CORP.test' }), [account])
    assert.deepEqual(accountsFor(mail, { email: 'mail01@corp.test' }), [])
    assert.deepEqual(accountsFor(mail, { userPrincipalName: 'mail01@lakeside.test' }), [])
  })

  test('never by what stands in the subject instead of the alternative names', () => {
    const subject = '/CN=mail02.lakeside.test/emailAddress=mail02@lakeside.test'
    const bare = sub.issue({ subject })
    assert.deepEqual(accountsFor(bare, { dnsName: 'mail02.lakeside.test' }), [])
    assert.deepEqual(accountsFor(bare, { email: 'mail02@lakeside.test' }), [])
  })

  test('by its whole subject and its issuer, as OpenSSL writes them', () => {
    const [subject, issuer] = [nameOf(mail, 'subject'), nameOf(mail, 'issuer')]
    assert.equal(issuer, 'CN=Servers,O=Lakeside')
    assert.deepEqual(accountsFor(mail, { subject, issuer }), [account])
    assert.deepEqual(accountsFor(mail, { subject, issuer: 'CN=Machines,O=Lakeside' }), [])
    assert.deepEqual(accountsFor(mail, { subject: 'CN=mail01.lakeside.test', issuer }), [])
    const other = machines.issue({ subject: '/O=Lakeside/CN=mail01.lakeside.test' })
    assert.deepEqual(accountsFor(other, { subject, issuer }), [])
  })

  test('by an issuer besides another name', () => {
    const dnsName = 'mail01.lakeside.test'
    assert.deepEqual(accountsFor(mail, { dnsName, issuer: 'CN=Servers,O=Lakeside' }), [account])
    assert.deepEqual(accountsFor(mail, { dnsName, issuer: 'CN=Machines,O=Lakeside' }), [])
  })

  test('together with others: the same account once, different ones all', () => {
    const dns = { dnsName: 'mail01.lakeside.test' }
    assert.deepEqual(accountsFor(mail, dns, { email: 'mail01@lakeside.test' }), [account])
    assert.deepEqual(accountsFor(mail, dns, { email: 'mail01@lakeside.test', account: 'b@lakeside.example' }), [
      account,
      'b@lakeside.example',
    ])
  })
})

suite('names cannot be made to look like others', { skip }, () => {
  test('subjects of any kind are those that OpenSSL writes', () => {
    for (const subject of [
      '/C=DE/O=Läke, side/CN=mail01',
      '/O=Lakeside/CN=a\\/b\\=c;d<e>"f"',
      '/CN= leading and trailing ',
      '/CN=#hash\\+plus',
      '/CN=a \\+ UID=b',
      '/CN=a+UID=b',
      '/DC=test/DC=lakeside/CN=mail01/emailAddress=a@lakeside.test',
      '/CN=back\\\\slash',
      '/CN=中文',
      '/',
    ]) {
      const issued = machines.issue({ subject })
      assert.equal(distinguishedName(new X509Certificate(issued.cert).subject), nameOf(issued, 'subject'), subject)
    }
  })

  test('a name within an alternative name is none', () => {
    for (const [hidden, entry] of [
      [`${upn}x, othername:UPN:mail01@corp.test`, { userPrincipalName: 'mail01@corp.test' }],
      [`${upn}x"\\, othername:UPN:mail01@corp.test`, { userPrincipalName: 'mail01@corp.test' }],
      ['URI:https://x/, othername:UPN:mail01@corp.test', { userPrincipalName: 'mail01@corp.test' }],
      ['email:mail01@lakeside.test.evil.test', { email: 'mail01@lakeside.test' }],
      ['URI:https://mail01.lakeside.test', { dnsName: 'mail01.lakeside.test' }],
    ] as const) {
      const issued = machines.issue({ names: [hidden] })
      assert.deepEqual(accountsFor(issued, entry), [], hidden)
    }
  })
})

suite('a certificate of a client', { skip }, () => {
  const refused: Readonly<Record<string, readonly [Wanted, string]>> = {
    'of a server alone': [{ usage: 'serverAuth' }, 'it is not for client authentication'],
    'that says no purpose': [{ usage: '' }, 'it is not for client authentication'],
    'for any purpose': [{ usage: 'anyExtendedKeyUsage' }, 'it is not for client authentication'],
    'of an authority': [{ authority: true }, 'it is a certificate of an authority'],
    'with a key of 1024 bits': [{ newKey: ['rsa:1024'] }, 'its key is too weak'],
    'with a key on P-224': [{ newKey: ['ec', '-pkeyopt', 'ec_paramgen_curve:secp224r1'] }, 'its key is too weak'],
    'signed with SHA-1': [{ digest: 'sha1' }, 'its signature is too weak'],
    'signed with SHA-224': [{ digest: 'sha224' }, 'its signature is too weak'],
  }
  for (const [name, [wanted, reason]] of Object.entries(refused)) {
    test(`${name} is refused`, () => {
      assert.equal(unmetRequirement(new X509Certificate(machines.issue(wanted).cert)), reason)
    })
  }

  test('is taken with a key of 2048 bits or on P-256, P-384, P-521, Ed25519', () => {
    for (const newKey of [
      ['rsa:2048'],
      ...['prime256v1', 'secp384r1', 'secp521r1'].map((curve) => ['ec', '-pkeyopt', `ec_paramgen_curve:${curve}`]),
      ['ed25519'],
    ]) {
      const issued = machines.issue({ newKey, usage: 'serverAuth,clientAuth' })
      assert.equal(unmetRequirement(new X509Certificate(issued.cert)), undefined, newKey.join(' '))
    }
  })
})
