/** A stream of the `DataSpaceInfo` storage: the transforms of one data space, in the order in which a reader undoes them (MS-OFFCRYPTO 2.1.7). */
import { RightsError } from '@sealward/xrml'
import { createByteCursor, encodePrefixedText, encodeU32 } from '../byte-cursor.ts'

const headerLength = 8

/** @throws RightsError `data-spaces-damaged` */
export function readDataSpaceDefinition(bytes: Uint8Array): readonly string[] {
  const cursor = createByteCursor(bytes, 'data-spaces-damaged')
  if (cursor.u32() !== headerLength) throw new RightsError('data-spaces-damaged', { detail: 'DataSpaceInfo header' })
  const transforms: string[] = []
  for (let remaining = cursor.u32(); remaining > 0; remaining--) transforms.push(cursor.text('utf16le'))
  return transforms
}

export function encodeDataSpaceDefinition(transforms: readonly string[]): Uint8Array {
  const names = transforms.map((name) => encodePrefixedText(name, 'utf16le'))
  return Buffer.concat([encodeU32(headerLength, transforms.length), ...names])
}
