/** Operations on what is revoked. */
import { z } from 'zod'
import { revocationTypes } from '../../../core/stored-revocation.ts'
import type { AdminOperation } from '../operation.ts'

const guid = z.string().max(64).describe('GUID, with or without braces')

const subject = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('document'),
    contentId: guid,
    publisher: z
      .string()
      .min(3)
      .max(254)
      .optional()
      .describe('Only what this address published under the identifier; such revocations are not in the list'),
  }),
  z.strictObject({ kind: z.literal('user'), address: z.string().min(3).max(254) }),
  z.strictObject({
    kind: z.literal('key'),
    certificate: z.string().max(200_000).describe('An account certificate, or a publishing certificate'),
  }),
  z.strictObject({ kind: z.literal('license'), licenseId: guid }),
])

const horizon = z.strictObject({
  lastUse: z.iso.datetime().nullable().describe('When the last copy can be opened without the service; null for ever'),
  from: z.enum(['licenses', 'maximum']).describe('From the licences that are out, or from the longest life of one'),
  licenses: z.int().describe('How many licences are out'),
  holders: z
    .array(z.strictObject({ address: z.string(), contentId: z.string(), until: z.iso.datetime().nullable() }))
    .describe('The first hundred, those that end last first'),
})

export const revocationOperations = {
  listRevocations: {
    method: 'GET',
    path: '/revocations',
    summary: 'What is revoked, by the entries of the revocation list and those of publishers',
    role: 'read',
    answer: z.strictObject({
      revocations: z.array(
        z.strictObject({
          type: z.enum(revocationTypes),
          subject: z.string(),
          publisher: z.string().optional(),
          revokedAt: z.iso.datetime(),
        }),
      ),
    }),
  },
  revoke: {
    method: 'POST',
    path: '/revocations',
    summary: 'Revoke a document, a person, a key or a licence, and learn when the last copy dies',
    role: 'administer',
    body: subject,
    answer: horizon,
  },
  previewRevocation: {
    method: 'POST',
    path: '/revocations/preview',
    summary: 'When the last copy would die if this were revoked now; changes nothing',
    role: 'administer',
    body: subject,
    answer: horizon,
  },
  unrevoke: {
    method: 'POST',
    path: '/revocations/removal',
    summary: 'Take a revocation back; of a document those of its publishers, too, unless one is named',
    role: 'administer',
    body: subject,
    answer: z.strictObject({}),
  },
} as const satisfies Record<string, AdminOperation>
