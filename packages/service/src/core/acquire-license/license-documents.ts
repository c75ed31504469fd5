/** The documents of a publishing licence, from inline certificates of a message or from the text of a protected file. */
import { orderChain, parseSignedXrml, parseXrmlChain, RightsError, type XrmlDocument } from '@sealward/xrml'
import { documentLimits, type Limits } from '../limits.ts'

/** @throws RightsError `publishing-license-invalid` */
export function readLicenseDocuments(limits: Limits, texts: readonly string[]): readonly XrmlDocument[] {
  return reading(() => {
    if (texts.length > limits.chainCertificates) throw new RightsError('chain-too-long')
    return licenseAndSigner(texts.map((text) => parseSignedXrml(text, documentLimits(limits))))
  })
}

/** @throws RightsError `publishing-license-invalid` */
export function readSerializedDocuments(limits: Limits, serialized: string): readonly XrmlDocument[] {
  const most = documentLimits(limits)
  return reading(() =>
    licenseAndSigner(parseXrmlChain(serialized, most)).map(({ text }) => parseSignedXrml(text, most)),
  )
}

/**
 * The licence and the client licensor certificate behind it, if there is one. Other certificates and the owner's use
 * licence, which files keep in between, say nothing that the service does not know.
 */
function licenseAndSigner(documents: readonly XrmlDocument[]): readonly XrmlDocument[] {
  const [license, signer] = orderChain(documents)
  if (license === undefined) return []
  return signer?.type === 'client-licensor-certificate' ? [license, signer] : [license]
}

function reading<T>(read: () => T): T {
  try {
    return read()
  } catch (cause) {
    throw new RightsError('publishing-license-invalid', { cause })
  }
}
