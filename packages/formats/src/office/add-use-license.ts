/** Stores a use licence in a protected document: at most one stream per user, everything else is kept. */
import type { ByteSink, ByteSource } from '../byte-source.ts'
import { storageToWrite, withChildren } from '../compound-file/rebuild.ts'
import { writeCompoundFile } from '../compound-file/write.ts'
import { dataSpacesStorage } from '../data-spaces/read-data-spaces.ts'
import type { CachedUseLicense } from '../data-spaces/use-license-stream.ts'
import { readProtectedOffice } from './read-protected-office.ts'
import { type NewUseLicense, useLicenseStream } from './write-protected-office.ts'

/**
 * Writes the document again with the licence added; an older one of the same user is left out. The caller has checked
 * that the content owner allows storing it (`NOLICCACHE`).
 * @throws RightsError as `readProtectedOffice` does
 */
export function addUseLicense(source: ByteSource, license: NewUseLicense, sink: ByteSink): void {
  const { file, transformName, useLicenses } = readProtectedOffice(source)
  const replaced = new Set(
    useLicenses
      .filter((stored) => stored.license && sameUser(stored.license, license))
      .map((stored) => stored.streamName),
  )
  const path = [dataSpacesStorage, 'TransformInfo', transformName]
  const root = withChildren(storageToWrite(file), path, (children) => [
    ...children.filter(({ name }) => !replaced.has(name)),
    useLicenseStream(license),
  ])
  writeCompoundFile(root, sink, { version: file.version })
}

function sameUser(left: CachedUseLicense, right: CachedUseLicense): boolean {
  return left.user.account === right.user.account && left.user.name.toLowerCase() === right.user.name.toLowerCase()
}
