/** The `DataSpaceMap` stream: which protected stream lies in which data space (MS-OFFCRYPTO 2.1.6). */
import { RightsError } from '@sealward/xrml'
import { createByteCursor, encodePrefixedText, encodeU32 } from '../byte-cursor.ts'

export interface DataSpaceMapEntry {
  /** Path of the protected stream from the root, storages first. */
  readonly components: readonly { readonly type: 'stream' | 'storage'; readonly name: string }[]
  readonly dataSpace: string
}

const headerLength = 8

/** @throws RightsError `data-spaces-damaged` */
export function readDataSpaceMap(bytes: Uint8Array): readonly DataSpaceMapEntry[] {
  const cursor = createByteCursor(bytes, 'data-spaces-damaged')
  if (cursor.u32() !== headerLength) throw new RightsError('data-spaces-damaged', { detail: 'DataSpaceMap header' })
  const count = cursor.u32()
  const entries: DataSpaceMapEntry[] = []
  // Every entry takes bytes, so the declared count ends at the latest with the stream.
  for (let index = 0; index < count; index++) {
    const entry = createByteCursor(cursor.take(Math.max(4, cursor.u32()) - 4), 'data-spaces-damaged')
    const components: DataSpaceMapEntry['components'][number][] = []
    for (let remaining = entry.u32(); remaining > 0; remaining--) {
      const type = entry.u32()
      if (type > 1) throw new RightsError('data-spaces-damaged', { detail: 'reference component type' })
      components.push({ type: type === 0 ? 'stream' : 'storage', name: entry.text('utf16le') })
    }
    entries.push({ components, dataSpace: entry.text('utf16le') })
  }
  return entries
}

export function encodeDataSpaceMap(entries: readonly DataSpaceMapEntry[]): Uint8Array {
  const encoded = entries.map(({ components, dataSpace }) => {
    const parts = components.flatMap(({ type, name }) => [
      encodeU32(type === 'stream' ? 0 : 1),
      encodePrefixedText(name, 'utf16le'),
    ])
    const body = Buffer.concat([encodeU32(components.length), ...parts, encodePrefixedText(dataSpace, 'utf16le')])
    return Buffer.concat([encodeU32(body.length + 4), body])
  })
  return Buffer.concat([encodeU32(headerLength, entries.length), ...encoded])
}
