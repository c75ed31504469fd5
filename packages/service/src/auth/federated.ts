/**
 * Federated sign-in (MS-RMPR 3.1.4.3): the identity of people of other organisations is the set of e-mail and proxy address
 * claims in a token of their identity provider. They are in no directory of ours, and no token makes them one of our people.
 */
import { decodeJwt } from 'jose'
import { RightsError } from '@sealward/xrml'
import { federatedId, namesOurs } from '../core/federated.ts'
import type { CoreContext, FederatedCaller } from '../core/ports.ts'
import { createBearerAuthentication } from './bearer.ts'
import { mailClaims, proxyAddressClaims } from './token-addresses.ts'
import type { TokenIssuer } from './token-issuers.ts'

export interface FederatedAuthentication {
  /** Whether the token says that a federated identity provider issued it; nothing is verified. */
  claimsFederated(token: string): boolean
  /** @throws RightsError `credentials-refused`, `directory-unavailable` */
  authenticate(token: string): Promise<FederatedCaller>
}

/** All of them go into an account certificate, whose length is limited. */
const aliasesMost = 50

/** @param input.serviceUrl the public URL of the service; tokens may be for it, or for `resource` */
export function createFederatedAuthentication(
  context: Pick<CoreContext, 'cluster' | 'directory' | 'store' | 'clock'>,
  input: { readonly serviceUrl: string; readonly resource?: string; readonly issuers: readonly TokenIssuer[] },
): FederatedAuthentication {
  const bearer = createBearerAuthentication({ ...context, ...input })
  const known = new Map(input.issuers.map(({ issuer, subjectClaim = 'sub' }) => [issuer, subjectClaim]))

  return {
    claimsFederated(token) {
      try {
        return known.has(decodeJwt(token).iss ?? '')
      } catch {
        return false
      }
    },
    async authenticate(token) {
      const vouched = await bearer.vouched(token)
      const [address] = vouched.addressesIn(mailClaims)
      if (address === undefined) throw refused('it names no e-mail address of a mail domain of its issuer')
      const addresses = vouched.addressesIn([...mailClaims, ...proxyAddressClaims])
      if (addresses.length > aliasesMost) throw refused('too many addresses')
      if (await namesOurs(context, addresses)) throw refused('it names somebody of this service')
      const aliases = addresses.filter((other) => other !== address)
      const claim = known.get(vouched.issuer) ?? 'sub'
      // Addresses are one and the same in any spelling, other names are not.
      const subject = mailClaims.some((name) => name === claim) ? address : vouched.subjectIn(claim)
      if (subject === undefined) throw refused(`it does not say who that is: no claim ${claim}`)
      return {
        user: { id: federatedId(context.store, vouched.issuer, subject), address, aliases },
        authentication: 'federated',
      }
    },
  }
}

function refused(detail: string): RightsError {
  return new RightsError('credentials-refused', { detail })
}
