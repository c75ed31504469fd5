/** Registration files of Windows: what is read becomes settings. */
import { applyRegistration, readRegistrationFile, windowsSettings } from '@sealward/client'
import { onlyTypedErrors } from './only-typed-errors.ts'

export function fuzz(bytes: Uint8Array): void {
  onlyTypedErrors(() => void windowsSettings(applyRegistration(readRegistrationFile(bytes))))
}
