import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { readConfig } from '../../config.ts'

const account = 'Mail01@lakeside.example'
const dnsName = 'mail01.lakeside.test'
const subject = 'CN=mail01,O=Lakeside'
const issuer = 'CN=Machines,O=Lakeside'
const fingerprint = 'ab'.repeat(32)

function read(accounts: readonly object[], more: object = {}) {
  const config = readConfig({
    publicUrl: 'https://rms.lakeside.example',
    database: 'sealward.db',
    directory: 'directory.json',
    authentication: { clientCertificates: { authoritiesFile: 'ca.pem', accounts, ...more } },
  })
  return config.authentication.clientCertificates?.accounts
}

test('names are read in one spelling', () => {
  const colons = fingerprint.toUpperCase().replace(/..(?=.)/g, '$&:')
  assert.deepEqual(read([{ account, fingerprint: colons }]), [{ account: 'mail01@lakeside.example', fingerprint }])
  assert.deepEqual(read([{ account, dnsName: 'MAIL01.lakeside.test' }]), [
    { account: 'mail01@lakeside.example', dnsName },
  ])
})

suite('the configuration is refused', () => {
  const refused: Readonly<Record<string, readonly [readonly object[], object?]>> = {
    'with an unknown setting': [[{ account, dnsName, thumbprint: 'x' }]],
    'with an unknown setting above': [[{ account, dnsName }], { required: true }],
    'without entries': [[]],
    'with an account that is no address': [[{ account: 'CORP\\mail01', dnsName }]],
    'with an entry that names nothing': [[{ account }]],
    'with an entry that names two things': [[{ account, dnsName, fingerprint }]],
    'with a subject of any issuer': [[{ account, subject }]],
    'with an issuer and nothing else': [[{ account, issuer }]],
    'with an issuer of one certificate': [[{ account, fingerprint, issuer }]],
    'with a fingerprint of another kind': [[{ account, fingerprint: 'ab'.repeat(20) }]],
    'with a wildcard': [[{ account, dnsName: '*.lakeside.test' }]],
    'with the names below a domain': [[{ account, dnsName: '.lakeside.test' }]],
    'with a subject in another form': [[{ account, subject: '/O=Lakeside/CN=mail01', issuer }]],
  }
  for (const [name, [accounts, more]] of Object.entries(refused)) {
    test(name, () => assert.throws(() => read(accounts, more), { code: 'configuration-invalid' }))
  }
})

suite('two entries for the same certificate', () => {
  const other = 'files01@lakeside.example'
  for (const [first, second] of [
    [{ fingerprint }, { fingerprint: fingerprint.toUpperCase() }],
    [{ dnsName }, { dnsName: 'Mail01.lakeside.test' }],
    [{ dnsName, issuer }, { dnsName }],
    [{ email: 'a@lakeside.test' }, { email: 'A@LAKESIDE.test' }],
    [
      { subject, issuer },
      { subject, issuer },
    ],
  ]) {
    test(`are refused: ${JSON.stringify(second)}`, () => {
      for (const named of [account, other]) {
        assert.throws(
          () =>
            read([
              { account, ...first },
              { account: named, ...second },
            ]),
          {
            code: 'configuration-invalid',
            message: /accounts\.1: an entry before it names the same certificates/,
          },
        )
      }
    })
  }

  test('are two if they differ in the issuer or in the kind of name', () => {
    const accounts = [
      { account, dnsName, issuer },
      { account: other, dnsName, issuer: 'CN=Others,O=Lakeside' },
      { account: other, email: 'mail01@lakeside.test' },
      { account, userPrincipalName: 'mail01@lakeside.test' },
    ]
    assert.equal(read(accounts)?.length, 4)
  })
})
