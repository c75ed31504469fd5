/** Operations that read what has happened, and what would happen. */
import { z } from 'zod'
import { decisionSteps } from '../../../core/decision-trace.ts'
import { stateNames } from '../../../core/personality.ts'
import type { AdminOperation } from '../operation.ts'

const requestRow = z.strictObject({
  sequence: z.int(),
  hostMachineName: z.string(),
  requestTime: z.iso.datetime(),
  requestPath: z.string(),
  requestType: z.string().describe('As the personality calls it, for example AcquireLicense or Certification.Certify'),
  requestUserAddress: z.string().describe('Network address of the client'),
  requestUserAgent: z.string(),
  authenticatedState: z.enum(['Authenticated', 'Anonymous']),
  secureConnectionState: z.enum(['Secure', 'NotSecure']),
  authenticatedId: z.string().describe('Mail address of the user; empty for nobody'),
  successOrFailure: z.enum(['Succeeded', 'Failed']),
  metadata: z.strictObject({
    result: z.string().describe('Success, or the code of the refusal'),
    correlationId: z.string(),
    host: z.string().optional().describe('Host and port that the client asked for'),
    contentId: z.string().optional(),
    issuerKey: z.string().optional().describe('Fingerprint of the key that the licence was made for'),
    templateId: z.string().optional(),
    owner: z.string().optional(),
    url: z.string().optional().describe('Licensing address that the licence names'),
  }),
})

const sequence = z.coerce.number().int().min(0)
const rights = z.array(z.string())

const licenseAndPerson = z.strictObject({
  serialized: z.string().describe('Publishing licence with its certificates, as text'),
  address: z.string().max(254),
})

/** What a decision grants. */
const granted = {
  granted: z.boolean(),
  ground: z.enum(['owner', 'issuer', 'super-user', 'policy']).optional(),
  rights: rights.optional(),
  expires: z.iso.datetime().optional().describe('When a licence issued now would end'),
}

export const evidenceOperations = {
  listRequests: {
    method: 'GET',
    path: '/logs/requests',
    summary: 'One row per request, with the documented columns of ServiceRequest',
    role: 'read',
    query: z.strictObject({
      after: sequence.default(0).describe('Sequence number of the last row that is known'),
      limit: sequence.max(10_000).default(1_000),
    }),
    answer: z.strictObject({
      rows: z.array(requestRow),
      next: z.int().optional().describe('Value for `after` if there are more rows'),
    }),
  },
  getUsageLog: {
    method: 'GET',
    path: '/logs/usage',
    summary: 'The usage log of one UTC day, W3C extended format',
    role: 'read',
    query: z.strictObject({ date: z.iso.date() }),
  },
  getAdminLog: {
    method: 'GET',
    path: '/logs/admin',
    summary: 'The administration log: time, administrator, operation, outcome, result',
    role: 'read',
  },
  listIssuedClientLicensors: {
    method: 'GET',
    path: '/issued-client-licensors',
    summary: 'Which key issued the publishing certificates of each user, and until when they are valid',
    role: 'read',
    query: z.strictObject({
      keyId: z.string().max(64).optional().describe('Only those of this key'),
      user: z.string().max(254).optional().describe('Only those of this address'),
    }),
    answer: z.array(
      z.strictObject({
        user: z.string().describe('Mail address'),
        keyId: z.string(),
        issuedAt: z.iso.datetime(),
        validUntil: z.iso.datetime(),
      }),
    ),
  },
  decide: {
    method: 'POST',
    path: '/decide',
    summary: 'What the doors would give a person for a licence now; no key leaves, nothing is issued',
    role: 'read',
    body: licenseAndPerson.extend({
      state: z.enum(stateNames).optional().describe('As if the service were in this state; its own unless given'),
    }),
    answer: z.strictObject({
      ...granted,
      reason: z.string().optional().describe('Why nothing is granted'),
    }),
  },
  explainDecision: {
    method: 'POST',
    path: '/decide/explain',
    summary: 'Every step of that decision, with the groups of the person; no key leaves, nothing is issued',
    role: 'read',
    body: licenseAndPerson,
    answer: z.strictObject({
      ...granted,
      reason: z.string().optional().describe('Code of the refusal'),
      cause: z.string().optional(),
      cure: z.string().optional(),
      steps: z.array(
        z.strictObject({
          step: z.enum(decisionSteps),
          outcome: z.enum(['passed', 'applies', 'does-not-apply', 'refused']),
          detail: z.string(),
          code: z.string().optional().describe('Of a refusal'),
          grant: z
            .strictObject({
              right: z.string(),
              principal: z.string().describe('Whom the policy names'),
              matched: z.enum(['address', 'group', 'sid', 'anyone']).optional().describe('Absent if not the person'),
              time: z.enum(['now', 'over', 'not-yet']),
              from: z.iso.datetime().optional(),
              until: z.iso.datetime().optional(),
            })
            .optional()
            .describe('Of a step about a grant of the policy'),
        }),
      ),
      groups: z
        .array(
          z.strictObject({
            address: z.string(),
            counts: z.boolean().describe('False for what the directory says now and the service does not know yet'),
            path: z.array(z.string()).optional().describe('Groups on the way, this one last'),
          }),
        )
        .describe('Of the person'),
    }),
  },
} as const satisfies Record<string, AdminOperation>
