/**
 * Servers whose accounts have no mail address, as mail servers and genuine clusters sign in: computers of a domain with
 * tickets of their own, made by MIT Kerberos and sent by curl. They get what an administrator has admitted them to.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { createClient, publish } from '@sealward/client'
import {
  operationUrl,
  readSoapAnswer,
  writeSoapCall,
  type SoapOperationName,
  type SoapRequestOf,
  type SoapResponseOf,
} from '@sealward/protocol'
import { parseAccountCertificate, parseUseLicense, parseXrml } from '@sealward/xrml'
import type { Organisation } from '../peers/people.ts'
import { run } from '../peers/programs.ts'
import type { SambaDomain } from '../peers/samba.ts'
import {
  openDomainService,
  password,
  serviceAccount,
  skipWithoutTickets,
  type DomainService,
  type Ended,
} from './domain-service.ts'

const organisation: Organisation = {
  people: [
    { name: 'ben', mail: 'ben@lakeside.test', password },
    { name: 'box', mail: 'box@lakeside.test', password, disabled: true },
    serviceAccount,
  ],
  computers: ['MAIL01', 'MAIL02'].map((name) => ({ name, password })),
  groups: [
    { name: 'mail servers', members: ['MAIL01', 'inner'] },
    { name: 'inner', members: ['mail servers'] },
    { name: 'servers', members: ['inner'] },
    { name: 'list', kind: 'distribution', members: ['MAIL01'] },
  ],
}

/** A fault, or the answer. */
type Said<Name extends SoapOperationName> = string | SoapResponseOf<Name>

function assertLicensed(answer: Said<'AcquirePreLicense'>): void {
  assert.ok(typeof answer !== 'string', JSON.stringify(answer))
  const [outcome] = answer.responses[0]?.outcomes ?? []
  assert.equal(outcome?.outcome, 'licensed')
  const { rights } = parseUseLicense(parseXrml(outcome.license))
  assert.deepEqual(
    rights.map(({ right }) => right),
    ['OWNER'],
  )
}

