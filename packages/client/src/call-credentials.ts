/**
 * With what a call to the user's own service is signed in: the ticket of a domain (RFC 4559), the certificate of this
 * machine, or a password (RFC 7617).
 */
import { RightsError } from '@sealward/xrml'
import type { Connection } from './connection.ts'
import type { HttpRequest } from './transport.ts'

/** What a call takes of a connection. */
export type Credentials = Pick<Connection, 'user' | 'password' | 'ticket' | 'signsInByCertificate'>

/** To be given to hosts of the user's own organisation alone; nothing where the connection says who asks. */
export function callCredentials(credentials: Credentials): Pick<HttpRequest, 'authorization' | 'ticket'> {
  if (credentials.ticket) return { ticket: true }
  return credentials.signsInByCertificate ? {} : { authorization: () => basicAuthorization(credentials) }
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
