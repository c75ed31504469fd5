/** Every certificate: issued, read, verified, and opened by whom it was sealed to. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { mode1, mode2 } from '../crypto/modes.ts'
import { samePublicKey } from '../crypto/public-key.ts'
import { parseXrml } from '../document.ts'
import { distributionUrl, parseDistributionPoints } from '../elements/distribution-point.ts'
import { securityLevel } from '../elements/principal.ts'
import {
  accountValidity,
  forever,
  guid,
  hierarchy,
  issuedAt,
  licensingUrl,
  owner,
  resigned,
} from '../hierarchy.fixture.ts'
import { refusal } from '../refusal.fixture.ts'
import { verifySignature } from '../signature.ts'
import { softwareKeyHandle } from '../crypto/key-handle.ts'
import { openAccountKey, parseAccountCertificate } from './account-certificate.ts'
import { openClientLicensorKey, parseClientLicensorCertificate } from './client-licensor-certificate.ts'
import { parseIssueRange, parseIssuingCertificate } from './issuing-certificate.ts'
import { parseMachineCertificate } from './machine-certificate.ts'

for (const mode of [mode1, mode2]) {
  const { documents, keys, account, client, licensor } = await hierarchy(mode)

  suite(`Mode ${mode.number}`, () => {
    test('issuing certificates name their principal, its key and when it may issue', () => {
      for (const [name, key] of [
        ['authority', keys.authority],
        ['service', keys.service],
        ['server', keys.server],
        ['processor', keys.processor],
      ] as const) {
        const certificate = parseIssuingCertificate(documents[name])
        verifySignature(certificate.document)
        assert.deepEqual(certificate.issueRange, forever)
        assert.deepEqual(certificate.issuedAt, issuedAt)
        assert.ok(samePublicKey(certificate.principal.publicKey, key.publicKey))
        assert.equal(certificate.url, undefined)
      }
      const top = parseIssuingCertificate(documents.authority)
      assert.deepEqual([top.issuer.object.type, top.issuer.object.id], ['DRM-Certificate-Authority', 'Lakeside Root'])
      assert.ok(samePublicKey(top.issuer.publicKey, keys.root.publicKey))
    })

    test('a machine certificate is written as Windows clients write it', () => {
      const certificate = parseMachineCertificate(documents.machine)
      verifySignature(certificate.document)
      assert.ok(certificate.document.text.startsWith('<XrML version="1.2" xmlns=""><BODY '))
      assert.ok(certificate.document.text.includes('<SIGNATURE><DIGEST>'))
      assert.equal(certificate.principal.object.type, 'Machine-Unique-Identifier')
      assert.equal(certificate.version, '1.0.0.0')
      assert.equal(certificate.issuer.object.type, 'MS-DRM-Desktop-Security-Processor')
    })

    test('an account certificate names the user and the machine, which alone opens its key', async () => {
      verifySignature(account.document)
      assert.deepEqual(account.validity, accountValidity)
      assert.deepEqual(account.addresses, [owner.address, 'ada.l@lakeside.example'])
      assert.equal(account.principal.object.idType, 'Windows')
      assert.equal(account.machine?.object.id, guid('7'))
      assert.equal(account.machine.enablingBits?.mode, mode)
      assert.equal(securityLevel(account.principal, 'Group-Identity-Credential-Type'), 'Persistent')
      assert.equal(account.credentialCreatedAt, undefined)
      const points = parseDistributionPoints(account.document.body)
      assert.match(distributionUrl(points, 'Extranet-Activation') ?? '', /^https:/)
      assert.ok((await openAccountKey(account, keys.machine.handle)).equals(keys.account.privateKey))
      await assert.rejects(openAccountKey(account, keys.server.handle), refusal('sealed-data-invalid'))
    })

    test('a client licensor certificate repeats the user and may issue as long as the account is valid', async () => {
      verifySignature(client.document)
      assert.deepEqual(client.issueRange, accountValidity)
      assert.equal(client.principal.object.raw, account.principal.object.raw)
      assert.equal(client.issuer.content, licensor.content)
      assert.equal(distributionUrl(client.distributionPoints, 'License-Acquisition-URL'), licensingUrl)
      const key = await openClientLicensorKey(client, softwareKeyHandle(keys.account.privateKey))
      assert.ok(key.equals(keys.client.privateKey))
      await assert.rejects(openClientLicensorKey(client, keys.machine.handle), refusal('sealed-data-invalid'))
    })
  })
}

const { documents, keys } = await hierarchy()

suite('keeps what nobody knows', () => {
  test('attributes and elements anywhere in an account certificate', async () => {
    const document = await resigned(documents.account, keys.server, (body) =>
      body
        .replace('<DESCRIPTOR>', '<DESCRIPTOR odd="1"><EXTRA a="b">c</EXTRA>')
        .replace('<ISSUEDPRINCIPALS>', '<UNKNOWN><X /></UNKNOWN><ISSUEDPRINCIPALS>')
        .replace('</OBJECT><PUBLICKEY>', '<ADDRESS type="home_puid">1</ADDRESS></OBJECT><PUBLICKEY>')
        .replace('<ID type="Windows">', '<ID type="Windows" version="2">'),
    )
    verifySignature(document)
    const account = parseAccountCertificate(document)
    assert.deepEqual(account.addresses, [owner.address, 'ada.l@lakeside.example'])
    assert.ok(account.document.text.includes('<EXTRA a="b">c</EXTRA>'))
    assert.equal(parseXrml(account.document.text).text, document.text)
  })

  test('security levels of a server, which stand in everything that it issues', async () => {
    const level = '<SECURITYLEVEL name="Tenant-ID" value="{x}"></SECURITYLEVEL><FUTURE />'
    const server = await resigned(documents.server, keys.server, (body) =>
      body.replace('</PUBLICKEY></PRINCIPAL>', `</PUBLICKEY>${level}</PRINCIPAL>`),
    )
    assert.ok(parseIssuingCertificate(server).principal.content.endsWith(level))
  })
})

test('reads the security processor version out of whatever stands around it', async () => {
  const cases = [
    ['Microsoft Repository 6.1.7600.16385', '6.1.7600.16385'],
    ['1.2.3 and 4.5', '4.5'],
    ['Repository', undefined],
    ['', undefined],
    ['1.2.3.4.5 7', undefined],
  ] as const
  for (const [text, version] of cases) {
    const machine = await resigned(documents.machine, keys.server, (body) =>
      body.replace(/name="Repository" value="[^"]*"/, `name="Repository" value="${text}"`),
    )
    assert.equal(parseMachineCertificate(machine).version, version)
  }
})

test('reads the creation time of a credential under both of its names', async () => {
  for (const name of ['Credential-Creation-Time', 'CredentialCreationTime']) {
    const level = `<SECURITYLEVEL name="${name}" value="2020-01-02T03:04" />`
    const document = await resigned(documents.account, keys.server, (body) =>
      body.replace('</PUBLICKEY><SECURITYLEVEL', `</PUBLICKEY>${level}<SECURITYLEVEL`),
    )
    assert.deepEqual(parseAccountCertificate(document).credentialCreatedAt, new Date('2020-01-02T03:04Z'))
  }
})

test('an account certificate without the sealed part serves precertification, and has no key', async () => {
  const document = await resigned(documents.account, keys.server, (body) =>
    body.replace(/<FEDERATIONPRINCIPALS>.*<\/FEDERATIONPRINCIPALS>/, ''),
  )
  const account = parseAccountCertificate(document)
  assert.equal(account.machine, undefined)
  await assert.rejects(openAccountKey(account, keys.machine.handle), refusal('sealed-data-invalid'))
})

test('a sealed private key that is not the key of the certificate is refused', async () => {
  const { client } = await hierarchy()
  const bits = /<ENABLINGBITS .*<\/ENABLINGBITS>/
  const foreign =
    bits.exec(documents.use.bodyText.slice(0, documents.use.bodyText.indexOf('</ENABLINGBITS>') + 15))?.[0] ?? ''
  const swapped = await resigned(documents.client, keys.server, (body) => body.replace(bits, foreign))
  await assert.rejects(
    openClientLicensorKey(parseClientLicensorCertificate(swapped), keys.account.handle),
    refusal('key-blob-invalid'),
  )
  const without = await resigned(documents.client, keys.server, (body) => body.replace(bits, ''))
  await assert.rejects(
    openClientLicensorKey(parseClientLicensorCertificate(without), keys.account.handle),
    refusal('sealed-data-invalid'),
  )
  const other = await resigned(documents.client, keys.server, (body) =>
    body.replace(
      /<PRINCIPAL internal-id="1"><OBJECT.*?<\/PUBLICKEY>/,
      `<PRINCIPAL internal-id="1">${client.issuer.content}`,
    ),
  )
  await assert.rejects(
    openClientLicensorKey(parseClientLicensorCertificate(other), keys.account.handle),
    refusal('key-blob-invalid'),
  )
})

suite('refuses', () => {
  test('documents of another kind', () => {
    for (const [name, document] of Object.entries(documents)) {
      const kinds = [
        [parseIssuingCertificate, ['authority', 'service', 'server', 'processor']],
        [parseMachineCertificate, ['machine']],
        [parseAccountCertificate, ['account']],
        [parseClientLicensorCertificate, ['client']],
      ] as const
      for (const [parse, own] of kinds) {
        if (own.some((known) => known === name)) parse(document)
        else assert.throws(() => parse(document), refusal('xrml-malformed'), name)
      }
    }
  })

  test('certificates that lack or repeat a part', async () => {
    const missing = [
      ['account', /<VALIDITYTIME>.*<\/VALIDITYTIME>/, ''],
      ['account', /<ISSUEDTIME>.*<\/ISSUEDTIME>/, ''],
      ['account', /<ISSUEDTIME>.*<\/ISSUEDTIME>/, '$&$&'],
      ['account', /<VALIDITYTIME>.*<\/VALIDITYTIME>/, '$&$&'],
      ['account', /<FEDERATIONPRINCIPALS>.*<\/FEDERATIONPRINCIPALS>/, '$&$&'],
      ['account', /<ISSUEDPRINCIPALS>.*<\/ISSUEDPRINCIPALS>/, ''],
      ['account', /<FEDERATIONPRINCIPALS><PRINCIPAL>.*<\/PRINCIPAL>/, '<FEDERATIONPRINCIPALS><PRINCIPAL />'],
      ['machine', /<ISSUEDPRINCIPALS>.*<\/ISSUEDPRINCIPALS>/, '$&$&'],
    ] as const
    for (const [name, part, replacement] of missing) {
      const document = await resigned(documents[name], keys.server, (body) => body.replace(part, replacement))
      const parse = name === 'account' ? parseAccountCertificate : parseMachineCertificate
      assert.throws(() => parse(document), refusal('xrml-malformed'), `${name} ${part.source} ${replacement}`)
    }
  })

  test('issuers without the right to issue, or with two ranges', async () => {
    const none = await resigned(documents.server, keys.server, (body) => body.replace('name="ISSUE"', 'name="VIEW"'))
    assert.throws(() => parseIssueRange(none.body), refusal('chain-issuer-not-entitled'))
    const element = await resigned(documents.server, keys.server, (body) =>
      body.replace('<RIGHT name="ISSUE">', '<VIEW name="ISSUE">').replace('</RIGHT>', '</VIEW>'),
    )
    assert.throws(() => parseIssueRange(element.body), refusal('chain-issuer-not-entitled'))
    const doubled = await resigned(documents.server, keys.server, (body) => body.replace(/<TIME>.*<\/TIME>/, '$&$&'))
    assert.throws(() => parseIssueRange(doubled.body), refusal('xrml-malformed'))
  })
})
