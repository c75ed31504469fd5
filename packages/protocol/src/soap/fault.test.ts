import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readSoapAnswer } from './call.ts'
import { faultNames, parseFaultString, writeFault } from './fault.ts'

const noRights = faultNames.noRightsForRequestedPrincipal

for (const soapVersion of ['1.1', '1.2'] as const) {
  test(`a fault in SOAP ${soapVersion} is read back as an answer`, () => {
    const body = Buffer.from(writeFault(soapVersion, noRights, 'ask <ana@lakeside.example> & wait'), 'utf8')
    assert.deepEqual(readSoapAnswer('AcquireLicense', body), {
      kind: 'fault',
      fault: {
        name: 'NoRightsForRequestedPrincipalException',
        full: noRights,
        message: 'ask <ana@lakeside.example> & wait',
      },
    })
  })
}

test('a fault has the server as its code and no VersionData', () => {
  const fault = writeFault('1.1', noRights)
  assert.match(fault, /<faultcode>soap:Server<\/faultcode><faultstring>Microsoft[\w.]+<\/faultstring><detail \/>/)
  assert.doesNotMatch(fault, /VersionData/)
  assert.match(writeFault('1.2', noRights), /<soap:Value>soap:Receiver<\/soap:Value>/)
})

const spellings: readonly (readonly [faultString: string, name: string, message: string])[] = [
  ['A.B.CException', 'CException', ''],
  ['A.B.CException: text', 'CException', 'text'],
  ['A.B.CException-text', 'CException', 'text'],
  ['A.B.CException text', 'CException', 'text'],
  ['CException: text ---> A.DException: more', 'CException', 'text'],
  [
    'System.Web.Services.Protocols.SoapException: Server was unable to process request. ---> Other.Namespace.NoRightsForRequestedPrincipalException: none',
    'NoRightsForRequestedPrincipalException',
    'none',
  ],
  ['the service is busy', '', 'the service is busy'],
  ['', '', ''],
]

for (const [faultString, name, message] of spellings) {
  test(`reads the fault string "${faultString.slice(0, 50)}"`, () => {
    const fault = parseFaultString(faultString)
    assert.deepEqual([fault.name, fault.message], [name, message])
  })
}

test('reads a huge fault string in no time', () => {
  const started = performance.now()
  parseFaultString('A.'.repeat(1_000_000))
  parseFaultString('x'.repeat(2_000_000))
  assert.ok(performance.now() - started < 200)
})

test('every fault name is a full exception name, and their last segments differ', () => {
  const names = Object.values(faultNames)
  for (const name of names) assert.match(name, /^[A-Z][A-Za-z]*(\.[A-Z][A-Za-z]*)+Exception$/)
  assert.equal(new Set(names.map((name) => name.replace(/.*\./, ''))).size, names.length)
})
