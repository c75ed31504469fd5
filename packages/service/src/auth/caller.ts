/**
 * Who sends a request: the Authorization header, in the schemes that a door takes; without it, whoever the connection
 * belongs to.
 */
import { RightsError } from '@sealward/xrml'
import type { Socket } from 'node:net'
import type { Sender } from '../core/ports.ts'
import type { BasicAuthentication } from './basic.ts'
import type { BearerAuthentication } from './bearer.ts'
import type { CertificateAuthentication } from './client-certificates/client-certificates.ts'
import type { FederatedAuthentication } from './federated.ts'
import type { WindowsAuthentication } from './windows/windows.ts'

/** Those of the header, and the certificate of a connection. */
export type AuthenticationScheme = 'basic' | 'bearer' | 'negotiate' | 'ntlm' | 'certificate'

export interface CredentialsInput {
  readonly authorization: string | undefined
  readonly remoteAddress: string
  /** Nobody between client and service can read the request. */
  readonly confidential: boolean
  /** The client's own connection; nothing where a proxy shares connections among clients. */
  readonly connection: Socket | undefined
  /** Whether federated people sign in here; their tokens count over encrypted ways only. */
  readonly federated?: 'encrypted' | 'readable'
}

export interface SignIn {
  /** Nobody, if the request carries no credentials or the client has to say more. */
  readonly caller?: Sender
  /** For the WWW-Authenticate header of the answer, whatever it is. */
  readonly answer?: string
}

export interface Authentication {
  /** Absent where it is switched off. */
  readonly basic?: BasicAuthentication
  readonly bearer: BearerAuthentication
  /** Absent where no certificates of clients are believed. */
  readonly certificates?: CertificateAuthentication
  /** Absent where nobody is federated. */
  readonly federated?: FederatedAuthentication
  /** Absent where no keytab is configured. */
  readonly windows?: WindowsAuthentication
}

/**
 * Credentials in a request say who asks in it, whatever its connection says; wrong ones are refused, and nobody else is
 * taken instead.
 * @throws RightsError `credentials-refused`, `client-certificate-refused`, `plain-http-refused`,
 * `authentication-throttled`, `service-overloaded`, `user-not-in-directory`, `windows-sign-in-unavailable`, `directory-unavailable`, `identity-provider-unavailable`
 */
export async function authenticate(
  authentication: Authentication,
  schemes: readonly AuthenticationScheme[],
  input: CredentialsInput,
): Promise<SignIn> {
  if (input.authorization === undefined || input.authorization === '') {
    return input.connection === undefined ? {} : ofConnection(authentication, schemes, input.connection)
  }
  if (!input.confidential) throw new RightsError('plain-http-refused')
  const [, scheme = '', credentials = ''] = /^([A-Za-z]+) +(\S+) *$/.exec(input.authorization) ?? []
  const known = schemes.find((offered) => offered === scheme.toLowerCase())
  switch (known) {
    case 'basic':
      if (authentication.basic === undefined) break
      return { caller: await authentication.basic.authenticate({ ...input, credentials }) }
    case 'bearer':
      return { caller: await bearerOf(authentication, input.federated, credentials) }
    case 'negotiate':
    case 'ntlm':
      if (authentication.windows === undefined) break
      return authentication.windows.authenticate({ ...input, scheme: known, credentials })
    case 'certificate':
    case undefined:
  }
  throw new RightsError('credentials-refused', { detail: 'the scheme is not offered here' })
}

/** A token of a federated identity provider is one of a stranger everywhere but at the addresses for federated people. */
async function bearerOf(
  { bearer, federated }: Authentication,
  here: CredentialsInput['federated'],
  token: string,
): Promise<Sender> {
  if (here === undefined || federated?.claimsFederated(token) !== true) return bearer.authenticate(token)
  if (here === 'readable') throw new RightsError('plain-http-refused')
  return federated.authenticate(token)
}

/** Requests after NTLM carry no credentials: the connection is the caller's. So it is with a certificate. */
async function ofConnection(
  { windows, certificates }: Authentication,
  schemes: readonly AuthenticationScheme[],
  connection: Socket,
): Promise<SignIn> {
  const signedIn = schemes.includes('ntlm') ? await windows?.callerOf(connection) : undefined
  const caller = signedIn ?? (schemes.includes('certificate') ? await certificates?.callerOf(connection) : undefined)
  return caller === undefined ? {} : { caller }
}
