/** How much a call may carry: with as much it is answered, with more it is refused (fact sheet 3). */
import type { Row } from '../row.ts'

const tooMuch = { fault: 'UnspecifiedErrorException' }
const licensed = { holds: [/<XrML[ >][^]*<XrML[ >]/] }

const guids = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `{00000000-0000-0000-0000-${String(index).padStart(12, '0')}}`)

export const limitRows: readonly Row[] = [
  {
    id: '3/AcquireLicense/certificate-length',
    what: 'an account certificate of 30 720 bytes is taken',
    operation: 'AcquireLicense',
    sent: { account: { bytes: 30_720 }, license: {} },
    expected: licensed,
  },
  {
    id: '3/AcquireLicense/certificate-length-above',
    what: 'an account certificate above 30 720 bytes',
    operation: 'AcquireLicense',
    // Some clients write empty elements shorter than they were signed, so not by one byte only.
    sent: { account: { bytes: 35_000 }, license: {} },
    expected: tooMuch,
  },
  {
    id: '3/AcquireLicense/certificates',
    what: '100 certificates are taken',
    operation: 'AcquireLicense',
    sent: { account: { certificates: 100 }, license: {} },
    expected: licensed,
  },
  {
    id: '3/AcquireLicense/certificates-above',
    what: '101 certificates',
    operation: 'AcquireLicense',
    sent: { account: { certificates: 101 }, license: {} },
    expected: tooMuch,
  },
  {
    id: '3/AcquireLicense/application-data',
    what: 'application data of 102 400 bytes',
    operation: 'AcquireLicense',
    sent: { applicationDataBytes: 102_400 },
    expected: licensed,
  },
  {
    id: '3/AcquirePreLicense/licensees',
    what: '100 licensees have 100 answers',
    operation: 'AcquirePreLicense',
    sent: { caller: 'admitted', licensees: 100 },
    expected: { holds: [/<Licenses>[^]*<XrML[ >](?:[^]*?AcquirePreLicenseInvalidLicenseeException){99}/] },
  },
  {
    id: '3/AcquirePreLicense/licensees-above',
    what: '101 licensees',
    operation: 'AcquirePreLicense',
    sent: { caller: 'admitted', licensees: 101 },
    expected: tooMuch,
  },
  {
    id: '3/AcquireTemplates/number',
    what: '25 templates have 25 entries',
    operation: 'AcquireTemplates',
    sent: { parameters: { guids: { string: guids(25) } } },
    expected: { holds: [/(?:<GuidTemplate>\s*<Guid>[^]*?){25}/] },
  },
  {
    id: '3/AcquireTemplates/number-above',
    what: '26 templates',
    operation: 'AcquireTemplates',
    sent: { parameters: { guids: { string: guids(26) } } },
    expected: tooMuch,
  },
]
