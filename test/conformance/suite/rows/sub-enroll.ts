/** SubEnroll: what it refuses, what it answers, and that SOAP 1.2 does not have it (fact sheet 1, 5.3). */
import { unescaped } from '../escaped-text.ts'
import type { Row, Sent } from '../row.ts'
import { chainOf } from '../tester.ts'

const operation = 'SubEnroll'
const admitted = { caller: 'admitted' } as const
const namespace = 'http://microsoft.com/DRM/SubEnrollmentService'

const without = (element: string, input: object): Row => ({
  id: `5.3/${operation}/without-${element}`,
  what: `a call without ${element}`,
  operation,
  sent: { ...admitted, parameters: { oInput: input } },
  expected: { fault: 'ArgumentNullException' },
})

const EnrolleeInformation = {
  SKU: 'RMS',
  Version: '6.0.0.0',
  Name: 'Harbour',
  URL: 'https://rms.harbour.example/_wmcs',
}
const CertificatePublicKey = { aPublicKeyBytes: 'AAAA', Guid: '5b0c7f0e-6d0c-4d0a-9b1d-3f1f6a2c8e10' }

const raw: Sent['raw'] = {
  path: 'certification/SubEnrollService.asmx',
  body: `<${operation} xmlns="${namespace}" />`,
}

const certificates = (answer: string): readonly string[] =>
  [...answer.matchAll(/<string>([^<]*)<\/string>/g)].map(([, text = '']) => unescaped(text))

export const subEnrollRows: readonly Row[] = [
  {
    id: `5.3/${operation}/closed`,
    what: 'a caller who is not named',
    operation,
    sent: {},
    expected: { fault: 'UnauthorizedAccessException' },
  },
  without('CertificatePublicKey', { EnrolleeInformation }),
  without('EnrolleeInformation', { CertificatePublicKey }),
  {
    id: `5.3/${operation}/no-key`,
    what: 'bytes that are no key',
    operation,
    sent: { ...admitted, parameters: { oInput: { CertificatePublicKey, EnrolleeInformation } } },
    expected: { fault: 'any' },
  },
  {
    id: `5.3/${operation}/answer`,
    what: 'the new certificate and the chain of the server, as text in elements',
    operation,
    sent: admitted,
    expected: {
      complaint: (answer, tester) => {
        const [own = '', ...chain] = certificates(answer)
        if (!/^<XrML[ >][^]*Harbour[^]*<SIGNATURE>/.test(own)) return 'the first text is no certificate of the enrollee'
        return chain.join('\n') === chainOf(tester).join('\n') ? undefined : 'another chain'
      },
    },
  },
  {
    id: `5.3/${operation}/spoken`,
    what: 'a call with nothing in it, by hand',
    operation,
    soap: '1.1',
    sent: { ...admitted, raw },
    expected: { fault: 'ArgumentNullException' },
  },
  {
    id: `5.3/${operation}/soap-1.2`,
    what: 'the same call in SOAP 1.2, which has no such operation',
    operation,
    soap: '1.2',
    sent: { ...admitted, raw },
    // No source names the fault; that of ASP.NET for a message that no service has.
    expected: { fault: 'InvalidOperationException' },
  },
]
