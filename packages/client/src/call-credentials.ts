/** With what a call to the user's own service is signed in: a password (RFC 7617), or the ticket of a domain (RFC 4559). */
import { RightsError } from '@sealward/xrml'
import type { Connection } from './connection.ts'
import type { HttpRequest } from './transport.ts'

/** What a call takes of a connection. */
export type Credentials = Pick<Connection, 'user' | 'password' | 'ticket'>

/** To be given to hosts of the user's own organisation alone. */
export function callCredentials(credentials: Credentials): Pick<HttpRequest, 'authorization' | 'ticket'> {
  return credentials.ticket ? { ticket: true } : { authorization: () => basicAuthorization(credentials) }
}

/** @throws RightsError `credentials-missing` */
async function basicAuthorization({ user, password }: Credentials): Promise<string> {
  if (password === undefined) throw new RightsError('credentials-missing', { detail: 'a password' })
  const secret = Buffer.from(await password())
  const pair = Buffer.concat([Buffer.from(`${user}:`, 'utf8'), secret])
  try {
    return `Basic ${pair.toString('base64')}`
  } finally {
    pair.fill(0)
    secret.fill(0)
  }
}
