/**
 * In which ways people can sign in at a door, and the challenges that say so: one header line each, because clients of the
 * REST protocol understand only one challenge per line, and nothing but Bearer.
 */
import { writeChallenge } from '@sealward/protocol'
import { protocolAudience } from '../auth/bearer.ts'
import type { Authentication, AuthenticationScheme } from '../auth/caller.ts'
import type { Door } from './door.ts'

export interface Offer {
  readonly schemes: readonly AuthenticationScheme[]
  readonly challenges: readonly string[]
}

/**
 * @param authorizationUrl the OAuth authorization endpoint; without commas and equals signs
 * @returns the offer of a door to a client whose request nobody else can read, or to one whose request others can
 * @throws RightsError `challenge-invalid`
 */
export function createOffers(
  authentication: Authentication,
  authorizationUrl: string,
): (door: Door, confidential: boolean) => Offer {
  const bearer = writeChallenge({ resource: protocolAudience, authorization: authorizationUrl })
  const { challenge: basic } = authentication.basic
  const offers: Readonly<Record<Door, Offer>> = {
    soap: { schemes: ['basic', 'bearer'], challenges: [basic] },
    rest: { schemes: ['bearer'], challenges: [bearer] },
    own: { schemes: ['basic', 'bearer'], challenges: [basic, bearer] },
    // Its routes ask for tokens of their own.
    admin: { schemes: [], challenges: [] },
  }
  // A client that is offered more would send its password for everybody to read.
  const unencrypted: Offer = { schemes: [], challenges: [bearer] }
  return (door, confidential) => (confidential || door === 'admin' ? offers[door] : unencrypted)
}
