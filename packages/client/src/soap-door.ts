/** Calls of the SOAP services (MS-RMPR), signed in where they go to the user's own. */
import { operationUrl, readSoapAnswer, writeSoapCall } from '@sealward/protocol'
import type { Fault, SoapOperationName, SoapRequestOf, SoapResponseOf } from '@sealward/protocol'
import { isRightsError } from '@sealward/xrml'
import { callCredentials, type Credentials } from './call-credentials.ts'
import type { Connection } from './connection.ts'
import { denialOf, faultError, statusError } from './refusals.ts'

/** What a call takes of a connection. */
export type SoapCaller = Credentials & Pick<Connection, 'transport' | 'ownHosts'>

/**
 * @param directory licensing, certification or decommission URL
 * @throws RightsError of the transport, `credentials-missing`, `credentials-refused`, `ticket-missing`, `service-answer-refused`, and the
 * code of the refusal
 */
export async function callSoap<Name extends SoapOperationName>(
  connection: SoapCaller,
  directory: string,
  operation: Name,
  request: SoapRequestOf<Name>,
): Promise<SoapResponseOf<Name>> {
  const { headers, body } = writeSoapCall(operation, request)
  const answer = await connection.transport.send({
    method: 'POST',
    url: operationUrl(directory, operation),
    headers: {
      'content-type': headers.contentType,
      ...(headers.soapAction === undefined ? {} : { soapaction: headers.soapAction }),
    },
    body,
    ...(mayHaveCredentials(connection, directory) ? callCredentials(connection) : {}),
  })
  if (answer.status === 401) throw denialOf(faultIn(operation, answer.body))
  if (answer.status !== 200 && answer.status !== 500) throw statusError(answer)
  const read = readSoapAnswer(operation, answer.body)
  if (read.kind === 'fault') throw faultError(read.fault, operation)
  if (answer.status !== 200) throw statusError(answer)
  return read.response
}

/** Nothing where a web server refuses by itself, with a page of its own or none. */
function faultIn(operation: SoapOperationName, body: Uint8Array): Fault | undefined {
  try {
    const read = readSoapAnswer(operation, body)
    return read.kind === 'fault' ? read.fault : undefined
  } catch (error) {
    if (isRightsError(error)) return undefined
    throw error
  }
}

/**
 * A password, or a ticket, is for the services of the user's own organisation. Others, such as that of a partner, know nobody of ours; they
 * go by the account certificate in the request (MS-RMPR 3.4.4.1), and never see either.
 */
function mayHaveCredentials({ ownHosts }: SoapCaller, directory: string): boolean {
  return ownHosts.has(new URL(directory).host)
}
