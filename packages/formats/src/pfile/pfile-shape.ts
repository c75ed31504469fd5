/**
 * The shapes of PFILE that writers have produced, as data. New files use 2.1 where old readers matter and 3.0
 * otherwise; the other two exist because documents of that age do.
 */
export type PfileShape = '2.0' | '2.1' | '2.1-metadata' | '3.0'

export interface PfileShapeFacts {
  readonly majorVersion: number
  readonly minorVersion: number
  readonly headerSize: number
  /** A NUL behind the licence, counted in its length. */
  readonly licenseNul: boolean
  /** What the original size field says. `unpadded`: the size only where the cipher mode needs it to find the end. */
  readonly originalSize: 'absent' | 'exact' | 'zero' | 'unpadded'
  /** Metadata area when the caller gives none. */
  readonly reservedMetadata: number
}

export const pfileShapes: Readonly<Record<PfileShape, PfileShapeFacts>> = {
  '2.0': {
    majorVersion: 2,
    minorVersion: 0,
    headerSize: 24,
    licenseNul: false,
    originalSize: 'absent',
    reservedMetadata: 0,
  },
  '2.1': {
    majorVersion: 2,
    minorVersion: 1,
    headerSize: 40,
    licenseNul: true,
    originalSize: 'exact',
    reservedMetadata: 1024,
  },
  '2.1-metadata': {
    majorVersion: 2,
    minorVersion: 1,
    headerSize: 48,
    licenseNul: true,
    originalSize: 'zero',
    reservedMetadata: 0,
  },
  '3.0': {
    majorVersion: 3,
    minorVersion: 0,
    headerSize: 40,
    licenseNul: false,
    originalSize: 'unpadded',
    reservedMetadata: 0,
  },
}
