/**
 * Every operation of the administration interface, below `/admin/v1` for peers on this machine. A new operation is one row
 * here and one handler; a row without a role stops the start.
 */
import type { AdminOperation } from './operation.ts'
import { admissionOperations } from './operations/admission.ts'
import { directoryOperations } from './operations/directory.ts'
import { evidenceOperations } from './operations/evidence.ts'
import { exclusionOperations } from './operations/exclusions.ts'
import { keyOperations } from './operations/keys.ts'
import { revocationOperations } from './operations/revocations.ts'
import { mobileClientOperations } from './operations/mobile-clients.ts'
import { serviceOperations } from './operations/service.ts'
import { superUserOperations } from './operations/super-users.ts'
import { templateOperations } from './operations/templates.ts'
import { userDomainOperations } from './operations/user-domains.ts'

export const adminOperations = {
  ...serviceOperations,
  ...keyOperations,
  ...templateOperations,
  ...superUserOperations,
  ...admissionOperations,
  ...directoryOperations,
  ...mobileClientOperations,
  ...userDomainOperations,
  ...exclusionOperations,
  ...revocationOperations,
  ...evidenceOperations,
} as const satisfies Record<string, AdminOperation>

export type AdminOperationName = keyof typeof adminOperations
export type AdminOperations = typeof adminOperations
