/** The `Version` stream of the data spaces: DataSpaceVersionInfo (MS-OFFCRYPTO 2.1.5). */
import { createByteCursor, encodePrefixedText } from '../byte-cursor.ts'

export interface VersionNumber {
  readonly major: number
  readonly minor: number
}

/** Which software generations read, update and wrote a structure. */
export interface VersionTriple {
  readonly reader: VersionNumber
  readonly updater: VersionNumber
  readonly writer: VersionNumber
}

export interface DataSpaceVersion extends VersionTriple {
  readonly feature: string
}

const one: VersionNumber = { major: 1, minor: 0 }
export const currentVersions: VersionTriple = { reader: one, updater: one, writer: one }
export const currentDataSpaceVersion: DataSpaceVersion = {
  feature: 'Microsoft.Container.DataSpaces',
  ...currentVersions,
}

/** @throws RightsError `data-spaces-damaged` */
export function readDataSpaceVersion(bytes: Uint8Array): DataSpaceVersion {
  const cursor = createByteCursor(bytes, 'data-spaces-damaged')
  return { feature: cursor.text('utf16le'), ...readVersions(cursor) }
}

export function encodeDataSpaceVersion(version: DataSpaceVersion): Uint8Array {
  return Buffer.concat([encodePrefixedText(version.feature, 'utf16le'), encodeVersions(version)])
}

export function readVersions(cursor: { u16(): number }): VersionTriple {
  const number = (): VersionNumber => ({ major: cursor.u16(), minor: cursor.u16() })
  return { reader: number(), updater: number(), writer: number() }
}

export function encodeVersions({ reader, updater, writer }: VersionTriple): Uint8Array {
  return Uint8Array.from(
    [reader, updater, writer].flatMap(({ major, minor }) => [major & 255, major >> 8, minor & 255, minor >> 8]),
  )
}
