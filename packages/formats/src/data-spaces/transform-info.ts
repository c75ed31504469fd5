/**
 * The `\x06Primary` stream of a transform. For rights management it is IRMDSTransformInfo (MS-OFFCRYPTO 2.2.6): the
 * transform's identity, an extensibility header, and the publishing licence chain.
 */
import { RightsError } from '@sealward/xrml'
import { createByteCursor, encodePrefixedText, encodeU32 } from '../byte-cursor.ts'
import { checkLicenseSize } from '../license-bytes.ts'
import { currentVersions, encodeVersions, readVersions, type VersionTriple } from './data-space-version.ts'

/** TransformID values that tell what a transform does. */
export const transformId = {
  rightsManagement: '{C73DFACD-061F-43B0-8B64-0C620D2A8B50}',
  password: '{FF9A3F03-56EF-4613-BDD5-5A41C1D07246}',
} as const

/** TransformInfoHeader (MS-OFFCRYPTO 2.1.8). */
export interface TransformInfo extends VersionTriple {
  readonly type: number
  readonly id: string
  readonly name: string
}

export interface RightsTransformInfo extends TransformInfo {
  /** What follows the length of the extensibility header; empty in all known files. */
  readonly extensibility: Uint8Array
  /** The publishing licence chain, UTF-8, without BOM or NUL. */
  readonly license: Uint8Array
}

const transformType = 1
const maxExtensibilityHeader = 4096

/** @throws RightsError `data-spaces-damaged` */
export function readTransformInfo(bytes: Uint8Array): TransformInfo {
  return readTransformHeader(createByteCursor(bytes, 'data-spaces-damaged'))
}

/** @throws RightsError `data-spaces-damaged`, `license-text-refused` */
export function readRightsTransformInfo(bytes: Uint8Array): RightsTransformInfo {
  const cursor = createByteCursor(bytes, 'data-spaces-damaged')
  const header = readTransformHeader(cursor)
  if (!isTransform(header, transformId.rightsManagement)) throw damaged('not a rights management transform')
  const headerLength = cursor.u32()
  if (headerLength < 4 || headerLength > maxExtensibilityHeader) throw damaged('extensibility header')
  const extensibility = Uint8Array.from(cursor.take(headerLength - 4))
  const licenseLength = cursor.u32()
  checkLicenseSize(licenseLength)
  return { ...header, extensibility, license: cursor.take(licenseLength) }
}

export function isTransform(info: TransformInfo, id: string): boolean {
  return info.id.toUpperCase() === id
}

export function encodeRightsTransformInfo(info: RightsTransformInfo): Uint8Array {
  const id = encodePrefixedText(info.id, 'utf16le')
  return Buffer.concat([
    encodeU32(8 + id.length, info.type),
    id,
    encodePrefixedText(info.name, 'utf16le'),
    encodeVersions(info),
    encodeU32(4 + info.extensibility.length),
    info.extensibility,
    encodePrefixedText(info.license),
  ])
}

/** The transform that writers of rights-managed documents store. */
export function newRightsTransformInfo(license: Uint8Array): RightsTransformInfo {
  return {
    type: transformType,
    id: transformId.rightsManagement,
    name: 'Microsoft.Metadata.DRMTransform',
    ...currentVersions,
    extensibility: new Uint8Array(0),
    license,
  }
}

function readTransformHeader(cursor: ReturnType<typeof createByteCursor>): TransformInfo {
  const before = cursor.remaining
  const length = cursor.u32()
  const type = cursor.u32()
  const id = cursor.text('utf16le')
  if (before - cursor.remaining !== length) throw damaged('transform length')
  return { type, id, name: cursor.text('utf16le'), ...readVersions(cursor) }
}

function damaged(detail: string): RightsError {
  return new RightsError('data-spaces-damaged', { detail })
}
