/**
 * A second client that others wrote, in another language: every row of the suite that it can send, and a walk from the first
 * certificate to an opened licence. From our service descriptions in both versions of SOAP, and from the printed ones.
 */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { openUseLicense, parseUseLicense, parseXrml, verifySignature } from '@sealward/xrml'
import { serviceDescription, serviceDescriptionsMissing } from '../../vectors.ts'
import { inline, versionDataOf } from '../suite/call-markup.ts'
import { publishingLicense } from '../suite/forge/publishing-license.ts'
import { certificatesIn, holdingsOf } from '../suite/holdings.ts'
import { ownServers } from '../suite/own-servers.ts'
import { rows } from '../suite/rows/index.ts'
import { runRows } from '../suite/run-rows.ts'
import type { Servers } from '../suite/servers.ts'
import type { SoapVersion } from '../suite/soap-client.ts'
import { zeepMissing, zeepProgram, type ZeepProgram } from './zeep-client.ts'

let servers: Servers
let zeep: ZeepProgram

const soap = ['1.1', '1.2'] as const
const described = [
  { by: 'our own descriptions', folder: () => undefined, versions: soap, skip: zeepMissing },
  {
    by: 'the printed descriptions',
    folder: () => serviceDescription('.'),
    // What they describe.
    versions: ['1.1'],
    skip: zeepMissing === false ? serviceDescriptionsMissing : zeepMissing,
  },
] as const

/** The description demands these elements, and zeep sends nothing that it forbids. */
const forbidden =
  /^zeep cannot send it: Missing element (?:crossForestCallsSoFar|oInput|CertificatePublicKey|EnrolleeInformation) /

suite('zeep', { skip: zeepMissing }, () => {
  before(async () => {
    servers = await ownServers()
    zeep = zeepProgram()
  })
  after(async () => {
    await zeep.close()
    await servers.close()
  })

  for (const { by, folder, versions, skip } of described) {
    test(`every row that it can send is answered as demanded, with ${by}`, { skip }, async () => {
      const results = await runRows({ rows, servers, soap: versions, descriptions: folder(), client: zeep.client })
      assert.deepEqual(
        results.filter(({ outcome }) => outcome === 'failed'),
        [],
      )
      const unexplained = results.filter(
        ({ outcome, detail }) => outcome === 'not applicable' && !forbidden.test(detail),
      )
      assert.deepEqual(unexplained, [])
      assert.ok(results.filter(({ outcome }) => outcome === 'passed').length > (rows.length * versions.length) / 2)
    })

    for (const version of soap) {
      test(`walks from Certify to an opened licence, with ${by}, SOAP ${version}`, { skip }, async () => {
        await walk(version, folder())
      })
    }
  }
})

async function walk(version: SoapVersion, descriptions: string | undefined): Promise<void> {
  const { url, tester } = await servers.inState([])
  const caller = zeep.client(url, descriptions)
  const holdings = holdingsOf(url, tester, (call) => caller({ ...call, soap: version }))
  const ask = async (operation: string, parameters: object): Promise<string> => {
    const versionData = versionDataOf(operation, {})
    const answer = await caller({ operation, parameters, versionData, caller: tester.user, soap: version })
    assert.equal(answer.status, 200, `${operation}: ${answer.text}`)
    return answer.text
  }
  const { chain: account, key } = await holdings.account()
  const license = await publishingLicense(holdings)
  const licensed = await ask('AcquireLicense', {
    RequestParams: {
      AcquireLicenseParams: [{ LicenseeCerts: inline(account), IssuanceLicense: inline(license) }],
    },
  })
  const use = parseUseLicense(parseXrml(certificatesIn(licensed)[0] ?? ''))
  verifySignature(use.document)
  assert.equal((await openUseLicense(use, await key())).mode, 'cbc4k')

  const listed = await ask('AcquireTemplateInformation', {})
  const [, guid = ''] = /<Guid>([^<]+)<\/Guid>/.exec(listed) ?? []
  const fetched = await ask('AcquireTemplates', { guids: { string: [guid] } })
  assert.match(fetched, /<Template>&lt;XrML [^<]+Microsoft Official Rights Template/)

  const located = await ask('FindServiceLocationsForUser', {
    ServiceNames: { ServiceLocationRequest: [{ Type: 'LicensingService' }] },
  })
  assert.match(located, /<Type>LicensingService<\/Type>/)
  const told = await ask('GetServerInfo', {
    requests: { ServerInfoRequest: [{ Type: 'VersionInfo' }, { Type: 'ServerFeatureInfo' }] },
  })
  assert.match(told, /<VersionInfo Version="6\.0\.0\.0"/)
}
