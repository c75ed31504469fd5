/** Trusted publishing domain files: the envelope, both key derivations, and what they decrypt to. */
import { readTpd } from '@sealward/keys'
import { onlyTypedErrors } from './only-typed-errors.ts'

export const password = 'a password of the fuzzer'

export function fuzz(bytes: Uint8Array): void {
  onlyTypedErrors(() => void readTpd({ file: bytes, password }))
}
