/** Who sends a request: the Authorization header, in the schemes that a door takes. */
import { RightsError } from '@sealward/xrml'
import type { Caller } from '../core/ports.ts'
import type { BasicAuthentication } from './basic.ts'
import type { BearerAuthentication } from './bearer.ts'

export type AuthenticationScheme = Caller['authentication']

export interface CredentialsInput {
  readonly authorization: string | undefined
  readonly remoteAddress: string
  /** Nobody between client and service can read the request. */
  readonly confidential: boolean
}

export interface Authentication {
  readonly basic: BasicAuthentication
  readonly bearer: BearerAuthentication
}

/**
 * The caller, or nobody if the request carries no credentials.
 * @throws RightsError `credentials-refused`, `plain-http-refused`, `authentication-throttled`,
 * `service-overloaded`, `directory-unavailable`
 */
export async function authenticate(
  authentication: Authentication,
  schemes: readonly AuthenticationScheme[],
  input: CredentialsInput,
): Promise<Caller | undefined> {
  if (input.authorization === undefined || input.authorization === '') return undefined
  if (!input.confidential) throw new RightsError('plain-http-refused')
  const [, scheme = '', credentials = ''] = /^([A-Za-z]+) +(\S+) *$/.exec(input.authorization) ?? []
  switch (schemes.find((offered) => offered === scheme.toLowerCase())) {
    case 'basic':
      return authentication.basic.authenticate({ ...input, credentials })
    case 'bearer':
      return authentication.bearer.authenticate(credentials)
    case undefined:
      throw new RightsError('credentials-refused', { detail: 'the scheme is not offered here' })
  }
}
