/**
 * Writes protected Office Open XML and XPS documents. Only what the caller hands in becomes readable without a licence:
 * clear-text properties are a decision of policy, not of the format.
 */
import type { ByteSink, ByteSource } from '../byte-source.ts'
import { contentOf } from '../byte-source.ts'
import type { NewEntry, NewStorage, NewStream } from '../compound-file/directory-plan.ts'
import type { CompoundFileVersion } from '../compound-file/header.ts'
import { writeCompoundFile } from '../compound-file/write.ts'
import type { ContentCipher } from '../content-cipher/content-cipher.ts'
import { encodeDataSpaceDefinition } from '../data-spaces/data-space-definition.ts'
import { encodeDataSpaceMap } from '../data-spaces/data-space-map.ts'
import { currentDataSpaceVersion, encodeDataSpaceVersion } from '../data-spaces/data-space-version.ts'
import { encodeLabelInfo, type SensitivityLabel } from '../data-spaces/label-info.ts'
import { dataSpacesStorage, primaryStream } from '../data-spaces/read-data-spaces.ts'
import { encodeRightsTransformInfo, newRightsTransformInfo } from '../data-spaces/transform-info.ts'
import { encodeUseLicenseName } from '../data-spaces/use-license-name.ts'
import { type CachedUseLicense, encodeUseLicenseStream } from '../data-spaces/use-license-stream.ts'
import { checkLicenseSize } from '../license-bytes.ts'
import { containerNames } from './container-names.ts'
import { newContentStream } from './content-stream.ts'

/** A use licence to store. Whether the content owner allows storing it is the caller's decision. */
export interface NewUseLicense extends CachedUseLicense {
  /** 16 random bytes: the stream's name. */
  readonly guid: Uint8Array
}

export interface NewProtectedOffice {
  readonly format?: 'office-open-xml' | 'xps'
  /** The publishing licence chain, exactly as signed. */
  readonly licenseText: string
  readonly cipher: ContentCipher
  /** The document to protect: a complete package. */
  readonly content: ByteSource
  readonly useLicenses?: readonly NewUseLicense[]
  readonly labels?: readonly SensitivityLabel[]
  /** Streams that stay readable for everybody, such as the property sets. */
  readonly clearStreams?: readonly { readonly name: string; readonly bytes: Uint8Array }[]
  readonly version?: CompoundFileVersion
}

/** @throws RightsError `license-text-refused`, `content-key-size-invalid`, `content-too-large` */
export function writeProtectedOffice(document: NewProtectedOffice, sink: ByteSink): void {
  const { version } = document
  writeCompoundFile(protectedStorage(document), sink, version === undefined ? {} : { version })
}

function protectedStorage(document: NewProtectedOffice): NewStorage {
  const { contentStream, dataSpace, transform } = containerNames[document.format ?? 'office-open-xml']
  const license = Buffer.from(document.licenseText, 'utf8')
  checkLicenseSize(license.length)
  const labels = document.labels ?? []
  const map = encodeDataSpaceMap([{ components: [{ type: 'stream', name: contentStream }], dataSpace }])
  const dataSpaces = storage(dataSpacesStorage, [
    stream('Version', encodeDataSpaceVersion(currentDataSpaceVersion)),
    stream('DataSpaceMap', map),
    storage('DataSpaceInfo', [stream(dataSpace, encodeDataSpaceDefinition([transform]))]),
    storage('TransformInfo', [
      storage(transform, [
        stream(primaryStream, encodeRightsTransformInfo(newRightsTransformInfo(license))),
        ...(document.useLicenses ?? []).map(useLicenseStream),
      ]),
      ...(labels.length === 0 ? [] : [stream('LabelInfo', encodeLabelInfo(labels))]),
    ]),
  ])
  return storage('', [
    dataSpaces,
    { kind: 'stream', name: contentStream, content: newContentStream(document.cipher, document.content) },
    ...(document.clearStreams ?? []).map(({ name, bytes }) => stream(name, bytes)),
  ])
}

/** The stream that keeps a use licence in its document. */
export function useLicenseStream(license: NewUseLicense): NewStream {
  return stream(encodeUseLicenseName(license.guid), encodeUseLicenseStream(license))
}

function storage(name: string, children: readonly NewEntry[]): NewStorage {
  return { kind: 'storage', name, children }
}

function stream(name: string, bytes: Uint8Array): NewStream {
  return { kind: 'stream', name, content: contentOf(bytes) }
}
