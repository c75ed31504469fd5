/** How long an account certificate is valid, and which chain stands behind what is issued (fact sheet 4.1 to 4.6, 6.1 to 6.3). */
import { difference } from '../difference.ts'
import { certificatesIn } from '../holdings.ts'
import type { Row, Sent } from '../row.ts'
import { chainOf, knownOf } from '../tester.ts'

/** From its issue to its end, in milliseconds; certificates have minutes. */
function validityOf(certificate: string): number {
  const [, issued = ''] = /<ISSUEDTIME>([^<]+)<\/ISSUEDTIME>/.exec(certificate) ?? []
  const [, until = ''] = /<VALIDITYTIME>[^]*?<UNTIL>([^<]+)<\/UNTIL>/.exec(certificate) ?? []
  return Date.parse(`${until}Z`) - Date.parse(`${issued}Z`)
}

const validityRows: readonly Row[] = (['persistent', 'temporary'] as const).map((kind) => ({
  id: `4.1/Certify/${kind}`,
  what: `the type and the validity of a ${kind} certificate`,
  operation: 'Certify',
  sent: { temporary: kind === 'temporary' },
  expected: {
    complaint: (answer, tester) => {
      const [certificate = ''] = certificatesIn(answer)
      const [, type = ''] = /"Group-Identity-Credential-Type" value="([^"]*)"/.exec(certificate) ?? []
      return (
        difference('type', type.toLowerCase(), kind) ??
        difference('milliseconds', validityOf(certificate), knownOf(tester).accountValidity[kind])
      )
    },
  },
}))

/** How many certificates the answer has of its own, before the chain of the server; and whether that chain follows. */
const answers: readonly (readonly [operation: string, own: number, chain: boolean, sent: Sent])[] = [
  ['Certify', 1, true, {}],
  ['GetClientLicensorCert', 1, true, {}],
  ['AcquireLicense', 1, true, {}],
  ['AcquireIssuanceLicense', 1, true, {}],
  ['AcquirePreLicense', 1, true, { caller: 'admitted' }],
  ['GetLicensorCertificate', 0, true, {}],
  [
    'GetServerInfo',
    0,
    true,
    { parameters: { requests: { ServerInfoRequest: [{ Type: 'ServerLicensorCertificate' }] } } },
  ],
  ['Precertify', 1, false, { caller: 'admitted' }],
  ['EditIssuanceLicense', 1, false, { caller: 'admitted', license: { editable: true } }],
]

const chainRows: readonly Row[] = answers.map(([operation, own, chain, sent]) => ({
  id: `4/${operation}/chain`,
  what: chain ? 'the whole chain of the server, as it is' : 'one certificate, and no chain',
  operation,
  sent,
  expected: {
    complaint: (answer, tester) => {
      const found = certificatesIn(answer)
      const owed = chain ? chainOf(tester) : []
      if (found.length !== own + owed.length) return `${found.length} certificates, ${own + owed.length} expected`
      return found.slice(own).some((text, index) => text !== owed[index]) ? 'another chain' : undefined
    },
  },
}))

export const issuedCertificateRows: readonly Row[] = [...validityRows, ...chainRows]
