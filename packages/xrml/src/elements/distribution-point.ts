/** DISTRIBUTIONPOINT (MS-RMPR 2.2.9.1.5): where a service of the issuing cluster is, or whom to ask for rights. */
import { children, rawElement, type XmlElement } from '../text/element.ts'
import { element } from '../text/writer.ts'
import { addressOf, parseObject, writeObject } from './object.ts'

/** The kinds of distribution point with their constant identifiers and names. */
export const distributionPointKinds = {
  'Machine-Activation': ['Activation', '{99F48562-703E-4E7D-9175-DD69C66921B7}', 'Microsoft Activation'],
  Activation: ['Activation', '{8BA9EA80-99E4-4a2b-9764-4CD84F77C3A0}', 'Microsoft Identity Certification Server'],
  'Extranet-Activation': [
    'Extranet-Activation',
    '{94BF969A-CA04-44d6-AA96-51071281FEF2}',
    'Microsoft Identity Certification Server',
  ],
  'License-Acquisition-URL': [
    'License-Acquisition-URL',
    '{0F45FD50-383B-43EE-90A4-ED013CD0CFE5}',
    'DRM Server Cluster',
  ],
  'Extranet-License-Acquisition-URL': [
    'Extranet-License-Acquisition-URL',
    '{94BF969A-CA04-44d6-AA96-51071281FEF2}',
    'DRM Server Cluster',
  ],
  'Publishing-URL': ['Publishing-URL', '{9A23D98E-4449-4ba5-812A-F30808F3CB16}', 'Publishing Point'],
  'Referral-Info': ['Referral-Info', '{81C42010-208A-458A-BAB6-C3C60F06DD5F}', undefined],
} as const

export type DistributionPointKind = keyof typeof distributionPointKinds

export interface DistributionPoint {
  readonly type: string
  readonly url: string
  readonly raw: string
}

export function parseDistributionPoints(body: XmlElement): readonly DistributionPoint[] {
  return children(body, 'DISTRIBUTIONPOINT').map((source) => {
    const object = parseObject(children(source, 'OBJECT')[0], 'DISTRIBUTIONPOINT')
    return { type: object.type ?? '', url: addressOf(object, 'URL') ?? '', raw: rawElement(source) }
  })
}

/** @param name only for Referral-Info, whose name is the address of the person to ask */
export function writeDistributionPoint(kind: DistributionPointKind, url: string, name?: string): string {
  const [type, id, fixedName] = distributionPointKinds[kind]
  const shown = name ?? fixedName
  return element(
    'DISTRIBUTIONPOINT',
    {},
    writeObject({
      type,
      idType: 'MS-GUID',
      id,
      ...(shown === undefined ? {} : { name: shown }),
      addresses: [{ type: 'URL', value: url }],
    }),
  )
}

export function distributionUrl(points: readonly DistributionPoint[], type: string): string | undefined {
  return points.find((point) => point.type === type)?.url
}
