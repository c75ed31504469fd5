/** The certificate of this machine, where it is a server that the service knows by it. */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import type { ClientOptions } from '@sealward/client'
import { RightsError } from '@sealward/xrml'
import type { ConnectionFile } from './connection-file.ts'

/** @throws RightsError `connection-file-invalid` for files that do not fit together, or a key that everybody may read */
export function machineCertificate(files: ConnectionFile['certificate']): Pick<ClientOptions, 'certificate'> {
  if (files === undefined) return {}
  const { certificateFile, keyFile } = files
  const [certificate, key] = [readFileSync(certificateFile, 'utf8'), readFileSync(keyFile, 'utf8')]
  if (process.platform !== 'win32' && (statSync(keyFile).mode & 0o007) !== 0) {
    throw new RightsError('connection-file-invalid', { detail: `everybody may read ${keyFile}; give it mode 600` })
  }
  if (!fits(certificate, key)) {
    const detail = `${keyFile} is not the key of the first certificate in ${certificateFile}`
    throw new RightsError('connection-file-invalid', { detail })
  }
  return { certificate: { certificate, key } }
}

function fits(certificate: string, key: string): boolean {
  try {
    return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key))
  } catch {
    return false
  }
}
