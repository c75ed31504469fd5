/** What must hold between the federated identity providers and everybody else in the configuration. */
import { RightsError } from '@sealward/xrml'
import { contestedDomain } from '../forests/settings.ts'

interface Provider {
  readonly issuer: string
  readonly domains: readonly string[]
}

/**
 * A mail domain has one authority, and a token one meaning: else an identity provider could name people of another
 * organisation, or ours (threat D9).
 * @throws RightsError `configuration-invalid`
 */
export function checkFederation(config: {
  readonly domains: readonly string[]
  readonly forests: readonly { readonly domains: readonly string[] }[]
  readonly authentication: { readonly issuers: readonly Provider[] }
  readonly federation?: { readonly issuers: readonly Provider[] } | undefined
}): void {
  const { domains, forests, authentication, federation } = config
  if (federation === undefined) return
  if (domains.length === 0) throw invalid('domains must name those of the organisation, which nobody else vouches for')
  const contested = contestedDomain([...forests, ...federation.issuers], domains)
  if (contested !== undefined) throw invalid(`${contested} is a mail domain of somebody else`)
  const known = new Set(authentication.issuers.map(({ issuer }) => issuer))
  for (const { issuer } of federation.issuers) {
    if (known.has(issuer)) throw invalid(`${issuer} is named twice`)
    known.add(issuer)
  }
}

function invalid(detail: string): RightsError {
  return new RightsError('configuration-invalid', { detail: `federation: ${detail}` })
}
