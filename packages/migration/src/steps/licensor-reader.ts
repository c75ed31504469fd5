/**
 * The key that a service works with, as anybody can ask it (MS-RMPR 3.7.4.1, GetLicensorCertificate). No trust comes from
 * the answer: a plan says which key is expected.
 */
import { createTransport } from '@sealward/client'
import { licensingUrlOf, operationUrl, readSoapAnswer, writeSoapCall } from '@sealward/protocol'
import { isRightsError, issuerKeyOf, parseIssuingCertificate, parseSignedXrml, validateChain } from '@sealward/xrml'

const patience = 10_000
const answerMost = 1024 * 1024

/** @returns the fingerprint of the licensor's key; nothing if no consistent certificate is answered */
export async function readLicensorKey(serviceUrl: string, now: Date): Promise<string | undefined> {
  const url = operationUrl(licensingUrlOf(serviceUrl), 'GetLicensorCertificate')
  const { headers, body } = writeSoapCall('GetLicensorCertificate', {})
  const transport = createTransport({
    allowedHosts: [new URL(url).host],
    timeoutMilliseconds: patience,
    answerBytesMost: answerMost,
  })
  try {
    const answer = await transport.send({
      method: 'POST',
      url,
      headers: {
        'content-type': headers.contentType,
        ...(headers.soapAction === undefined ? {} : { soapaction: headers.soapAction }),
      },
      body,
    })
    const read = readSoapAnswer('GetLicensorCertificate', answer.body)
    return read.kind === 'fault' ? undefined : keyOf(read.response.certificateChain, now)
  } catch (error) {
    if (isRightsError(error)) return undefined
    throw error
  }
}

function keyOf(chain: readonly string[], now: Date): string | undefined {
  const documents = chain.map((text) => parseSignedXrml(text))
  const [first] = documents
  const last = documents.at(-1)
  if (first === undefined || last === undefined) return undefined
  validateChain({ documents, anchors: [issuerKeyOf(last)], now })
  return parseIssuingCertificate(first).principal.publicKey.fingerprint
}
