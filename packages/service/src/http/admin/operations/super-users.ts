/** Operations on super users, who may open everything while the feature is on. */
import { z } from 'zod'
import type { AdminOperation } from '../operation.ts'

const address = z.string().min(3).max(254)

const superUsers = z.strictObject({
  enabled: z.boolean(),
  users: z.array(z.string()),
  group: z.string().optional(),
})

export const superUserOperations = {
  getSuperUsers: {
    method: 'GET',
    path: '/super-users',
    summary: 'Who may open everything, and whether that is switched on',
    role: 'read',
    answer: superUsers,
  },
  enableSuperUsers: {
    method: 'PUT',
    path: '/super-users',
    summary: 'Switch the feature on or off; the lists stay',
    role: 'administer',
    body: z.strictObject({ enabled: z.boolean() }),
    answer: superUsers,
  },
  addSuperUser: {
    method: 'POST',
    path: '/super-users',
    summary: 'Add an account by its primary address',
    role: 'administer',
    body: z.strictObject({ address }),
    answer: superUsers,
  },
  removeSuperUser: {
    method: 'DELETE',
    path: '/super-users/:address',
    summary: 'Take an account off the list',
    role: 'administer',
    parameters: z.strictObject({ address }),
    answer: superUsers,
  },
  setSuperUserGroup: {
    method: 'PUT',
    path: '/super-users/group',
    summary: 'Make the members of one group super users; null removes the group',
    role: 'administer',
    body: z.strictObject({ address }).nullable(),
    answer: superUsers,
  },
} as const satisfies Record<string, AdminOperation>
