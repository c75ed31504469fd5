/** Operations on the accounts to which a decommissioned cluster gives content keys. */
import { z } from 'zod'
import type { AdminOperation } from '../operation.ts'

const address = z.string().min(3).max(254)

const accounts = z.strictObject({ accounts: z.array(z.string()).describe('Primary addresses') })

export const recoveryAccountOperations = {
  getRecoveryAccounts: {
    method: 'GET',
    path: '/recovery-accounts',
    summary: 'To whom the cluster gives content keys, without a policy, once it is decommissioned',
    role: 'read',
    answer: accounts,
  },
  addRecoveryAccount: {
    method: 'POST',
    path: '/recovery-accounts',
    summary: 'Add an account by its primary address; clusters only',
    role: 'administer',
    body: z.strictObject({ address }),
    answer: accounts,
  },
  removeRecoveryAccount: {
    method: 'DELETE',
    path: '/recovery-accounts/:address',
    summary: 'Take an account off the list',
    role: 'administer',
    parameters: z.strictObject({ address }),
    answer: accounts,
  },
} as const satisfies Record<string, AdminOperation>
