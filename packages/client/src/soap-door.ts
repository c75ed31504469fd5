/** Calls of the SOAP services (MS-RMPR), signed in where they go to the user's own. */
import {
  firstVersion,
  operationUrl,
  readSoapAnswer,
  versionsOfCall,
  versionsUpTo,
  writeSoapCall,
} from '@sealward/protocol'
import type { Fault, SoapAnswer, SoapOperationName, SoapRequestOf, SoapResponseOf } from '@sealward/protocol'
import type { VersionData } from '@sealward/protocol'
import { isRightsError, type RightsError } from '@sealward/xrml'
import { callCredentials, type Credentials } from './call-credentials.ts'
import type { Connection } from './connection.ts'
import { denialOf, faultError, statusError } from './refusals.ts'

/** What a call takes of a connection. */
export type SoapCaller = Credentials & Pick<Connection, 'transport' | 'ownHosts'>

/**
 * Asks again, once, where the service speaks lower versions of the data only (MS-RMPR 2.2.3.1).
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
  const versions = versionsOfCall(operation, request)
  const call = { directory, operation, request }
  const answer = await exchange(connection, { ...call, versions })
  if (answer.kind === 'response') return answer.response
  const lower = versionsToTry(faultError(answer.fault, operation), versions, answer.versions)
  const again = await exchange(connection, { ...call, versions: lower })
  if (again.kind === 'fault') throw faultError(again.fault, operation)
  return again.response
}

/**
 * The service's maximum; where its fault does not name one, the first version, which all services speak.
 * @throws RightsError the refusal, if it has another reason, or the service speaks what was asked for
 */
function versionsToTry(
  refusal: RightsError,
  asked: VersionData | undefined,
  spoken: VersionData | undefined,
): VersionData {
  const unsupported = refusal.code === 'unsupported-data-version' && asked !== undefined
  const lower = unsupported ? versionsUpTo(asked, spoken?.maximum ?? firstVersion) : undefined
  if (lower === undefined) throw refusal
  return lower
}

async function exchange<Name extends SoapOperationName>(
  connection: SoapCaller,
  call: {
    readonly directory: string
    readonly operation: Name
    readonly request: SoapRequestOf<Name>
    readonly versions: VersionData | undefined
  },
): Promise<SoapAnswer<SoapResponseOf<Name>>> {
  const { directory, operation, versions } = call
  const { headers, body } = writeSoapCall(operation, call.request, versions === undefined ? {} : { versions })
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
  if (read.kind === 'response' && answer.status !== 200) throw statusError(answer)
  return read
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
