/** Takes what is asked for from the bucket of whoever asks; servers are named by an administrator, and have none. */
import { RightsError } from '@sealward/xrml'
import type { CoreContext, Sender } from './ports.ts'
import { isAccount } from './sender.ts'

/** In tokens. Making a key pair costs about as much as forty uses of it. */
export const requestCost = { request: 1, license: 1, keyPair: 20 } as const

export interface PayingPerson {
  /** As the directory, or an account certificate of another organisation, names the person. */
  readonly id: string
  /** Canonical; the name of an account that has no address. */
  readonly address: string
  /** Of somebody of our directory. */
  readonly sid?: string
}

/** Whoever has sent a request, with an address or without. */
export function payerOf(sender: Sender): PayingPerson {
  if (!isAccount(sender)) return sender.user
  const { id, name: address, sid } = sender.account
  return { id, address, sid }
}

/** @throws RightsError `rate-limited`, `directory-unavailable` */
export async function requireRateOfPerson(context: CoreContext, person: PayingPerson, tokens: number): Promise<void> {
  if (context.rateLimits.spend('person', person.id, tokens, context.clock.now())) return
  if (!(await isServer(context, person))) throw new RightsError('rate-limited')
}

/** @param network an address, or a network that counts as one @throws RightsError `rate-limited` */
export function requireRateOfAddress(
  { rateLimits, clock }: Pick<CoreContext, 'rateLimits' | 'clock'>,
  network: string,
): void {
  if (!rateLimits.spend('address', network, requestCost.request, clock.now())) throw new RightsError('rate-limited')
}

/** Whom an administrator has named as somebody who asks for others: at any closed door, for publishing, or for everything. */
async function isServer(context: CoreContext, person: PayingPerson): Promise<boolean> {
  const { settings, superUsers } = await context.configuration()
  const named = new Set([
    ...Object.values(settings.admitted).flat(),
    ...context.cluster.publishersForOthers,
    ...(superUsers.enabled ? [...superUsers.addresses, superUsers.group ?? []].flat() : []),
  ])
  const accounts = Object.values(settings.admittedAccounts).flat()
  return (
    (await isNamedByAddress(context, person.address, named)) ||
    (await isNamedBySid(context, person, new Set(accounts.map(({ sid }) => sid))))
  )
}

async function isNamedByAddress(
  { directory }: CoreContext,
  address: string,
  named: ReadonlySet<string>,
): Promise<boolean> {
  if (named.size === 0) return false
  if (named.has(address)) return true
  const user = await directory.findByAddress(address)
  return user !== undefined && (await directory.groupsOf(user)).some((group) => named.has(group))
}

async function isNamedBySid(
  { directory }: CoreContext,
  { id, sid }: PayingPerson,
  named: ReadonlySet<string>,
): Promise<boolean> {
  if (named.size === 0 || sid === undefined) return false
  return named.has(sid) || (await directory.accounts.groupSids(id)).some((group) => named.has(group))
}