suite('servers of a domain', { skip: skipWithoutTickets }, () => {
  let service: DomainService
  let license: string
  let machineChain: readonly string[]

  const sealward = (...args: readonly string[]): Ended => service.sealward(args)
  const admission = (...args: readonly string[]): void => {
    const { status, stderr } = sealward('admission', ...args, '--data', '.', '--yes')
    assert.equal(status, 0, stderr)
  }
  const change: DomainService['change'] = (...args) => service.change(...args)
  const dnOf = (name: string): string => service.domain.dnOf(name)

  before(async () => {
    service = await openDomainService(organisation, addExchangeSchema)
    const { domain, folder, url, ticketsOf } = service
    const ben = createClient({
      serviceUrl: url,
      user: 'ben@lakeside.test',
      password: () => Buffer.from(password),
      storeDirectory: join(folder, 'client'),
      trustOnFirstUse: true,
    })
    const policy = { grants: [{ to: 'ben@lakeside.test', rights: ['VIEW'] }] }
    const published = await publish(ben, policy, { mode: 'cbc4k', keyBytes: 16 })
    license = published.documents[0] ?? ''
    machineChain = ben.store.readChain('machine') ?? []
    for (const name of ['MAIL01$', 'MAIL02$']) {
      run('kinit', ['-k', '-t', domain.exportKeytab(name), name], { env: ticketsOf(name) })
    }
  })
  after(() => service.close())

  function call<Name extends SoapOperationName>(
    computer: string,
    operation: Name,
    request: SoapRequestOf<Name>,
    file?: string,
  ): Said<Name> {
    const { headers, body } = writeSoapCall(operation, request, { soapVersion: '1.1' })
    const part = operation === 'Certify' || operation === 'Precertify' ? 'certification' : 'licensing'
    const path = operationUrl(`${service.url}/_wmcs/${part}`, operation)
    const address = file === undefined ? path : path.replace(/[^/]+$/, file)
    const fields = { 'content-type': headers.contentType, soapaction: headers.soapAction ?? '' }
    const lines = Object.entries(fields).flatMap(([name, value]) => ['--header', `${name}: ${value}`])
    const limits = ['--silent', '--show-error', '--max-time', '60', '--write-out', '%{stderr}%{http_code}']
    const args = [...limits, '--negotiate', '--user', ':', ...lines, '--data-binary', '@-', address]
    const sent = spawnSync('curl', args, { env: service.ticketsOf(computer), input: body, encoding: 'utf8' })
    assert.equal(sent.status, 0, sent.stderr)
    if (sent.stderr === '401') return 'not signed in'
    const read = readSoapAnswer(operation, Buffer.from(sent.stdout))
    return read.kind === 'fault' ? (/\w+$/.exec(read.fault.name)?.[0] ?? '') : read.response
  }

  const preLicense = (computer: string): Said<'AcquirePreLicense'> =>
    call(computer, 'AcquirePreLicense', {
      requests: [{ licenseeIdentities: ['ben@lakeside.test'], issuanceLicense: [license] }],
    })
  const closed = 'UnauthorizedAccessException'
  const nobody = 'ADEntrySearchFailedException'

  test('a computer prelicenses once it is admitted, by name and in no other’s', () => {
    assert.equal(preLicense('MAIL01$'), closed)
    const planned = sealward('admission', 'add', 'pre-licensing', 'CORP\\MAIL01$', '--data', '.', '--dry-run')
    assert.equal(planned.status, 0, planned.stderr)
    assert.equal(preLicense('MAIL01$'), closed)
    admission('add', 'pre-licensing', 'CORP\\MAIL01$')
    assertLicensed(preLicense('MAIL01$'))
    assert.equal(preLicense('MAIL02$'), closed)
    assert.equal(call('MAIL01$', 'Precertify', { userName: 'ben@lakeside.test' }), closed)
    const listed = JSON.parse(sealward('admission', 'list', '--data', '.', '--json').stdout) as {
      doors: { door: string; accounts: { sid: string; name: string }[] }[]
    }
    const [admitted] = listed.doors.find(({ door }) => door === 'pre-licensing')?.accounts ?? []
    assert.equal(admitted?.name, 'corp\\mail01$')
    assert.match(admitted.sid, /^S-1-5-21(-\d+){4}$/)
    assert.match(sealward('admission', 'list', '--data', '.').stdout, /corp\\mail01\$ \(S-1-5-21/)
    admission('remove', 'pre-licensing', admitted.sid)
    assert.equal(preLicense('MAIL01$'), closed)
  })

  test('a group without address admits those in it, nested and in a circle, and nobody who has left', () => {
    admission('add', 'pre-licensing', 'servers')
    assertLicensed(preLicense('MAIL01$'))
    assert.equal(preLicense('MAIL02$'), closed)
    change('mail servers', 'delete: member', `member: ${dnOf('MAIL01')}`)
    assert.equal(preLicense('MAIL01$'), closed)
    change('mail servers', 'add: member', `member: ${dnOf('MAIL01')}`)
    assertLicensed(preLicense('MAIL01$'))
    admission('remove', 'pre-licensing', 'CORP\\Servers')
    assert.equal(preLicense('MAIL01$'), closed)
  })

  test('the primary group of computers admits every one of them', () => {
    admission('add', 'group-expansion', 'CORP\\Domain Computers')
    const question = {
      principalName: 'ben@lakeside.test',
      principalCrossForest: 'ben@lakeside.test',
      targetGroups: ['nobody@lakeside.test'],
      crossForestCallsSoFar: 0,
    }
    for (const name of ['MAIL01$', 'MAIL02$']) {
      assert.deepEqual(call(name, 'IsPrincipalMemberOf', question, '../groupexpansion/GroupExpansion.asmx'), {
        member: false,
      })
    }
    admission('remove', 'group-expansion', 'CORP\\Domain Computers')
  })

  test('a name that nobody or a distribution list has is not admitted, and decommissioning admits no group', () => {
    for (const [door, name, code] of [
      ['pre-licensing', 'CORP\\MAIL03$', 'account-not-in-directory'],
      ['pre-licensing', 'OTHER\\MAIL01$', 'account-not-in-directory'],
      ['pre-licensing', 'S-1-5-21-1-2-3-4', 'account-not-in-directory'],
      ['pre-licensing', 'CORP\\list', 'group-refused'],
      ['decommissioning', 'CORP\\servers', 'group-refused'],
    ] as const) {
      const { status, stderr } = sealward('admission', 'add', door, name, '--data', '.', '--yes')
      assert.notEqual(status, 0, name)
      assert.match(stderr, new RegExp(`\\[${code}\\]`))
    }
    admission('add', 'decommissioning', 'CORP\\MAIL02$')
    admission('remove', 'decommissioning', 'CORP\\MAIL02$')
    const again = sealward('admission', 'remove', 'decommissioning', 'CORP\\MAIL02$', '--data', '.', '--yes')
    assert.match(again.stderr, /\[account-not-in-directory\]/)
  })

  test('what needs a mail address is refused for want of one', () => {
    assert.equal(call('MAIL01$', 'Certify', { machineCertificateChain: machineChain, persistent: true }), nobody)
    const template = 'templateDistribution.asmx'
    assert.equal(call('MAIL01$', 'AcquireTemplateInformation', {}, template), nobody)
  })

  test('a farm is certified as the user to whom its computers are linked, though that account is disabled', () => {
    const request = { machineCertificateChain: machineChain, persistent: true }
    const certify = (computer: string): Said<'Certify'> =>
      call(computer, 'Certify', request, 'ServerCertification.asmx')
    assert.equal(certify('MAIL01$'), closed)
    admission('add', 'server-certification', 'CORP\\Mail Servers')
    assert.equal(certify('MAIL01$'), nobody)
    change('box', 'add: msExchRMSComputerAccountsLink', `msExchRMSComputerAccountsLink: ${dnOf('MAIL01')}`)
    const answer = certify('MAIL01$')
    assert.ok(typeof answer !== 'string', JSON.stringify(answer))
    const chain = answer.certificateChain
    assert.deepEqual([...parseAccountCertificate(parseXrml(chain[0] ?? '')).addresses], ['box@lakeside.test'])
    // At the address for people the link says nothing.
    assert.equal(call('MAIL01$', 'Certify', request), nobody)
    const clientLicensor = (computer: string) =>
      call(computer, 'GetClientLicensorCert', { requests: [{ personaCertificates: chain }] })
    assert.ok(typeof clientLicensor('MAIL01$') !== 'string')
    assert.equal(typeof clientLicensor('MAIL02$'), 'string')
    const log = sealward('log', 'tail', '--data', '.')
    assert.match(log.stdout + log.stderr, /mail01\$/)
  })

  test('a disabled computer is refused with the ticket that it has', () => {
    admission('add', 'pre-licensing', 'CORP\\MAIL02$')
    assertLicensed(preLicense('MAIL02$'))
    change('MAIL02', 'replace: userAccountControl', 'userAccountControl: 4098')
    assert.equal(preLicense('MAIL02$'), 'not signed in')
  })
})

/** The one attribute of Exchange's schema that counts here. */
async function addExchangeSchema(domain: SambaDomain): Promise<void> {
  const schema = `CN=Schema,CN=Configuration,${domain.baseDn}`
  domain.setUp(`dn: CN=ms-Exch-RMS-Computer-Accounts-Link,${schema}
changetype: add
objectClass: attributeSchema
attributeID: 1.2.840.113556.1.4.7000.102.50980
attributeSyntax: 2.5.5.1
oMSyntax: 127
oMObjectClass:: KwwCh3McAIVK
isSingleValued: FALSE
lDAPDisplayName: msExchRMSComputerAccountsLink
schemaIDGUID:: ${Buffer.from('0f6f3c6a5a0a4a3d8c2be1d7d1b0a911', 'hex').toString('base64')}
`)
  domain.setUp(`dn: CN=User,${schema}
changetype: modify
add: mayContain
mayContain: msExchRMSComputerAccountsLink
`)
  await domain.restart()
}
