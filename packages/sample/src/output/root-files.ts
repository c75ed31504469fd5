/** The sample's root keys: what an operator has to trust before anything below them means something. */
import { encodeBase64 } from '@sealward/xrml'
import type { SampleHierarchy } from '../authorities/hierarchy.ts'
import type { SampleOrganisation } from '../organisation.ts'

/** A trusted root. The modulus is big-endian; the fingerprint is its lower-case hex SHA-256. */
export interface SampleRootKey {
  readonly name: string
  readonly mode: 1 | 2
  readonly bits: number
  readonly modulus: string
  readonly fingerprint: string
}

/** One file per root, by its path in the sample. */
export function writeRootFiles({ hierarchies }: SampleOrganisation): ReadonlyMap<string, string> {
  return new Map(
    [hierarchies.mode1, hierarchies.mode2].map((hierarchy) => [
      `roots/mode-${hierarchy.mode.number}.json`,
      `${JSON.stringify(rootKey(hierarchy), undefined, 2)}\n`,
    ]),
  )
}

function rootKey({ rootName, mode, root }: SampleHierarchy): SampleRootKey {
  const { bits, modulus, fingerprint } = root.handle.publicKey
  return { name: rootName, mode: mode.number, bits, modulus: encodeBase64(modulus), fingerprint }
}
