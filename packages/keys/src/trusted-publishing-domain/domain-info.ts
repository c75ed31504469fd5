/**
 * The inner document of a trusted publishing domain file: the identity of the key, the chain of the server licensor
 * certificate and the rights policy templates that it signed.
 */
import { RightsError, decodeText, element, escapeText, textElement } from '@sealward/xrml'
import {
  malformed,
  member,
  onlyItem,
  readSerializedArray,
  writeSerializedArray,
  type SerializedElement,
} from './serialized-array.ts'

export interface TpdInfo {
  /** Together with `idType` the name of the domain; compare without regard to case. */
  readonly id: string
  readonly idType: string
  /** CryptoAPI provider type: 1 `PROV_RSA_FULL`, 24 `PROV_RSA_AES`; 0 if the file does not say. */
  readonly cspType: number
  /** Absent or empty stands for the default provider; the provider of a hardware module if the key is in one. */
  readonly cspName: string | undefined
  readonly keyContainerName: string | undefined
  /** CryptoAPI key specification: 1 `AT_KEYEXCHANGE`, 2 `AT_SIGNATURE`; 0 if the file does not say. */
  readonly keyNumber: number
  /** The server licensor certificate first, then its issuers. */
  readonly licensorChain: readonly string[]
  readonly templates: readonly string[]
}

const infoType = 'TrustedDocDomain'

/** The root of the inner document, not yet examined. @throws RightsError */
export function readInfoRoot(plain: Uint8Array): SerializedElement {
  return readSerializedArray(decodeText(plain), plain.length)
}

/** @throws RightsError `tpd-malformed` */
export function readInfo(root: SerializedElement): TpdInfo {
  const item = onlyItem(root, infoType)
  const keyInfo = member(item, 'm_ttdki')
  if (keyInfo === undefined) throw malformed('no m_ttdki', root)
  const id = member(keyInfo, 'strID')?.text.trim() ?? ''
  const idType = member(keyInfo, 'strIDType')?.text.trim() ?? ''
  if (id === '' || idType === '') throw malformed('strID or strIDType is empty', root)
  const licensorChain = strings(member(item, 'm_strLicensorCertChain'))
  if (licensorChain.length === 0) throw malformed('m_strLicensorCertChain is empty', root)
  return {
    id,
    idType,
    cspType: integer(keyInfo, 'nCSPType'),
    cspName: member(keyInfo, 'strCSPName')?.text,
    keyContainerName: member(keyInfo, 'strKeyContainerName')?.text,
    keyNumber: integer(keyInfo, 'nKeyNumber'),
    licensorChain,
    templates: strings(member(item, 'm_astrRightsTemplates')),
  }
}

function strings(list: SerializedElement | undefined): readonly string[] {
  const items = list?.members.filter((candidate) => candidate.name === 'string' && !candidate.isNull) ?? []
  return items.map((item) => item.text).filter((text) => text.trim() !== '')
}

function integer(parent: SerializedElement, name: string): number {
  const text = member(parent, name)?.text.trim() ?? '0'
  if (!/^-?\d{1,9}$/.test(text)) throw malformed(`${name} is not a number`, parent)
  return Number(text)
}

/** The members in the order of the class; the private key has its own field outside. @throws RightsError `tpd-field-refused`, `xml-character-refused` */
export function writeInfo(info: TpdInfo): Uint8Array {
  if (info.id.trim() === '' || info.idType.trim() === '') {
    throw new RightsError('tpd-field-refused', { detail: 'no key identity' })
  }
  if (info.licensorChain.length === 0 || info.licensorChain.some((text) => text.trim() === '')) {
    throw new RightsError('tpd-field-refused', { detail: 'no certificate chain' })
  }
  const keyInfo = element(
    'm_ttdki',
    {},
    stringElement('strID', info.id),
    stringElement('strIDType', info.idType),
    integerElement('nCSPType', info.cspType),
    info.cspName === undefined ? undefined : stringElement('strCSPName', info.cspName),
    info.keyContainerName === undefined ? undefined : stringElement('strKeyContainerName', info.keyContainerName),
    integerElement('nKeyNumber', info.keyNumber),
  )
  const chain = element(
    'm_strLicensorCertChain',
    {},
    ...info.licensorChain.map((text) => stringElement('string', text)),
  )
  const templates = element('m_astrRightsTemplates', {}, ...info.templates.map((text) => stringElement('string', text)))
  return Buffer.from(writeSerializedArray(infoType, keyInfo, chain, templates), 'utf8')
}

function integerElement(name: string, value: number): string {
  if (!Number.isInteger(value) || Math.abs(value) > 999_999_999) {
    throw new RightsError('tpd-field-refused', { detail: `${name} is not a whole number of nine digits` })
  }
  return textElement(name, {}, String(value))
}

/** A carriage return belongs to signed text and would be lost in reading unless it is written as a reference. */
function stringElement(name: string, value: string): string {
  return element(name, {}, escapeText(value).replaceAll('\r', '&#xD;'))
}
