/** Licence requests as they go over the wire, and the check that their answers are right. */
import { randomUUID } from 'node:crypto'
import {
  parseEndUserLicenseResponse,
  readSoapAnswer,
  serializeLicense,
  writeEndUserLicenseRequest,
  writeSoapCall,
} from '@sealward/protocol'
import { openUseLicense, parseUseLicense, parseXrml, verifySignature } from '@sealward/xrml'
import type { Account } from './accounts.ts'
import { grantedRights, type Publication } from './publications.ts'

export interface LicenseRequest {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Throws unless the answer gives the reader this content key and these rights. */
  readonly check: (answer: Uint8Array) => Promise<void>
}

export function soapRequest(reader: Account, publication: Publication): LicenseRequest {
  const { headers, body } = writeSoapCall('AcquireLicense', {
    requests: [{ licenseeCertificates: reader.chain, issuanceLicense: publication.signed }],
  })
  return {
    path: '/_wmcs/licensing/license.asmx',
    headers: {
      'content-type': headers.contentType,
      ...(headers.soapAction === undefined ? {} : { soapaction: headers.soapAction }),
    },
    body,
    async check(answer) {
      const read = readSoapAnswer('AcquireLicense', answer)
      const outcome = read.kind === 'response' ? read.response.responses[0] : undefined
      if (outcome?.outcome !== 'licensed') throw new Error('no use licence in the answer')
      const document = parseXrml(outcome.certificateChain[0] ?? '')
      verifySignature(document)
      const license = parseUseLicense(document)
      const rights = license.rights.map(({ right }) => right)
      requireGranted((await openUseLicense(license, reader.key)).key, rights, publication)
    },
  }
}

export function restRequest(token: string, publication: Publication): LicenseRequest {
  return {
    path: '/my/v2/enduserlicenses',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
      'x-ms-rms-request-id': `${randomUUID()};${randomUUID()}`,
    },
    body: writeEndUserLicenseRequest({ license: serializeLicense(publication.stored.join('')) }),
    async check(answer) {
      const response = parseEndUserLicenseResponse(Buffer.from(answer).toString('utf8'))
      if (response.status !== 'AccessGranted') throw new Error(`the answer is ${response.status}`)
      requireGranted(response.key.key, response.rights, publication)
    },
  }
}

function requireGranted(key: Uint8Array, rights: readonly string[], { contentKey }: Publication): void {
  if (Buffer.compare(key, contentKey.key) !== 0) throw new Error('the answer has another content key')
  if (rights.toSorted().join() !== grantedRights.toSorted().join())
    throw new Error(`the answer grants ${rights.join()}`)
}

/** The request as bytes on a kept connection. */
export function httpText({ path, headers, body }: LicenseRequest): string {
  const lines = Object.entries({ host: '127.0.0.1', ...headers, 'content-length': String(Buffer.byteLength(body)) })
  return `POST ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`
}
