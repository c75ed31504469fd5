/** Operations on the licensor keys. */
import { z } from 'zod'
import type { AdminOperation } from '../operation.ts'

const keyId = z.string().describe('Fingerprint of the public key')

const parameters = z.strictObject({
  id: z.string().max(64).describe('Fingerprint, or at least eight digits of its beginning'),
})

const key = z.strictObject({
  id: keyId,
  state: z.enum(['pending', 'active', 'archived']),
  origin: z.enum(['created', 'imported']),
  mode: z.union([z.literal(1), z.literal(2)]).describe('Cryptographic mode'),
  bits: z.int(),
  name: z.string().optional().describe('Name in the licensor certificate'),
  friendlyName: z.string().optional(),
  url: z.string().optional().describe('Address in the licensor certificate'),
  root: z.string().describe('Fingerprint of the root key that clients must trust'),
  createdAt: z.iso.datetime(),
  activatedAt: z.iso.datetime().optional(),
  templates: z.int(),
  licensingUrls: z.array(z.string()).describe('Licensing addresses that came with the key'),
})

const anyone = z.union([
  z.enum(['refuse', 'drop']),
  z.strictObject({ grantTo: z.array(z.string().max(254)).min(1).max(100) }),
])

export const keyOperations = {
  listKeys: {
    method: 'GET',
    path: '/keys',
    summary: 'The keys: one signs, the others open what was made for them',
    role: 'read',
    answer: z.array(key),
  },
  importKey: {
    method: 'POST',
    path: '/keys/import',
    summary: 'Import a trusted publishing domain; nothing is stored unless every check has passed',
    role: 'administer',
    body: z.strictObject({
      file: z.base64().describe('The exported file, in base64'),
      password: z.string().max(1_024),
      trustedRoots: z.array(z.string().max(64)).max(100).describe('Fingerprints of the root keys that are accepted'),
      friendlyName: z.string().min(1).max(256).optional(),
      active: z.boolean().optional().describe('Let the key sign from now on; otherwise it is archived'),
      privateKeyPem: z.string().max(32_768).optional().describe('For a file without private key'),
      anyone: anyone
        .optional()
        .describe(
          'What becomes of rights for ANYONE in templates; a tenant refuses and a cluster keeps them by default',
        ),
      shareKey: z
        .boolean()
        .optional()
        .describe('Take the key although another tenant of the installation has it; otherwise that is refused'),
    }),
    answer: z.strictObject({
      keyId,
      mode: z.union([z.literal(1), z.literal(2)]),
      active: z.boolean(),
      templates: z.array(
        z.strictObject({
          id: z.string(),
          name: z.string(),
          anyone: z.array(z.string()).describe('Rights that ANYONE has or had'),
        }),
      ),
      warnings: z.array(z.string()),
    }),
  },
  generateKey: {
    method: 'POST',
    path: '/keys/generate',
    summary: 'Make a new key below the own root; it waits until it is activated unless it is the first',
    role: 'administer',
    body: z.strictObject({ mode: z.literal(2), name: z.string().min(1).max(256) }),
    answer: z.strictObject({ keyId }),
  },
  activateKey: {
    method: 'POST',
    path: '/keys/:id/activate',
    summary: 'Let a key sign from now on; the one before is archived and templates are issued again',
    role: 'administer',
    parameters,
    answer: z.strictObject({ keyId, replaced: z.string().optional() }),
  },
  exportKey: {
    method: 'POST',
    path: '/keys/:id/export',
    summary: 'Export a key with its templates as a trusted publishing domain',
    role: 'administer',
    parameters,
    body: z.strictObject({ password: z.string().max(1_024) }),
    answer: z.strictObject({ file: z.base64() }),
  },
} as const satisfies Record<string, AdminOperation>
