/** Compound files: every stream of the directory is read through its sectors. */
import { memorySource, openCompoundFile, openProtected, readPieces, type CompoundStorage } from '@sealward/formats'
import { onlyTypedErrors } from './only-typed-errors.ts'

export function fuzz(bytes: Uint8Array): void {
  onlyTypedErrors(() => {
    const file = openCompoundFile(memorySource(bytes))
    const read = (storage: CompoundStorage): void => {
      for (const entry of storage.children.values()) {
        if (entry.kind === 'storage') read(entry)
        else onlyTypedErrors(() => void [...readPieces(file.openStream(entry))])
      }
    }
    read(file.root)
  })
  onlyTypedErrors(() => void openProtected(memorySource(bytes)))
}
