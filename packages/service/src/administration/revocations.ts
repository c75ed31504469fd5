/**
 * Revocation: of documents, people, keys and single licences. This service refuses from the next request on; what is out
 * already is reached by the revocation list, where licences demand it, and ends with its licence otherwise.
 */
import { createPublicKey } from 'node:crypto'
import { canonicalGuid, mode1, mode2, publicKeyFromKeyObject, RightsError, type PublicKey } from '@sealward/xrml'
import { canonicalAddress } from '../core/address.ts'
import { personalities } from '../core/personality.ts'
import type { Directory, DirectoryUser } from '../core/ports.ts'
import { horizonOf, type RevocationHorizon } from '../core/revocation-horizon.ts'
import { revocationTypes, type StoredRevocation } from '../core/stored-revocation.ts'
import type { Repositories } from '../core/store.ts'
import { change, logOperation, type AdministrationContext } from './change.ts'
import { readSubjectCertificate } from './subject-certificate.ts'

export type RevocationInput =
  | {
      readonly kind: 'document'
      readonly contentId: string
      /** Address of the publisher, if only what he published under this identifier is meant; not in the list then. */
      readonly publisher?: string | undefined
    }
  | { readonly kind: 'user'; readonly address: string }
  /** An account certificate, whose holder's licences it revokes, or a publishing one, with what was published with it. */
  | { readonly kind: 'key'; readonly certificate: string }
  | { readonly kind: 'license'; readonly licenseId: string }

/** So that every reader of the list can read it. */
const revocationsMost = 10_000

export async function listRevocations({ store }: AdministrationContext): Promise<readonly StoredRevocation[]> {
  return store.revocations.list(revocationTypes)
}

/**
 * @returns when the last copy can be opened that does not ask the service
 * @throws RightsError `exclusion-refused`, `address-refused`, `user-not-in-directory`, `directory-unavailable`
 */
export async function revoke(
  context: AdministrationContext,
  input: RevocationInput & { readonly directory: Directory },
): Promise<RevocationHorizon> {
  const user = await userOf(input)
  return change(context, 'revoke', async (repositories) => {
    const rows = await rowsOf(context, repositories, input, user)
    const listed = await repositories.revocations.list(revocationTypes, '')
    if (listed.length + rows.length > revocationsMost) {
      throw new RightsError('exclusion-refused', { detail: `more than ${revocationsMost} revocations` })
    }
    for (const row of rows) await repositories.revocations.put(row)
    const horizon = await horizonOf(context, repositories, filterOf(input, user))
    return { result: horizon, record: recordOf(input, rows) }
  })
}

/** When the last copy could be opened if this were revoked now; nothing changes but the log. @throws as revoke */
export async function revocationHorizon(
  context: AdministrationContext,
  input: RevocationInput & { readonly directory: Directory },
): Promise<RevocationHorizon> {
  const user = await userOf(input)
  return context.store.transaction(async (repositories) => {
    const rows = await rowsOf(context, repositories, input, user)
    await logOperation(context, repositories, 'preview-revocation', recordOf(input, rows))
    return horizonOf(context, repositories, filterOf(input, user))
  })
}

/** @throws as revoke */
export async function unrevoke(
  context: AdministrationContext,
  input: RevocationInput & { readonly directory: Directory },
): Promise<void> {
  const user = await userOf(input)
  await change(context, 'unrevoke', async (repositories) => {
    const rows = await rowsOf(context, repositories, input, user)
    // Without a publisher named, the revocations of all publishers are taken back.
    const publisher = input.kind === 'document' && input.publisher !== undefined ? rows[0]?.publisher : undefined
    for (const { type, subject } of rows) await repositories.revocations.remove(type, subject, publisher)
    return { result: undefined, record: recordOf(input, rows) }
  })
}

/** Asked outside of the transaction: directories are slow. */
async function userOf(input: RevocationInput & { readonly directory: Directory }): Promise<DirectoryUser | undefined> {
  if (input.kind !== 'user') return undefined
  const named = canonicalAddress(input.address)
  const user = await input.directory.findByAddress(named)
  if (user === undefined) throw new RightsError('user-not-in-directory', { detail: named })
  return user
}

async function rowsOf(
  context: AdministrationContext,
  repositories: Repositories,
  input: RevocationInput,
  user: DirectoryUser | undefined,
): Promise<readonly StoredRevocation[]> {
  const common = { publisher: '', idType: '', modulus: '', revokedAt: context.clock.now() }
  switch (input.kind) {
    case 'document': {
      const publisher = input.publisher === undefined ? '' : canonicalAddress(input.publisher)
      return [{ ...common, type: 'content-id', subject: guidOf(input.contentId), idType: 'MS-GUID', publisher }]
    }
    case 'license':
      return [{ ...common, type: 'license-id', subject: guidOf(input.licenseId), idType: 'MS-GUID' }]
    case 'key': {
      const { kind, publicKey } = readSubjectCertificate(input.certificate)
      if (kind === 'machine') throw new RightsError('exclusion-refused', { detail: 'machines are excluded instead' })
      return [{ ...common, ...keyRow(kind === 'account' ? 'principal-key' : 'issuer-key', publicKey) }]
    }
    case 'user': {
      if (user === undefined) return []
      const idType = personalities[context.cluster.personality].identity
      const identity = { idType, subject: idType === 'Windows' ? user.sid : user.id }
      const keys = await accountKeysOf(repositories, user)
      return [
        { ...common, type: 'principal-id', ...identity },
        ...keys.map((key) => ({ ...common, ...keyRow('principal-key', key) })),
      ]
    }
  }
}

function keyRow<Type extends 'principal-key' | 'issuer-key'>(type: Type, key: PublicKey) {
  return { type, subject: key.fingerprint, modulus: Buffer.from(key.modulus).toString('base64') }
}

async function accountKeysOf({ accountKeys }: Repositories, user: DirectoryUser): Promise<readonly PublicKey[]> {
  const pairs = [await accountKeys.find(user.id, mode1.number), await accountKeys.find(user.id, mode2.number)]
  return pairs.flatMap((pair) => (pair === undefined ? [] : [publicKeyFromKeyObject(createPublicKey(pair))]))
}

const guidForm = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

function guidOf(text: string): string {
  const guid = canonicalGuid(text)
  if (!guidForm.test(guid)) throw new RightsError('exclusion-refused', { detail: 'not a GUID' })
  return guid
}

function filterOf(input: RevocationInput, user: DirectoryUser | undefined): Parameters<typeof horizonOf>[2] {
  if (input.kind === 'document') return { contentId: guidOf(input.contentId) }
  return user === undefined ? undefined : { userId: user.id }
}

function recordOf(input: RevocationInput, rows: readonly StoredRevocation[]) {
  const subjects = rows.map(({ type, subject }) => `${type}:${subject}`).join(' ')
  return { kind: input.kind, subjects, ...(rows[0]?.publisher ? { publisher: rows[0].publisher } : {}) }
}
