/**
 * In which ways people can sign in at a door, and the challenges that say so: one header line each, because clients of the
 * REST protocol understand only one challenge per line, and nothing but Bearer.
 */
import { writeChallenge, type Challenge, type ChallengeForm } from '@sealward/protocol'
import type { Authentication, AuthenticationScheme } from '../auth/caller.ts'
import type { Door } from './door.ts'

export interface Offer {
  readonly schemes: readonly AuthenticationScheme[]
  readonly challenges: readonly string[]
}

/** How the service asks for tokens. */
export interface BearerChallenge extends Challenge {
  readonly form: ChallengeForm
}

export interface OfferTo {
  readonly door: Door
  /** Nobody between client and service can read the request. */
  readonly confidential: boolean
  /** Whether a proxy sends requests of several clients over the same connection. */
  readonly shared: boolean
  /** Whether only federated people are served there, who bring tokens. */
  readonly federatedOnly: boolean
}

/**
 * @param challenge where tokens come from, and for what; values without commas and equals signs
 * @throws RightsError `challenge-invalid`
 */
export function createOffers(authentication: Authentication, challenge: BearerChallenge): (to: OfferTo) => Offer {
  const { windows, basic: passwords } = authentication
  const bearer: Way = {
    scheme: 'bearer',
    challenge: writeChallenge(challenge, challenge.form),
  }
  const basic: readonly Way[] = passwords === undefined ? [] : [{ scheme: 'basic', challenge: passwords.challenge }]
  const negotiate: readonly Way[] = windows === undefined ? [] : [{ scheme: 'negotiate', challenge: 'Negotiate' }]
  const ntlm: readonly Way[] = windows?.ntlm === true ? [{ scheme: 'ntlm', challenge: 'NTLM' }] : []

  return ({ door, confidential, shared, federatedOnly }) => {
    // Their routes ask for tokens of their own.
    if (door === 'admin' || door === 'openid') return { schemes: [], challenges: [] }
    // A client that is offered more would send its password for everybody to read.
    if (!confidential) return { schemes: [], challenges: [bearer.challenge] }
    switch (door) {
      case 'soap': {
        if (federatedOnly) return offerOf([bearer])
        // Windows clients do not know tokens; ours bring them unasked.
        const asked = [...negotiate, ...(shared ? [] : ntlm), ...basic]
        return { ...offerOf([...asked, bearer]), challenges: offerOf(asked.length > 0 ? asked : [bearer]).challenges }
      }
      case 'rest':
        return offerOf([bearer])
      case 'own':
        return offerOf([...negotiate, ...basic, bearer])
    }
  }
}

interface Way {
  readonly scheme: AuthenticationScheme
  readonly challenge: string
}

function offerOf(ways: readonly Way[]): Offer {
  return { schemes: ways.map(({ scheme }) => scheme), challenges: ways.map(({ challenge }) => challenge) }
}
