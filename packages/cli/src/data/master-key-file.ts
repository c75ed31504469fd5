/** The master key from its file. A file that others may read is no secret: the service refuses to start (threat S14). */
import { readFileSync, statSync } from 'node:fs'
import { masterKeyFromFile, type MasterKey } from '@sealward/keys'
import { RightsError } from '@sealward/xrml'

/** @throws RightsError `master-key-refused` */
export function readMasterKeyFile(path: string): MasterKey {
  // On Windows the access control list decides, and modes say nothing.
  if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
    throw new RightsError('master-key-refused', { detail: `others may read ${path}; give it mode 600` })
  }
  const file = readFileSync(path)
  try {
    return masterKeyFromFile(file)
  } finally {
    file.fill(0)
  }
}
