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
  const { windows, basic: passwords, certificates } = authentication
  const bearer: Way = {
    scheme: 'bearer',
    challenge: writeChallenge(challenge, challenge.form),
  }
  const basic: readonly Way[] = passwords === undefined ? [] : [{ scheme: 'basic', challenge: passwords.challenge }]
  const negotiate: readonly Way[] = windows === undefined ? [] : [{ scheme: 'negotiate', challenge: 'Negotiate' }]
  const ntlm: readonly Way[] = windows?.ntlm === true ? [{ scheme: 'ntlm', challenge: 'NTLM' }] : []

  /** Nobody is asked for a certificate over HTTP: it was, or was not, when the connection was made. */
  const withCertificate = (offer: Offer, shared: boolean): Offer =>
    certificates === undefined || shared ? offer : { ...offer, schemes: [...offer.schemes, 'certificate'] }

  return ({ door, confidential, shared, federatedOnly }) => {
    // Their routes ask for tokens of their own.
    if (door === 'admin' || door === 'openid') return { schemes: [], challenges: [] }
    // A client that is offered more would send its password for everybody to read.
    if (!confidential) return { schemes: [], challenges: [bearer.challenge] }
    if (federatedOnly) return offerOf([bearer])
    switch (door) {
      case 'soap': {
        // Windows clients do not know tokens; ours bring them unasked.
        const asked = [...negotiate, ...(shared ? [] : ntlm), ...basic]
        const { challenges } = offerOf(asked.length > 0 ? asked : [bearer])
        return withCertificate({ ...offerOf([...asked, bearer]), challenges }, shared)
      }
      case 'rest':
        return withCertificate(offerOf([bearer]), shared)
      case 'own':
        return withCertificate(offerOf([...negotiate, ...basic, bearer]), shared)
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
