/** Operations on whom the closed doors admit. */
import { z } from 'zod'
import { closedDoors } from '../../../core/settings.ts'
import type { AdminOperation } from '../operation.ts'

const member = z
  .string()
  .min(3)
  .max(254)
  .describe('A mail address; a Windows name as in CORP\\MAIL01$, or a security identifier')
const door = z.enum(closedDoors)

const doors = z.strictObject({
  doors: z.array(
    z.strictObject({
      door,
      members: z.array(z.string()).describe('Accounts and groups by mail address'),
      accounts: z
        .array(z.strictObject({ sid: z.string(), name: z.string().describe('When it was admitted') }))
        .describe('Accounts and groups by security identifier'),
    }),
  ),
})

export const admissionOperations = {
  getAdmission: {
    method: 'GET',
    path: '/admission',
    summary: 'Which servers may ask on behalf of others: every closed door with whom it admits',
    role: 'read',
    answer: doors,
  },
  admit: {
    method: 'POST',
    path: '/admission/:door',
    summary: 'Admit an account or the members of a security group',
    role: 'administer',
    parameters: z.strictObject({ door }),
    body: z.strictObject({ member }),
    answer: doors,
  },
  dismiss: {
    method: 'DELETE',
    path: '/admission/:door/:member',
    summary: 'Take an account or a group off the list',
    role: 'administer',
    parameters: z.strictObject({ door, member }),
    answer: doors,
  },
} as const satisfies Record<string, AdminOperation>
