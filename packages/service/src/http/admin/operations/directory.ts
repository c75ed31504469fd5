/** Operations on the directory: who somebody is, and how a directory that the service keeps itself is synchronised. */
import { z } from 'zod'
import type { AdminOperation } from '../operation.ts'

const address = z.string().min(3).max(254)
const count = z.int().min(0)

const contested = z
  .array(z.strictObject({ address: z.string(), entries: z.array(z.string()).describe('Who claims it, at the source') }))
  .describe('Addresses that several entries claim: they grant nobody anything')

const waiting = z
  .array(
    z.strictObject({
      address: z.string(),
      entry: z.string().describe('Who lists it now, at the source'),
      formerly: z.string().describe('Whose it was'),
      until: z.string().describe('When it goes to the newcomer'),
    }),
  )
  .describe('Addresses of renamed and deleted entries that others list now')

const description = z.strictObject({
  sources: z
    .array(z.strictObject({ source: z.string(), synchronisedAt: z.string(), ageSeconds: count }))
    .describe('Empty before the first run'),
  people: count,
  groups: count,
  standIns: count.describe('Contacts and foreign security principals'),
  everyMinutes: z.number().optional().describe('How often the service synchronises by itself'),
  contested,
  waiting,
})

const result = z.strictObject({
  applied: z.boolean().describe('False for a rehearsal'),
  sources: z.array(
    z.strictObject({
      source: z.string(),
      whole: z.boolean().describe('Whether everything was read, or only what had changed'),
      entries: count.describe('Entries that were read'),
    }),
  ),
  people: count.describe('After the run'),
  groups: count.describe('After the run'),
  standIns: count.describe('Contacts and foreign security principals after the run'),
  counts: z.strictObject({ added: count, renamed: count, changed: count, deleted: count }),
  added: z.array(z.string()).describe('The first thousand, as in the following lists'),
  renamed: z.array(z.strictObject({ from: z.string(), to: z.string() })),
  changed: z.array(z.string()),
  deleted: z.array(z.string()),
  contested,
  waiting,
})

const problem = z.strictObject({ code: z.string(), detail: z.string() })

const group = z.strictObject({
  name: z.string(),
  addresses: z.array(z.string()),
  kind: z.enum(['security', 'distribution']),
  path: z.array(z.string()).describe('Groups on the way, this one last'),
})

const explanation = z.strictObject({
  asked: z.string(),
  type: z.enum(['person', 'group']).optional().describe('Absent if the name leads to nobody'),
  source: z.string().optional(),
  displayName: z.string(),
  id: z.string().optional(),
  immutableId: z.string().optional(),
  sid: z.string().optional(),
  sidHistory: z.array(z.string()),
  addresses: z.array(z.string()).describe('Those that count, the primary one first'),
  formerAddresses: z.array(z.string()).optional().describe('Those of them that the source lists no longer'),
  groups: z.array(group),
  problems: z.array(problem),
})

const subjectNames = {
  issuer: z.string().min(1).max(2_000).optional().describe('The `iss` of the tokens'),
  subject: z.string().min(1).max(255).optional().describe('As the identity provider writes it'),
  person: z.string().min(1).max(300).optional().describe('Identifier in the directory'),
}

const tokenSubject = z.strictObject({
  issuer: z.string(),
  claim: z.string().describe('Of the tokens, which holds the subject'),
  subject: z.string(),
  person: z.string().describe('Identifier in the directory'),
  address: z.string().describe('The primary address when the subject was bound'),
  boundAt: z.string(),
  refused: z
    .strictObject({ person: z.string(), address: z.string(), at: z.string() })
    .optional()
    .describe('To whom the addresses of a token led when it was first refused'),
})

export const directoryOperations = {
  getDirectory: {
    method: 'GET',
    path: '/directory',
    summary: 'How old the synchronised directory is, how many it knows, and which addresses are contested or wait',
    role: 'read',
    answer: description,
  },
  explainName: {
    method: 'GET',
    path: '/directory/explain',
    summary: 'Who has an address or the name of an account, in which groups and by which way, and why not',
    role: 'read',
    query: z.strictObject({ name: z.string().min(1).max(300) }),
    answer: explanation,
  },
  syncDirectory: {
    method: 'POST',
    path: '/directory/sync',
    summary: 'Take over what the sources of the synchronised directory say, all or nothing',
    role: 'administer',
    body: z.strictObject({
      dryRun: z.boolean().optional().describe('Say what would change, and change nothing'),
      whole: z.boolean().optional().describe('Read everything, also where changes would do'),
      deletionsAllowed: count.optional().describe('How many people, and how many groups, may disappear in this run'),
    }),
    answer: result,
  },
  releaseAddress: {
    method: 'POST',
    path: '/directory/release',
    summary: 'Give an address that waits to the one who lists it now; whoever had it loses it',
    role: 'administer',
    body: z.strictObject({ address }),
    answer: z.strictObject({ address: z.string(), entry: z.string(), formerly: z.string() }),
  },
  listTokenSubjects: {
    method: 'GET',
    path: '/directory/subjects',
    summary: 'Which accounts of identity providers are bound to whom',
    role: 'read',
    query: z.strictObject({
      ...subjectNames,
      refused: z.enum(['true', 'false']).optional().describe('Only those of which a token was refused'),
    }),
    answer: z.strictObject({ count, subjects: z.array(tokenSubject).describe('The first thousand') }),
  },
  releaseTokenSubjects: {
    method: 'POST',
    path: '/directory/subjects/release',
    summary: 'Forget to whom accounts of identity providers are bound; their next tokens bind them again, by address',
    role: 'administer',
    body: z
      .strictObject({ ...subjectNames, dryRun: z.boolean().optional().describe('Say how many, and change nothing') })
      .describe('One of issuer, subject and person at least; all that are given must fit'),
    answer: z.strictObject({ released: count.describe('How many bindings are gone, or would be') }),
  },
} as const satisfies Record<string, AdminOperation>
