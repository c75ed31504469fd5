/** Operations on trusted user domains: organisations whose people may ask this service. */
import { z } from 'zod'
import type { AdminOperation } from '../operation.ts'

const parameters = z.strictObject({
  id: z.string().max(64).describe('Fingerprint, or at least eight digits of its beginning'),
})

const mailDomains = z
  .array(z.string().max(253))
  .min(1)
  .max(1_000)
  .describe('Mail domains whose people are accepted, children included; `*` for all that are nobody else’s')

const userDomain = z.strictObject({
  id: z.string().describe('Fingerprint of the key that issues the account certificates'),
  displayName: z.string(),
  own: z.boolean().describe('Of this service; it cannot be removed'),
  mode: z.union([z.literal(1), z.literal(2)]).describe('Cryptographic mode'),
  expiresAt: z.iso.datetime().describe('When its right to issue ends'),
  mailDomains: z.array(z.string()),
  federatedUsers: z.boolean(),
  importedAt: z.iso.datetime().optional(),
})

export const userDomainOperations = {
  listUserDomains: {
    method: 'GET',
    path: '/trusted-user-domains',
    summary: 'Whose account certificates are accepted: the own ones, and those of trusted user domains',
    role: 'read',
    answer: z.array(userDomain),
  },
  importUserDomain: {
    method: 'POST',
    path: '/trusted-user-domains/import',
    summary: 'Trust the people of another organisation; nothing is stored unless the chain leads to an accepted root',
    role: 'administer',
    body: z.strictObject({
      file: z.base64().max(2_000_000).describe('The exported file, in base64'),
      displayName: z.string().min(1).max(256),
      mailDomains,
      federatedUsers: z.boolean().optional().describe('Accept accounts of tenants and of federated sign-in, too'),
      trustedRoots: z.array(z.string().max(64)).max(100).describe('Fingerprints of the root keys that are accepted'),
    }),
    answer: userDomain,
  },
  changeUserDomain: {
    method: 'PUT',
    path: '/trusted-user-domains/:id',
    summary: 'Replace the mail domains that are accepted from a trusted user domain',
    role: 'administer',
    parameters,
    body: z.strictObject({ mailDomains }),
    answer: userDomain,
  },
  removeUserDomain: {
    method: 'DELETE',
    path: '/trusted-user-domains/:id',
    summary: 'Trust its people no longer',
    role: 'administer',
    parameters,
    answer: z.array(userDomain),
  },
  exportUserDomain: {
    method: 'GET',
    path: '/trusted-user-domains/:id/export',
    summary: 'The public certificates that another organisation imports to trust these people',
    role: 'read',
    parameters,
    answer: z.strictObject({ file: z.base64() }),
  },
} as const satisfies Record<string, AdminOperation>
