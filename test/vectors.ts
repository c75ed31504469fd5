/**
 * Bytes that this project did not write: printed examples, real protected files, recorded requests. They stay outside the
 * repository; `SEALWARD_VECTORS` or a `shared/vectors` folder beside the checkout says where.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = process.env['SEALWARD_VECTORS'] ?? join(import.meta.dirname, '..', '..', 'shared', 'vectors')

/** For `test(name, { skip })`: false when the vectors are there; their absence fails a run of CI. */
export const vectorsMissing: false | string = existsSync(folder) ? false : `no vectors in ${folder}`
if (vectorsMissing !== false && process.env['CI'] === 'true') throw new Error(vectorsMissing)

export function readVector(...path: readonly string[]): Uint8Array {
  return readFileSync(join(folder, ...path))
}

export function readVectorText(...path: readonly string[]): string {
  return readFileSync(join(folder, ...path), 'utf8')
}

const descriptions = join(folder, '..', 'spec', 'wsdl')

/** The printed service descriptions (WSDL), kept beside the vectors. */
export const serviceDescriptionsMissing: false | string = existsSync(descriptions)
  ? false
  : `no service descriptions in ${descriptions}`
if (serviceDescriptionsMissing !== false && process.env['CI'] === 'true') throw new Error(serviceDescriptionsMissing)

export function serviceDescription(file: string): string {
  return join(descriptions, file)
}
