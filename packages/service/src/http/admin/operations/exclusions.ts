/** Operations on who and what gets no licences any more. */
import { z } from 'zod'
import { exclusionKinds } from '../../../core/exclusion-lists.ts'
import type { AdminOperation } from '../operation.ts'

const version = z.string().max(50).describe('Two to four numbers with dots')

const named = {
  kind: z.enum(exclusionKinds),
  subject: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe('Address, fingerprint of a key, GUID of a machine, or file name of a program, as the kind wants'),
  certificate: z.string().max(200_000).optional().describe('Instead of the subject: an account or machine certificate'),
}

const exclusions = z.strictObject({
  exclusions: z.array(
    z.strictObject({
      kind: z.enum(exclusionKinds),
      subject: z.string().optional(),
      minimum: z.string().optional(),
      maximum: z.string().optional(),
      addedAt: z.iso.datetime(),
    }),
  ),
})

export const exclusionOperations = {
  listExclusions: {
    method: 'GET',
    path: '/exclusions',
    summary: 'People, keys, machines, programs and systems that get no licences',
    role: 'read',
    answer: exclusions,
  },
  addExclusion: {
    method: 'POST',
    path: '/exclusions',
    summary: 'Exclude one; of security processors the lowest version that is accepted replaces the former one',
    role: 'administer',
    body: z.strictObject({ ...named, minimum: version.optional(), maximum: version.optional() }),
    answer: exclusions,
  },
  removeExclusion: {
    method: 'POST',
    path: '/exclusions/removal',
    summary: 'Take an exclusion back; of a program all versions are accepted again',
    role: 'administer',
    body: z.strictObject(named),
    answer: exclusions,
  },
} as const satisfies Record<string, AdminOperation>
