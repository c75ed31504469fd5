/**
 * Every reading of the sealing formats that public sources leave open and no genuine pair of key and document has
 * confirmed yet. `sealward xrml diagnose` tries the alternatives against a genuine pair; a correction is made here alone.
 */

/** Hash and mask hash of RSAES-OAEP in `sealed-key-v2`; the label is empty. */
export const oaepHash = 'sha1'

/** KeyHeader flags (MS-RMPR 2.2.9.1.13.1): bit A AES with bit E ECB, or with bit C CBC. Readers ignore the field. */
export const keyHeaderFlags = { ecb: 0x00001001, cbc: 0x00002001 } as const

/** What fills the enabling bits up to a whole cipher block. Readers ignore what follows `dwcbSize` bytes. */
export const enablingBitsFill = 0x00

/** What fills rights data up to a whole cipher block; readers strip it from the end of the text. */
export const rightsDataFill = 0x00

/**
 * What AcquireContentKey hands over (MS-RMSI 3.2.4.1): KeyHeader and key as they were sealed, because nothing else in the
 * answer says how the key is used. The other reading is the key alone.
 */
export function recoveredKeyBytes({ payload }: { readonly payload: Uint8Array }): Uint8Array {
  return payload
}

/** Alternatives for the bytes that the hash inside the enabling bits covers. */
export interface EnablingBitsHashInput {
  readonly encoding: 'utf16le' | 'utf8'
  readonly scope: 'element' | 'content'
  /** Whether the enabling bits that lie inside the hashed element are part of it. */
  readonly enablingBits: 'without' | 'with'
}

export const enablingBitsHashInput: EnablingBitsHashInput = {
  encoding: 'utf16le',
  scope: 'element',
  enablingBits: 'without',
}

export const enablingBitsHashCandidates: readonly EnablingBitsHashInput[] = (['utf16le', 'utf8'] as const).flatMap(
  (encoding) =>
    (['element', 'content'] as const).flatMap((scope) =>
      (['without', 'with'] as const).map((enablingBits) => ({ encoding, scope, enablingBits })),
    ),
)

const endOfEnablingBits = '</ENABLINGBITS>'

/** The bytes that are hashed, for the element that binds the sealed key (ISSUEDPRINCIPALS or ISSUER). */
export function hashInputOf(text: string, input: EnablingBitsHashInput = enablingBitsHashInput): Uint8Array {
  const scoped = input.scope === 'element' ? text : text.slice(text.indexOf('>') + 1, text.lastIndexOf('</'))
  return Buffer.from(input.enablingBits === 'with' ? scoped : withoutEnablingBits(scoped), input.encoding)
}

/** Takes the sealed key out of the text of an element, which holds ENABLINGBITS once or not at all. */
export function withoutEnablingBits(text: string): string {
  const start = text.indexOf('<ENABLINGBITS')
  const end = text.indexOf(endOfEnablingBits, start)
  return start < 0 || end < 0 ? text : text.slice(0, start) + text.slice(end + endOfEnablingBits.length)
}
