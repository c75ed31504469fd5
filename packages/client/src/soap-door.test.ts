/** Versions of the data: a service that speaks lower ones only is asked once more, in its own (MS-RMPR 2.2.3.1). */
import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, beforeEach, test } from 'node:test'
import { faultNames, writeFault, writeSoapAnswer, writeSoapHeaders } from '@sealward/protocol'
import { connect, type Connection } from './connection.ts'
import { callSoap } from './soap-door.ts'

const certificate = '<XrML version="1.2" xmlns=""><BODY>of the server</BODY></XrML>'

let server: Server
let connection: Connection
/** The highest version of the server, in numbers of one digit, and the header that its faults have. */
let maximum = ''
let header = ''
/** Minimum and maximum of every call. */
const asked: string[] = []

before(async () => {
  server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      const { status, text } = answerTo(Buffer.concat(pieces).toString())
      response.writeHead(status, { 'content-type': writeSoapHeaders('1.1', '').contentType }).end(text)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const serviceUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  connection = connect({ serviceUrl, user: 'bob@lakeside.example', password: () => Buffer.from('secret') })
})
after(() => server.close())
beforeEach(() => {
  asked.length = 0
})

/** As a server of that version: only from 1.1.0.0 on may a call hold several requests. */
function answerTo(call: string): { readonly status: number; readonly text: string } {
  const [, least = '', most = ''] = /<MinimumVersion>(.*)<\/M.*<MaximumVersion>(.*)<\/M/.exec(call) ?? []
  asked.push(`${least} ${most}`)
  if (most > maximum) {
    const fault = writeFault('1.1', faultNames.unsupportedDataVersion)
    return { status: 500, text: fault.replace('<soap:Body>', `<soap:Header>${header}</soap:Header><soap:Body>`) }
  }
  const requests = call.match(/<AcquireLicenseParams>/g)?.length ?? 0
  if (requests > 1 && most < '1.1') return { status: 500, text: writeFault('1.1', faultNames.unspecifiedError) }
  const answer = { certificateChain: [certificate] }
  return { status: 200, text: writeSoapAnswer('GetLicensorCertificate', answer, '1.1') }
}

function speaking(highest: string, stated = highest): void {
  maximum = highest
  const values = `<MinimumVersion>0.5.0.0</MinimumVersion><MaximumVersion>${stated}</MaximumVersion>`
  header = stated === '' ? '' : `<VersionData xmlns="http://microsoft.com/DRM/ServerService">${values}</VersionData>`
}

const licensorCertificate = () => callSoap(connection, connection.service.licensing, 'GetLicensorCertificate', {})

function batch(): Promise<unknown> {
  const item = { licenseeCertificates: [certificate], issuanceLicense: [certificate] }
  return callSoap(connection, connection.service.licensing, 'AcquireLicense', { requests: [item, item] })
}

test('a service that speaks what is asked for is asked once', async () => {
  speaking('1.2.0.0')
  assert.deepEqual((await licensorCertificate()).certificateChain, [certificate])
  assert.deepEqual(asked, ['1.0.0.0 1.0.0.0'])
})

test('a service that names a lower maximum is asked again with that one, and its answer counts', async () => {
  speaking('0.9.0.0')
  assert.deepEqual((await licensorCertificate()).certificateChain, [certificate])
  assert.deepEqual(asked, ['1.0.0.0 1.0.0.0', '0.9.0.0 0.9.0.0'])
})

test('a service that names none is asked again with the first version, and its refusal of that counts', async () => {
  for (const stated of ['', '1.x', '0.4.0.0']) {
    asked.length = 0
    speaking('1.0.0.0', stated)
    await assert.rejects(batch(), { code: 'service-refused' }, stated)
    assert.deepEqual(asked, ['1.0.0.0 1.1.0.0', '1.0.0.0 1.0.0.0'], stated)
  }
})

test('nobody is asked a third time', async () => {
  speaking('0.7.0.0', '0.9.0.0')
  await assert.rejects(licensorCertificate(), { code: 'unsupported-data-version' })
  assert.deepEqual(asked, ['1.0.0.0 1.0.0.0', '0.9.0.0 0.9.0.0'])
})

test('a service that refuses what it says that it speaks is not asked again', async () => {
  for (const stated of ['', '1.0.0.0', '1.2.0.0', '9.0.0.0']) {
    asked.length = 0
    speaking('0.9.0.0', stated)
    await assert.rejects(licensorCertificate(), { code: 'unsupported-data-version' }, stated)
    assert.deepEqual(asked, ['1.0.0.0 1.0.0.0'], stated)
  }
})
