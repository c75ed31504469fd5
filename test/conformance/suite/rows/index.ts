/** All rows, in the order of the fact sheet's tables. */
import type { Row } from '../row.ts'
import { accountRows } from './account-checks.ts'
import { acquireLicenseRows } from './acquire-license.ts'
import { addressRows } from './addresses.ts'
import { betweenServersRows } from './between-servers.ts'
import { certifyRows } from './certify.ts'
import { descriptionRows } from './descriptions.ts'
import { issuedCertificateRows } from './issued-certificates.ts'
import { limitRows } from './limits.ts'
import { membershipRows } from './membership.ts'
import { messageRows } from './messages.ts'
import { nilElementRows } from './nil-elements.ts'
import { notSpokenRows } from './not-spoken.ts'
import { pathRows } from './paths.ts'
import { publishingRows } from './publishing.ts'
import { subEnrollRows } from './sub-enroll.ts'
import { templateRows } from './templates.ts'

export const rows: readonly Row[] = [
  ...certifyRows,
  ...accountRows,
  ...acquireLicenseRows,
  ...limitRows,
  ...publishingRows,
  ...descriptionRows,
  ...addressRows,
  ...templateRows,
  ...issuedCertificateRows,
  ...membershipRows,
  ...betweenServersRows,
  ...subEnrollRows,
  ...messageRows,
  ...nilElementRows,
  ...pathRows,
  ...notSpokenRows,
]
