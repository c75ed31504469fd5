/** Times and key of any XrML document, as far as they can be read: damaged ones are shown, too. */
import { isRightsError, parseIssuedPrincipal, parseIssuedTime, parseValidity, type XrmlDocument } from '@sealward/xrml'

export interface DocumentFacts {
  readonly issuedAt: string | null
  readonly validFrom: string | null
  readonly validUntil: string | null
  /** Of the principal that the document is about: fingerprint, lower-case hex SHA-256 of the big-endian modulus. */
  readonly publicKey: string | null
}

export function documentFacts({ body }: XrmlDocument): DocumentFacts {
  const validity = readable(() => parseValidity(body))
  return {
    issuedAt: readable(() => parseIssuedTime(body))?.toISOString() ?? null,
    validFrom: validity?.from.toISOString() ?? null,
    validUntil: validity?.until.toISOString() ?? null,
    publicKey: readable(() => parseIssuedPrincipal(body))?.publicKey.fingerprint ?? null,
  }
}

function readable<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (isRightsError(error)) return undefined
    throw error
  }
}
