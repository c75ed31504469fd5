/**
 * Changes of Active Directory since the last run (MS-ADTS 3.1.1.1.9): objects with a higher update sequence number, deleted
 * ones included (3.1.1.3.4.1.14). The numbers are those of one domain controller and of one state of its database: for
 * another controller, or one that was restored, everything is read again.
 */
import { Control, type Entry } from 'ldapts'
import { RightsError } from '@sealward/xrml'
import { z } from 'zod'
import { anyEntry, changedSince } from '../ldap/filters.ts'
import { guidFromBytes } from '../ldap/identifiers.ts'
import { bytes, search, texts } from '../ldap/search.ts'
import type { Question } from '../ldap/server.ts'
import { readDomains } from '../ldap/account-names.ts'
import { immutableIdOf, keptAttributes } from './kept-entry.ts'

const cookieSchema = z.strictObject({
  /** `dsServiceName` of the domain controller. */
  controller: z.string(),
  /** `invocationId` of its database, in base64. */
  invocation: z.string(),
  /** `highestCommittedUSN`. */
  number: z.string().regex(/^\d{1,20}$/),
  /** What was read: other settings have another one. */
  scope: z.string(),
  /** When everything was read, in milliseconds since 1970. */
  wholeAt: z.number(),
})

type Cookie = z.output<typeof cookieSchema>

const showDeleted = new Control('1.2.840.113556.1.4.417', { critical: true })
/** Well-known GUID of the container of deleted objects (MS-ADTS 6.1.1.4). */
const deletedObjects = '18E2EA80684F11D2B9AA00C04F79F805'
const changesMost = 250_000

export interface NextCookie {
  /** For the run after this one; undefined where the changes cannot be told. */
  readonly cookie: string | undefined
  /** The number after which changes count; undefined for everything. */
  readonly since: bigint | undefined
}

/** @throws RightsError `directory-unavailable`; errors of ldapts */
export async function cookieNow(
  question: Question,
  former: string | undefined,
  { scope, wholeEvery }: { readonly scope: string; readonly wholeEvery: number },
): Promise<NextCookie> {
  const state = await readState(question, scope)
  if (state === undefined || !(await seesDeletions(question))) return { cookie: undefined, since: undefined }
  const now = question.now.getTime()
  const last = former === undefined ? undefined : cookieSchema.safeParse(parsed(former)).data
  const since = last === undefined ? undefined : numberToGoOn(last, state, now, wholeEvery)
  const wholeAt = since === undefined ? now : (last?.wholeAt ?? now)
  return { cookie: JSON.stringify({ ...state, wholeAt } satisfies Cookie), since }
}

function numberToGoOn(
  last: Cookie,
  state: Omit<Cookie, 'wholeAt'>,
  now: number,
  wholeEvery: number,
): bigint | undefined {
  const same =
    last.controller === state.controller && last.invocation === state.invocation && last.scope === state.scope
  const age = now - last.wholeAt
  const since = BigInt(last.number)
  return same && age >= 0 && age < wholeEvery && since <= BigInt(state.number) ? since : undefined
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Undefined if the controller does not say which state of which database it has. */
async function readState({ client }: Question, scope: string): Promise<Omit<Cookie, 'wholeAt'> | undefined> {
  const attributes = ['highestCommittedUSN', 'dsServiceName']
  const [root] = await search(client, { base: '', scope: 'base', filter: anyEntry, attributes, most: 1 })
  const number = root === undefined ? undefined : texts(root, 'highestCommittedUSN')[0]
  const controller = root === undefined ? undefined : texts(root, 'dsServiceName')[0]
  if (number === undefined || !/^\d{1,20}$/.test(number) || controller === undefined) return undefined
  const base = { base: controller, scope: 'base', filter: anyEntry, attributes: ['invocationId'], most: 1 } as const
  const [settings] = await search(client, base)
  const [invocation] = settings === undefined ? [] : bytes(settings, 'invocationId')
  if (invocation === undefined) return undefined
  return { controller, invocation: invocation.toString('base64'), number, scope }
}

/**
 * Whether the reading account may see what was deleted, and the base is one that nothing leaves by being moved: if not, a
 * deletion would be missed, and everything has to be read.
 */
async function seesDeletions({ client, server }: Question): Promise<boolean> {
  const contexts = (await readDomains(client, server.configuration)).map(({ context }) => context)
  const read = server.base === '' ? contexts : contexts.filter((context) => context === server.base.toLowerCase())
  for (const context of read) {
    const base = `<WKGUID=${deletedObjects},${context}>`
    const attributes = ['isDeleted']
    const controls = [showDeleted]
    const [container] = await search(client, { base, scope: 'base', filter: anyEntry, attributes, most: 1, controls })
    // Everybody may learn the container's name, but not everybody what is in it.
    if (container === undefined || !isDeleted(container)) return false
  }
  return read.length > 0
}

/** @throws RightsError `directory-unavailable`; errors of ldapts */
export async function changesSince(
  { client, server, next }: Question,
  since: bigint,
): Promise<{ readonly entries: readonly Entry[]; readonly deleted: readonly string[] }> {
  const found = await search(client, {
    base: server.base,
    filter: changedSince(since),
    attributes: keptAttributes(server.kind),
    most: changesMost,
    controls: [showDeleted],
    next,
  })
  return {
    entries: found.filter((entry) => !isDeleted(entry)),
    deleted: found.filter(isDeleted).map(deletedId),
  }
}

function isDeleted(entry: Entry): boolean {
  return texts(entry, 'isDeleted')[0]?.toUpperCase() === 'TRUE'
}

function deletedId(entry: Entry): string {
  const [guid] = bytes(entry, 'objectGUID').map(guidFromBytes)
  if (guid === undefined) throw new RightsError('directory-unavailable', { detail: 'a deleted object without GUID' })
  return immutableIdOf(guid)
}
