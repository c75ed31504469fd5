/**
 * From a compound file to its protected stream, by the map: content stream, data space, transforms, and the transform
 * whose id says rights management. Names differ between Office, mail and XPS and are never assumed.
 */
import { isRightsError, RightsError } from '@sealward/xrml'
import { type ByteSource, readExactly } from '../byte-source.ts'
import type { CompoundStorage, CompoundStream } from '../compound-file/directory-tree.ts'
import { type CompoundFile, findStorage, findStream } from '../compound-file/read.ts'
import { readDataSpaceDefinition } from './data-space-definition.ts'
import { readDataSpaceMap } from './data-space-map.ts'
import { readLabelInfo, type SensitivityLabel } from './label-info.ts'
import {
  isTransform,
  type RightsTransformInfo,
  readRightsTransformInfo,
  readTransformInfo,
  transformId,
} from './transform-info.ts'
import { useLicensePrefix } from './use-license-name.ts'
import { type CachedUseLicense, readUseLicenseStream } from './use-license-stream.ts'

export const dataSpacesStorage = '\x06DataSpaces'
export const primaryStream = '\x06Primary'

/** A cached use licence, or why its stream cannot be read: a damaged cache does not make the document unreadable. */
export interface UseLicenseStream {
  readonly streamName: string
  readonly license: CachedUseLicense | undefined
}

export interface DataSpaces {
  readonly file: CompoundFile
  readonly contentStream: CompoundStream
  readonly dataSpace: string
  readonly transformName: string
  readonly transform: RightsTransformInfo
  readonly useLicenses: readonly UseLicenseStream[]
  readonly labels: readonly SensitivityLabel[]
}

/** No genuine document comes near these. Without them, a hostile map could name one large stream many times. */
const maxMapEntries = 16
const maxUseLicenses = 64
const maxSmallStream = 65_536
const maxUseLicenseStream = 1024 * 1024
const maxPrimaryStream = 5 * 1024 * 1024

/**
 * @throws RightsError `file-not-protected` without data spaces, `file-password-encrypted`, `data-spaces-damaged`,
 * `license-text-refused`, `compound-file-damaged`
 */
export function readDataSpaces(file: CompoundFile): DataSpaces {
  const spaces = findStorage(file.root, dataSpacesStorage)
  if (spaces === undefined) {
    // Documents encrypted with a password by Office 2007 have no data spaces in some writers.
    throw new RightsError(
      findStream(file.root, 'EncryptionInfo') === undefined ? 'file-not-protected' : 'file-password-encrypted',
    )
  }
  const map = readDataSpaceMap(small(file, requireStream(spaces, 'DataSpaceMap')))
  if (map.length > maxMapEntries) throw damaged('too many mapped streams')
  for (const { components, dataSpace } of map) {
    const transforms = readDataSpaceDefinition(small(file, requireStream(spaces, 'DataSpaceInfo', dataSpace)))
    const [transformName] = transforms
    // A second transform means compression: the viewer copy of old Office versions, not the document.
    if (transformName === undefined || transforms.length !== 1) continue
    const primary = readWhole(
      file,
      requireStream(spaces, 'TransformInfo', transformName, primaryStream),
      maxPrimaryStream,
    )
    const info = readTransformInfo(primary)
    if (isTransform(info, transformId.password)) throw new RightsError('file-password-encrypted')
    if (!isTransform(info, transformId.rightsManagement)) continue
    const storage = findStorage(spaces, 'TransformInfo', transformName)
    return {
      file,
      contentStream: requireStream(file.root, ...components.map(({ name }) => name)),
      dataSpace,
      transformName,
      transform: readRightsTransformInfo(primary),
      useLicenses: storage === undefined ? [] : readUseLicenses(file, storage),
      labels: readLabels(file, spaces),
    }
  }
  throw damaged('no stream is mapped to rights management')
}

function readUseLicenses(file: CompoundFile, storage: CompoundStorage): readonly UseLicenseStream[] {
  const found: UseLicenseStream[] = []
  for (const entry of storage.children.values()) {
    if (entry.kind !== 'stream' || !entry.name.startsWith(useLicensePrefix)) continue
    if (found.length === maxUseLicenses) break
    found.push({
      streamName: entry.name,
      license: unlessDamaged(() => readUseLicenseStream(readWhole(file, entry, maxUseLicenseStream))),
    })
  }
  return found
}

function readLabels(file: CompoundFile, spaces: CompoundStorage): readonly SensitivityLabel[] {
  const stream = findStream(spaces, 'TransformInfo', 'LabelInfo')
  return (stream && unlessDamaged(() => readLabelInfo(small(file, stream)))) ?? []
}

/** What accompanies the document but is not needed to open it. */
function unlessDamaged<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (isRightsError(error)) return undefined
    throw error
  }
}

function requireStream(storage: CompoundStorage, ...path: readonly string[]): CompoundStream {
  const stream = findStream(storage, ...path)
  if (stream === undefined) throw damaged(`no stream ${JSON.stringify(path.join('/').slice(0, 80))}`)
  return stream
}

function small(file: CompoundFile, stream: CompoundStream): Uint8Array {
  return readWhole(file, stream, maxSmallStream)
}

function readWhole(file: CompoundFile, stream: CompoundStream, limit: number): Uint8Array {
  if (stream.size > limit) throw damaged('a stream is larger than any genuine one')
  const source: ByteSource = file.openStream(stream)
  return readExactly(source, 0, source.size)
}

function damaged(detail: string): RightsError {
  return new RightsError('data-spaces-damaged', { detail })
}
