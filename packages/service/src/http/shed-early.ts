/**
 * What would be sent away for want of room anyway is sent away before the framework looks at it: under a flood most of the
 * work would else be spent on saying no (threat N4). Only where nobody signs in, because persons have a turn of their own,
 * and never through a proxy, whose clients are not told apart here.
 */
import type { IncomingMessage, RequestListener } from 'node:http'
import { soapVersionOfContentType, writeSoapHeaders, type SoapVersion } from '@sealward/protocol'
import { presentedOn } from '../tls/presented-certificate.ts'
import type { Admission } from './admission.ts'
import type { Connections } from './connection.ts'
import type { Refusal } from './refusal.ts'
import { networkOf } from './requester.ts'
import { writeRestRefusal } from './rest/problem-map.ts'
import { writeSoapRefusal } from './soap/fault-map.ts'
import { readSoapTarget } from './soap/soap-target.ts'

export interface EarlyShedding {
  readonly admission: Pick<Admission, 'hasRoom'>
  readonly connections: Pick<Connections, 'isProxy'>
  /** Is told of each, because they get no line in the log of their own. */
  readonly shed: () => void
}

export function withEarlyShedding(
  answer: RequestListener,
  { admission, connections, shed }: EarlyShedding,
): RequestListener {
  return (request, response) => {
    const address = request.socket.remoteAddress ?? ''
    if (!isAnonymous(request) || connections.isProxy(address) || admission.hasRoom(networkOf(address))) {
      answer(request, response)
      return
    }
    shed()
    const { status, headers, body } = prepared[formOf(request)]
    response.writeHead(status, headers).end(body)
  }
}

/** Nothing that needs no place, and nobody who says who it is. */
function isAnonymous({ method, headers, socket }: IncomingMessage): boolean {
  return method === 'POST' && headers.authorization === undefined && presentedOn(socket) === undefined
}

type Form = SoapVersion | 'problem'

function formOf({ url = '', headers }: IncomingMessage): Form {
  return readSoapTarget(url, headers.host) === undefined ? 'problem' : soapVersionOfContentType(headers['content-type'])
}

const about = { correlationId: 'busy', challenges: [] }

/** As bytes, because they are sent thousands of times a second. */
const prepared: Readonly<Record<Form, ReturnType<typeof inBytes>>> = {
  '1.1': inBytes(
    writeSoapRefusal('service-overloaded', { ...about, contentType: writeSoapHeaders('1.1').contentType }),
  ),
  '1.2': inBytes(
    writeSoapRefusal('service-overloaded', { ...about, contentType: writeSoapHeaders('1.2').contentType }),
  ),
  problem: inBytes(writeRestRefusal('service-overloaded', about)),
}

function inBytes({ status, headers, body: text }: Refusal) {
  const body = Buffer.from(text, 'utf8')
  const all = { ...headers, 'content-length': String(body.length), 'cache-control': 'no-store' }
  return { status, headers: Object.entries(all).flat(), body }
}
