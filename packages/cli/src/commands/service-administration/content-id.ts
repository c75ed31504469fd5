/** Which document is meant: by its content identifier, or by a protected file that carries it. */
import { openFileSource } from '@sealward/client'
import { openProtected } from '@sealward/formats'
import { canonicalGuid, parsePublishingLicense, parseXrmlChain, RightsError } from '@sealward/xrml'

const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** @returns canonical GUID @throws RightsError `exclusion-refused`, and of the file formats */
export function contentIdOf(named: string): string {
  const id = canonicalGuid(named)
  return guid.test(id) ? id : contentIdOfFile(named)
}

function contentIdOfFile(path: string): string {
  const source = openFileSource(path)
  try {
    const [license] = parseXrmlChain(openProtected(source).licenseText)
    if (license === undefined) throw new RightsError('exclusion-refused', { detail: path })
    return canonicalGuid(parsePublishingLicense(license).work.object.id)
  } finally {
    source.close()
  }
}
