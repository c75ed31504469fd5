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

export interface OfferTo {
  readonly door: Door
  /** Nobody between client and service can read the request. */
  readonly confidential: boolean
  /** Whether a proxy sends requests of several clients over the same connection. */
  readonly shared: boolean
}

/**
 * @param authorizationUrl the OAuth authorization endpoint; without commas and equals signs
 * @throws RightsError `challenge-invalid`
 */
export function createOffers(authentication: Authentication, authorizationUrl: string): (to: OfferTo) => Offer {
  const { windows } = authentication
  const bearer = writeChallenge({ resource: protocolAudience, authorization: authorizationUrl })
  const basic = authentication.basic.challenge
  const negotiate = windows === undefined ? [] : (['negotiate'] as const)
  const ntlm = windows?.ntlm === true ? (['ntlm'] as const) : []
  const challengeOf = { negotiate: 'Negotiate', ntlm: 'NTLM', basic } as const

  function soap(shared: boolean): Offer {
    const offered = [...negotiate, ...(shared ? [] : ntlm), 'basic'] as const
    return { schemes: [...offered, 'bearer'], challenges: offered.map((scheme) => challengeOf[scheme]) }
  }

  return ({ door, confidential, shared }) => {
    // Its routes ask for tokens of their own.
    if (door === 'admin') return { schemes: [], challenges: [] }
    // A client that is offered more would send its password for everybody to read.
    if (!confidential) return { schemes: [], challenges: [bearer] }
    switch (door) {
      case 'soap':
        return soap(shared)
      case 'rest':
        return { schemes: ['bearer'], challenges: [bearer] }
      case 'own':
        return { schemes: ['basic', 'bearer'], challenges: [basic, bearer] }
    }
  }
}
