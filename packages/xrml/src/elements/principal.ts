/** PRINCIPAL (MS-RMPR 2.2.9.1.8): an object with a key, security levels and perhaps something sealed to that key. */
import { modeOfSealedKey, type CryptographicMode } from '../crypto/modes.ts'
import type { PublicKey } from '../crypto/public-key.ts'
import { RightsError } from '../errors/rights-error.ts'
import { decodeBase64, encodeBase64 } from '../text/base64.ts'
import { children, rawContent, rawElement, type XmlElement } from '../text/element.ts'
import { element } from '../text/writer.ts'
import { parseObject, type XrmlObject } from './object.ts'
import { parsePublicKey } from './public-key.ts'
import { onlyChild, onlyDescendant } from './only-child.ts'

export interface SecurityLevel {
  readonly name: string
  readonly value: string
}

export interface EnablingBits {
  readonly mode: CryptographicMode
  readonly sealed: Uint8Array
}

export interface Principal {
  readonly object: XrmlObject
  readonly publicKey: PublicKey | undefined
  readonly securityLevels: readonly SecurityLevel[]
  readonly enablingBits: EnablingBits | undefined
  /** Everything between the tags, as written. */
  readonly content: string
}

/** @throws RightsError `xrml-malformed`, `public-key-invalid` */
export function parsePrincipal(source: XmlElement | undefined, where: string): Principal {
  if (source === undefined) throw new RightsError('xrml-malformed', { detail: `${where} has no PRINCIPAL` })
  const publicKey = onlyChild(source, 'PUBLICKEY')
  const enablingBits = onlyChild(source, 'ENABLINGBITS')
  return {
    object: parseObject(onlyChild(source, 'OBJECT'), where),
    publicKey: publicKey === undefined ? undefined : parsePublicKey(publicKey),
    securityLevels: children(source, 'SECURITYLEVEL').map((level) => ({
      name: level.attributes.get('name') ?? '',
      value: level.attributes.get('value') ?? '',
    })),
    enablingBits: enablingBits === undefined ? undefined : parseEnablingBits(enablingBits),
    content: rawContent(source),
  }
}

/** A principal that must have a key: issuers, servers, accounts. */
export interface KeyedPrincipal extends Principal {
  readonly publicKey: PublicKey
}

/** The single principal of ISSUEDPRINCIPALS. @throws RightsError `xrml-malformed`, `public-key-invalid` */
export function parseIssuedPrincipal(body: XmlElement): KeyedPrincipal {
  const issued = onlyChild(body, 'ISSUEDPRINCIPALS')
  if (issued === undefined || issued.children.length !== 1) {
    throw new RightsError('xrml-malformed', { detail: 'ISSUEDPRINCIPALS holds one PRINCIPAL' })
  }
  return requireKey(parsePrincipal(onlyChild(issued, 'PRINCIPAL'), 'ISSUEDPRINCIPALS'), 'ISSUEDPRINCIPALS')
}

/** ISSUER has the content of a principal. @throws RightsError `xrml-malformed`, `public-key-invalid` */
export function parseIssuer(body: XmlElement): KeyedPrincipal & { readonly raw: string } {
  const issuer = onlyChild(body, 'ISSUER')
  const principal = requireKey(parsePrincipal(issuer, 'ISSUER'), 'ISSUER')
  return { ...principal, raw: issuer === undefined ? '' : rawElement(issuer) }
}

function requireKey(principal: Principal, where: string): KeyedPrincipal {
  const { publicKey } = principal
  if (publicKey === undefined) throw new RightsError('xrml-malformed', { detail: `${where} has no PUBLICKEY` })
  return { ...principal, publicKey }
}

/** @throws RightsError `xrml-malformed` */
function parseEnablingBits(source: XmlElement): EnablingBits {
  const value = onlyChild(source, 'VALUE')
  const sealed = decodeBase64(value?.text ?? '', 'ENABLINGBITS')
  if (value?.attributes.get('size') !== String(sealed.length * 8)) {
    throw new RightsError('xrml-malformed', { detail: 'size of ENABLINGBITS' })
  }
  return { mode: modeOfSealedKey(source.attributes.get('type') ?? ''), sealed }
}

export function writeEnablingBits(bits: EnablingBits): string {
  return element(
    'ENABLINGBITS',
    { type: bits.mode.sealedKeyType },
    element('VALUE', { encoding: 'base64', size: String(bits.sealed.length * 8) }, encodeBase64(bits.sealed)),
  )
}

export function writeSecurityLevels(levels: readonly SecurityLevel[]): string {
  return levels.map(({ name, value }) => element('SECURITYLEVEL', { name, value })).join('')
}

export function securityLevel(principal: Principal, name: string): string | undefined {
  return principal.securityLevels.find((level) => level.name === name)?.value
}

/** ENABLINGBITS inside the ACCESS of a right. */
export function accessEnablingBits(right: XmlElement): EnablingBits | undefined {
  const access = onlyDescendant(right, 'CONDITIONLIST', 'ACCESS') ?? onlyChild(right, 'ACCESS')
  const source = onlyDescendant(access, 'PRINCIPAL', 'ENABLINGBITS')
  return source === undefined ? undefined : parseEnablingBits(source)
}
