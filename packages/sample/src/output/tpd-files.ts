/** The exports of Lakeside's clusters, one per key that was exported, in both encryptions that exports have. */
import { type TpdDerivation, writeTpd } from '@sealward/keys'
import type { KeyName } from '../authorities/clusters.ts'
import type { SampleOrganisation } from '../organisation.ts'
import { exportedTemplates } from '../protection/templates.ts'
import type { RandomBytes } from '../randomness.ts'
import { newPassword } from './passwords.ts'

export interface TpdFile {
  readonly cluster: KeyName
  readonly bytes: Uint8Array
  readonly password: string
}

interface ExportFacts {
  readonly cluster: KeyName
  readonly derivation: TpdDerivation
  /** CryptoAPI provider type: 1 `PROV_RSA_FULL`, 24 `PROV_RSA_AES`. */
  readonly cspType: number
  readonly cspName: string
  /** What a careful administrator appended; importers have stumbled over such characters. */
  readonly passwordEnd: string
}

const exportFacts: readonly ExportFacts[] = [
  {
    cluster: 'rms-old',
    derivation: 'B',
    cspType: 1,
    cspName: 'Microsoft Strong Cryptographic Provider',
    passwordEnd: '',
  },
  {
    cluster: 'rms',
    derivation: 'A',
    cspType: 24,
    cspName: 'Microsoft Enhanced RSA and AES Cryptographic Provider',
    passwordEnd: '',
  },
  {
    cluster: 'legal',
    derivation: 'A',
    cspType: 24,
    cspName: 'Microsoft Enhanced RSA and AES Cryptographic Provider',
    passwordEnd: '-ö€&"<',
  },
  {
    cluster: 'ferries',
    derivation: 'A',
    cspType: 24,
    cspName: 'Microsoft Enhanced RSA and AES Cryptographic Provider',
    passwordEnd: '',
  },
  {
    cluster: 'legal-old',
    derivation: 'B',
    cspType: 1,
    cspName: 'Microsoft Strong Cryptographic Provider',
    passwordEnd: '',
  },
]

export function writeTpdFiles(organisation: SampleOrganisation, random: RandomBytes): readonly TpdFile[] {
  return exportFacts.flatMap(({ cluster: name, derivation, cspType, cspName, passwordEnd }) => {
    const cluster = organisation.clusters[name]
    if (cluster === undefined) return []
    const { object } = cluster.certificate.principal
    const password = newPassword(random) + passwordEnd
    const bytes = writeTpd(
      {
        id: object.id,
        idType: object.idType,
        cspType,
        cspName,
        keyContainerName: `_DRMS_Key_${name}`,
        keyNumber: 1,
        licensorChain: cluster.chain,
        templates: exportedTemplates(organisation.templates, name).map(({ current }) => current.text),
        privateKey: cluster.key.privateKey,
      },
      { password, derivation },
    )
    return [{ cluster: name, bytes, password }]
  })
}
