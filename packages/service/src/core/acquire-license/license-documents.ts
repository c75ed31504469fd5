/** The documents of a publishing licence, from inline certificates of a message or from the text of a protected file. */
import {
  chainLengthMost,
  orderChain,
  parseSignedXrml,
  parseXrmlChain,
  RightsError,
  type XrmlDocument,
} from '@sealward/xrml'

/** @throws RightsError `publishing-license-invalid` */
export function readLicenseDocuments(texts: readonly string[]): readonly XrmlDocument[] {
  return reading(() => {
    if (texts.length > chainLengthMost) throw new RightsError('chain-too-long')
    return licenseAndSigner(texts.map(parseSignedXrml))
  })
}

/** @throws RightsError `publishing-license-invalid` */
export function readSerializedDocuments(serialized: string): readonly XrmlDocument[] {
  return reading(() => licenseAndSigner(parseXrmlChain(serialized)).map(({ text }) => parseSignedXrml(text)))
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
