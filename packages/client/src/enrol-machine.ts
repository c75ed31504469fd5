/**
 * Certifying a machine. Windows machines make their own security processor certificate with a key that ships inside the
 * operating system; this product's clients ask the service for one instead. The private key never leaves the machine.
 */
import { decodeText, encodeBase64, RightsError, type PublicKey } from '@sealward/xrml'
import { callCredentials } from './call-credentials.ts'
import type { Connection } from './connection.ts'
import { refusalOf } from './refusals.ts'

/**
 * @param url of the service that certifies the user as well
 * @returns the machine's certificate and its issuers, leaf first
 */
export async function enrolMachine(
  connection: Connection,
  url: string,
  machineKey: PublicKey,
): Promise<readonly string[]> {
  const answer = await connection.transport.send({
    method: 'POST',
    url,
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify({ modulus: encodeBase64(machineKey.modulus) }),
    ...callCredentials(connection),
  })
  if (answer.status !== 200) throw refusalOf(answer)
  return chainOf(decodeText(answer.body))
}

function chainOf(text: string): readonly string[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new RightsError('service-answer-refused', { detail: 'not JSON', cause })
  }
  const chain = typeof value === 'object' && value !== null && 'chain' in value ? value.chain : undefined
  if (!Array.isArray(chain) || !chain.every((item) => typeof item === 'string')) {
    throw new RightsError('service-answer-refused', { detail: 'no certificate chain' })
  }
  return chain
}
