/**
 * The other forests whose clusters may be asked (MS-RMPRS 1.3): those of the configuration, and no others. No address out of
 * a licence, a directory or an answer leads anywhere else (threat N1).
 */
import { mailDomainOf } from './address.ts'
import type { ServiceLocation, ServiceType } from '@sealward/protocol'
import { createExpansionTrail, type ExpansionTrail } from './expansion-trail.ts'

/** Somebody of another forest, or a group there, as a member of groups here: no more than a name (MS-RMPRS 3.3.4.1). */
export interface Contact {
  /** Canonical. */
  readonly address: string
  /** DNS name of its forest, where the directory says so. */
  readonly forest?: string
}

export interface MembershipQuestion {
  /** Canonical addresses. */
  readonly person: string
  readonly groups: readonly string[]
  /** Calls between clusters, this one included (MS-RMPRS 3.3.4.1). */
  readonly callsSoFar: number
  /** What `ExpansionTrail` knows the question by. */
  readonly question: string
  /** When nobody waits for the answer any more. */
  readonly signal: AbortSignal
}

/** The cluster of another forest. Every method throws RightsError `forest-unavailable` when it gives no answer. */
export interface Forest {
  /** DNS name of the forest. */
  readonly name: string
  /** Its mail domains, as A-labels. */
  readonly domains: readonly string[]
  isMemberOfAny(question: MembershipQuestion): Promise<boolean>
  findServiceLocations(types: readonly ServiceType[]): Promise<readonly ServiceLocation[]>
}

export interface Forests {
  readonly known: readonly Forest[]
  readonly trail: ExpansionTrail
  /** Milliseconds for everything that is asked of other forests about one person. */
  readonly within: number
}

export function openForests(known: readonly Forest[], within: number): Forests {
  return { known, within, trail: createExpansionTrail() }
}

/** @param address canonical */
export function forestOfAddress({ known }: Pick<Forests, 'known'>, address: string): Forest | undefined {
  const domain = mailDomainOf(address)
  return known.find(({ domains }) => domains.includes(domain))
}

/** The directory may say it (`msExchOriginatingForest`); else the mail domain does. */
export function forestOfContact(forests: Pick<Forests, 'known'>, { address, forest }: Contact): Forest | undefined {
  const named = forests.known.find(({ name }) => name.toLowerCase() === forest?.toLowerCase())
  return named ?? forestOfAddress(forests, address)
}
