/** Operations on rights policy templates. */
import { z } from 'zod'
import type { AdminOperation } from '../operation.ts'

const parameters = z.strictObject({ id: z.string().max(64).describe('GUID, with or without braces') })

const name = z.strictObject({
  lcid: z.int().min(0).max(0xffff),
  name: z.string().max(256),
  description: z.string().max(1_024),
})

const grant = z.strictObject({
  to: z.string().max(254).describe('Mail address of a person or group, ANYONE, or OWNER'),
  rights: z.array(z.string().max(64)).max(100),
})

const expiry = z
  .strictObject({
    onDate: z.iso.datetime().optional().describe('Content expires then'),
    afterDays: z.int().min(1).max(99_999).optional().describe('Content expires so many days after it was protected'),
  })
  .describe('When content made with the template expires')

const licenseValidityDays = z
  .int()
  .min(-1)
  .max(9_999)
  .describe('How long a use licence lives; 0 asks for every opening, -1 without limit')

const referral = z.string().max(1_024).describe('Whom to ask for rights, usually mailto:')

const content = z.strictObject({
  names: z.array(name).min(1).max(100),
  grants: z.array(grant).min(1).max(1_000),
  expiry: expiry.optional(),
  licenseValidityDays: licenseValidityDays.optional(),
  referral: referral.optional(),
})

const scope = z
  .array(z.string().max(254))
  .max(1_000)
  .describe('Mail addresses of the people and groups to whom it is offered; none for everybody')

const template = z.strictObject({
  id: z.string().describe('GUID, in braces'),
  origin: z.string().describe('own, or the fingerprint of the key that it came with'),
  state: z.enum(['published', 'archived']),
  names: z.array(name),
  grants: z.array(grant),
  expiry: expiry.optional(),
  licenseValidityDays: licenseValidityDays.optional(),
  referral: referral.optional(),
  refreshDays: z.number().optional().describe('Age of the revocation list that readers must have seen'),
  scope: scope.optional(),
  issuedAt: z.iso.datetime(),
  hash: z.string(),
})

const demandedList = z.strictObject({
  refreshDays: z.int().min(1).max(9_999).describe('How old the list may be'),
  elsewhere: z
    .strictObject({
      url: z.string().max(2_048),
      listId: z.string().max(64).describe('GUID of the list'),
      publicKey: z.string().max(4_096).describe('Key that signs the list, SubjectPublicKeyInfo in PEM'),
    })
    .optional()
    .describe('A list that is not the one of this service'),
})

const stored = z.strictObject({ id: z.string() })

export const templateOperations = {
  setTemplateRevocation: {
    method: 'PUT',
    path: '/templates/:id/revocation',
    summary: 'Make whoever opens documents of the template see a revocation list first; null for none',
    role: 'administer',
    parameters,
    body: demandedList.nullable(),
    answer: stored,
  },
  setTemplateScope: {
    method: 'PUT',
    path: '/templates/:id/scope',
    summary: 'Say to whom a template is offered; opening documents made with it does not depend on that',
    role: 'administer',
    parameters,
    body: z.strictObject({ scope }),
    answer: stored,
  },
  listTemplates: {
    method: 'GET',
    path: '/templates',
    summary: 'The templates, imported versions included',
    role: 'read',
    query: z.strictObject({ id: z.string().optional().describe('Only the versions of this one') }),
    answer: z.array(template),
  },
  publishTemplate: {
    method: 'POST',
    path: '/templates/:id/publish',
    summary: 'Offer a template; an imported one is issued again under the active key',
    role: 'administer',
    parameters,
    answer: stored,
  },
  archiveTemplate: {
    method: 'POST',
    path: '/templates/:id/archive',
    summary: 'Offer a template no longer; it still decides about documents made with it',
    role: 'administer',
    parameters,
    answer: stored,
  },
  editTemplate: {
    method: 'PUT',
    path: '/templates/:id',
    summary: 'Replace what a template says; documents made with it follow from the next licence on',
    role: 'administer',
    parameters,
    body: content,
    answer: stored,
  },
  createTemplate: {
    method: 'POST',
    path: '/templates',
    summary: 'Make a new template',
    role: 'administer',
    body: content.extend({
      state: z.enum(['published', 'archived']).optional().describe('archived unless told otherwise'),
      scope: scope.optional(),
    }),
    answer: stored,
  },
  deleteTemplate: {
    method: 'DELETE',
    path: '/templates/:id',
    summary: 'Remove a template; documents made with it fall back to the policy that they carry',
    role: 'administer',
    parameters,
    body: z.strictObject({ force: z.boolean().optional().describe('Although it was used lately') }).default({}),
    answer: stored,
  },
} as const satisfies Record<string, AdminOperation>
