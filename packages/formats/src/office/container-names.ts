/**
 * Names inside a protected compound file. Readers follow the map and need only the first column; writers use all of it
 * (MS-OFFCRYPTO 2.2.2-2.2.5).
 */
export interface ContainerNames {
  readonly contentStream: string
  readonly dataSpace: string
  readonly transform: string
}

export type OfficeFormat = 'office-open-xml' | 'office-binary' | 'xps'

export const containerNames: Readonly<Record<OfficeFormat, ContainerNames>> = {
  'office-open-xml': {
    contentStream: 'EncryptedPackage',
    dataSpace: 'DRMEncryptedDataSpace',
    transform: 'DRMEncryptedTransform',
  },
  'office-binary': { contentStream: '\x09DRMContent', dataSpace: '\x09DRMDataSpace', transform: '\x09DRMTransform' },
  xps: {
    contentStream: 'EncryptedPackage',
    dataSpace: 'RMEncryptionNoCompression',
    transform: 'EncryptionTransform',
  },
}

/** The format that a container's names announce; unfamiliar names follow the kind of the content stream. */
export function formatOfNames(contentStream: string, dataSpace: string): OfficeFormat {
  if (contentStream.toUpperCase() === containerNames['office-binary'].contentStream.toUpperCase())
    return 'office-binary'
  return dataSpace.toUpperCase() === containerNames.xps.dataSpace.toUpperCase() ? 'xps' : 'office-open-xml'
}
