import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRightsError } from '@sealward/xrml'
import type { RequestRow } from '../admin-api.ts'
import { readAgent } from './agent.ts'
import type { RequestEvent } from './request-event.ts'
import { readRequestRows } from './request-rows.ts'
import { readServiceRequestExport } from './service-request-export.ts'
import { readUsageLog } from './usage-log.ts'

const refused = (error: unknown): boolean => isRightsError(error, 'request-log-refused')

/** In pieces of a few bytes, as a stream may deliver them. */
function* pieces(text: string, encoding: 'utf8' | 'utf16le' = 'utf8', size = 7): Generator<Uint8Array> {
  const bytes = Buffer.from(text, encoding)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

function* endless(): Generator<Uint8Array> {
  for (;;) yield Buffer.alloc(1_000_000, 'a')
}

async function all(events: AsyncIterable<RequestEvent>): Promise<readonly RequestEvent[]> {
  const list: RequestEvent[] = []
  for await (const event of events) list.push(event)
  return list
}

const short = ({ time, principal, host, agent, operation, system, ok }: RequestEvent): string =>
  [time.toISOString(), principal, host, agent.family, operation, system, ok].join(' ')

const exported = `HostMachineName,RequestTime,RequestType,RequestUserAddress,RequestUserAgent,AuthenticatedId,SuccessOrFailure,ReceivedXrMLDocument
RMS1,2024-03-05 10:11:12.123,AcquireLicense,10.0.0.5,"MSIPC;version=1.0;AppName=WINWORD.EXE;AppArch=x86",Anna@Lakeside.example,Succeeded,"<XrML a=""1"">
second line, with a comma</XrML>"
RMS1,2024-03-05T09:00:00+01:00,ServerCertification.Certify,10.0.0.9,MSDRM,LAKESIDE\\MAIL$,Failed,
RMS1,3/5/2024 9:00:00 AM,Certification.Certify,10.0.0.9,,x,Succeeded,
RMS1,2024-03-05 11:00:00,TemplateDistribution.AcquireTemplates,10.0.0.7,,,Succeeded,
`

test('an export of a cluster is read by its header; quotations may hold anything', async () => {
  const passed: string[] = []
  const events = await all(
    readServiceRequestExport(pieces(exported), { unreadable: (line, why) => passed.push(`${line} ${why}`) }),
  )
  assert.deepEqual(events.map(short), [
    '2024-03-05T10:11:12.123Z anna@lakeside.example 10.0.0.5 MSIPC AcquireLicense cluster true',
    '2024-03-05T08:00:00.000Z lakeside\\mail$ 10.0.0.9 MSDRM ServerCertify cluster false',
    '2024-03-05T11:00:00.000Z  10.0.0.7 unknown TemplateDistribution cluster true',
  ])
  assert.deepEqual(events[0]?.agent, { family: 'MSIPC', bits: 32, application: 'WINWORD.EXE' })
  assert.deepEqual(passed, ['5 the time is not of the form 2024-03-05 10:11:12'])
})

test('tabs, other column orders and names, and UTF-16 are read alike', async () => {
  const text = '\ufeffSuccess\tWhen\tRequest Type\tUser Name\r\n1\t2024-03-05 10:11:12\tGetClientLicensorCerts\tbob\r\n'
  const options = { columns: { time: 'When' } }
  for (const encoding of ['utf16le', 'utf8'] as const) {
    const events = await all(readServiceRequestExport(pieces(text, encoding), options))
    assert.deepEqual(events.map(short), ['2024-03-05T10:11:12.000Z bob  unknown GetClientLicensorCert cluster true'])
  }
})

test('an export without the columns that count, or without the end of a quotation, is refused', async () => {
  for (const text of [
    'a,b,c\n1,2,3\n',
    'RequestTime,RequestType,SuccessOrFailure\n',
    'RequestTime,RequestType,SuccessOrFailure,AuthenticatedId\n"open',
    `RequestTime,RequestType,SuccessOrFailure,AuthenticatedId\n${','.repeat(1_000)}\n`,
  ]) {
    await assert.rejects(all(readServiceRequestExport(pieces(text))), refused, text.slice(0, 60))
  }
  await assert.rejects(all(readServiceRequestExport(endless())), refused)
})

const version11 = `#Software: RMS
#Version: 1.1
#Fields: date time row-id request-type user-id result correlation-id content-id owner-email issuer template-id file-name date-published c-info c-ip admin-action acting-as-user
2024-03-05\t21:59:28\t1c3fe7a9\tAcquireLicense\t'o'neill@lakeside.example'\t'Success'\tcab5\t{bb4a}\t'a@x.example'\t'b@x.example'\t{d9}\t\t2015-10-15T21:37:00\t'MSIPC;version=1.0;AppName=EXCEL.EXE;AppArch=amd64'\t10.0.0.5\t\t
2024-03-05\t21:58:00\t2\tServerCertify\tAadrm_S-1-7-0\t'Success'\t\t\t\t\t\t\t\t\t10.0.0.8\t\t
2024-03-05\t21:58:30\t3\tKeyVaultDecryptRequest\t"\t'Success'\t\t\t\t\t\t\t\t\t\t\t
2024-03-05\t21:57:00\t4\tFECreateEndUserLicenseV1\t'li@lakeside.example'\t'AccessDenied'\t\t\t\t\t\t\t\t\t10.0.0.6\t\t
`

const version10 = `#Version: 1.0
#Fields: date time row-id request-type user-id result correlation-id content-id c-info c-ip
2013-06-25 21:59:28 1c3fe7a9 GetClientLicensorCert 'joe@lakeside.example' 'Success' cab5 {bb4a} 'MSIPC; OSName=Windows 7' 10.0.0.5
garbage
`

test('the usage log is read by its #Fields, in both versions, in any order', async () => {
  assert.deepEqual((await all(readUsageLog(pieces(version11)))).map(short), [
    "2024-03-05T21:59:28.000Z o'neill@lakeside.example 10.0.0.5 MSIPC AcquireLicense tenant true",
    '2024-03-05T21:58:00.000Z aadrm_s-1-7-0 10.0.0.8 connector ServerCertify tenant true',
    '2024-03-05T21:58:30.000Z   unknown other tenant true',
    '2024-03-05T21:57:00.000Z li@lakeside.example 10.0.0.6 mobile AcquireLicense tenant false',
  ])
  const passed: number[] = []
  const old = await all(readUsageLog(pieces(version10), { unreadable: (line) => passed.push(line) }))
  assert.deepEqual(old.map(short), [
    '2013-06-25T21:59:28.000Z joe@lakeside.example 10.0.0.5 MSIPC GetClientLicensorCert tenant true',
  ])
  assert.deepEqual(passed, [4])
  await assert.rejects(all(readUsageLog(pieces('2013-06-25\ta\n'))), refused)
  await assert.rejects(all(readUsageLog(pieces('#Fields: date time\n'))), refused)
})

test('rows of our own services are events too', async () => {
  const row: RequestRow = {
    sequence: 1,
    hostMachineName: 'node-1',
    requestTime: '2024-03-05T10:11:12.000Z',
    requestPath: '/_wmcs/licensing/license.asmx',
    requestType: 'AcquireLicense',
    requestUserAddress: '10.0.0.5',
    requestUserAgent: 'Sealward/0.1 linux x64',
    authenticatedState: 'Authenticated',
    secureConnectionState: 'Secure',
    authenticatedId: 'anna@lakeside.example',
    successOrFailure: 'Succeeded',
    metadata: { issuerKey: 'ab', url: 'http://old/_wmcs/licensing' },
  }
  const [event] = await all(readRequestRows([row, { ...row, requestTime: 'yesterday' }], 'tenant'))
  assert.equal(
    short(event!),
    '2024-03-05T10:11:12.000Z anna@lakeside.example 10.0.0.5 Sealward AcquireLicense tenant true',
  )
  assert.deepEqual(
    [event?.issuerKey, event?.url, event?.server, event?.agent.bits],
    ['ab', 'http://old/_wmcs/licensing', 'node-1', 64],
  )
})

test('programs are told apart by what they say', () => {
  const families = {
    'MSIPC;version=1.0.623.47;AppName=Microsoft.Exchange.Transport;AppArch=amd64': 'Exchange',
    'MSIPC;AppName=OWSTIMER.EXE': 'SharePoint',
    'MSIPC;AppName=RMS Sharing;OSName=Mac OS X': 'Mac',
    'MSIPC;AppName=Word;OSName=Android': 'mobile',
    'MSDRM;AppName=srmhost.exe': 'FCI',
    'Microsoft Office/16.0 (Windows NT 10.0)': 'Office',
    'RMS Connector/1.0': 'connector',
    curl: 'unknown',
    '': 'unknown',
  }
  for (const [text, family] of Object.entries(families)) assert.equal(readAgent(text).family, family, text)
})
