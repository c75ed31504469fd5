/** PUBLICKEY (MS-RMPR 2.2.9.1.9). The modulus is little-endian base64; `size` counts bits. */
import { publicKeyFromModulus, reversed, type PublicKey } from '../crypto/public-key.ts'
import { RightsError } from '../errors/rights-error.ts'
import { decodeBase64, encodeBase64 } from '../text/base64.ts'
import { children, type XmlElement } from '../text/element.ts'
import { onlyChild } from './only-child.ts'

/** @throws RightsError `xrml-malformed`, `public-key-invalid` */
export function parsePublicKey(element: XmlElement): PublicKey {
  const parameters = children(element, 'PARAMETER')
  const valueOf = (name: string): XmlElement | undefined =>
    onlyChild(
      parameters.find((parameter) => parameter.attributes.get('name') === name),
      'VALUE',
    )
  const modulus = valueOf('modulus')
  if (onlyChild(element, 'ALGORITHM')?.text !== 'RSA' || modulus === undefined || parameters.length !== 2) {
    throw new RightsError('xrml-malformed', { detail: 'PUBLICKEY is not RSA' })
  }
  if (valueOf('public-exponent')?.text !== '65537') throw new RightsError('public-key-invalid', { detail: 'exponent' })
  const bytes = decodeBase64(modulus.text, 'the modulus')
  if (modulus.attributes.get('size') !== String(bytes.length * 8)) {
    throw new RightsError('public-key-invalid', { detail: 'size and modulus disagree' })
  }
  return publicKeyFromModulus(reversed(bytes))
}

export function writePublicKey(key: PublicKey): string {
  return (
    '<PUBLICKEY><ALGORITHM>RSA</ALGORITHM><PARAMETER name="public-exponent"><VALUE encoding="integer32">65537</VALUE>' +
    `</PARAMETER><PARAMETER name="modulus"><VALUE encoding="base64" size="${key.bits}">` +
    `${encodeBase64(reversed(key.modulus))}</VALUE></PARAMETER></PUBLICKEY>`
  )
}
