/**
 * Issuing certificates (MS-RMPR 2.2.9.3): certification authorities, the enrolment service and the server licensor
 * certificate. All have one form: a principal with a key and a right to ISSUE within a time range.
 */
import type { KeyHandle } from '../crypto/key-handle.ts'
import type { HashName } from '../crypto/modes.ts'
import type { PublicKey } from '../crypto/public-key.ts'
import type { XrmlDocument } from '../document.ts'
import { writeDescriptor } from '../elements/descriptor.ts'
import { onlyChild, onlyDescendant } from '../elements/only-child.ts'
import { addressOf, writeObject, type ObjectFields } from '../elements/object.ts'
import { parseIssuedPrincipal, parseIssuer, writeSecurityLevels } from '../elements/principal.ts'
import type { KeyedPrincipal, SecurityLevel } from '../elements/principal.ts'
import { writePublicKey } from '../elements/public-key.ts'
import { parseRangeTime, parseTime, writeRangeTime, writeTime, type RangeTime } from '../elements/times.ts'
import { RightsError } from '../errors/rights-error.ts'
import { signXrml } from '../signature.ts'
import { children, type XmlElement } from '../text/element.ts'
import { element, textElement } from '../text/writer.ts'

export interface IssuingCertificate {
  readonly document: XrmlDocument
  readonly issuedAt: Date
  readonly issuer: KeyedPrincipal
  /** Content of PRINCIPAL is copied as text into everything that the certificate's key issues. */
  readonly principal: KeyedPrincipal
  /** When the principal may issue; it is compared with the issue times of documents, never with the present. */
  readonly issueRange: RangeTime
  /** Base URL as configured at set-up, with its odd spellings; only server licensor certificates have one. */
  readonly url: string | undefined
}

/** @throws RightsError `xrml-malformed`, `public-key-invalid` */
export function parseIssuingCertificate(document: XrmlDocument): IssuingCertificate {
  if (document.type !== 'ca-certificate' && document.type !== 'server-licensor-certificate') {
    throw new RightsError('xrml-malformed', { detail: `${document.type} where an issuing certificate belongs` })
  }
  const principal = parseIssuedPrincipal(document.body)
  return {
    document,
    issuedAt: parseIssuedTime(document.body),
    issuer: parseIssuer(document.body),
    principal,
    issueRange: parseIssueRange(document.body),
    url: addressOf(principal.object, 'URL'),
  }
}

export function parseIssuedTime(body: XmlElement): Date {
  return parseTime(onlyChild(body, 'ISSUEDTIME')?.text ?? '')
}

/** VALIDITYTIME, where the document has one. */
export function parseValidity(body: XmlElement): RangeTime | undefined {
  const source = onlyChild(body, 'VALIDITYTIME')
  return source === undefined ? undefined : parseRangeTime(source)
}

/** `RIGHT name="ISSUE"`, if the document grants it. */
export function issueRight(body: XmlElement): XmlElement | undefined {
  const list = onlyDescendant(body, 'WORK', 'RIGHTSGROUP', 'RIGHTSLIST')
  return children(list, 'RIGHT').find((candidate) => candidate.attributes.get('name') === 'ISSUE')
}

/** When the document's principal may issue. @throws RightsError `chain-issuer-not-entitled` if it never may */
export function parseIssueRange(body: XmlElement): RangeTime {
  const range = onlyDescendant(issueRight(body), 'CONDITIONLIST', 'TIME', 'RANGETIME')
  if (range === undefined) throw new RightsError('chain-issuer-not-entitled', { detail: 'no right to issue' })
  return parseRangeTime(range)
}

/** The ISSUER element of everything that a certificate's key signs. */
export function issuerOf(principal: KeyedPrincipal): string {
  return `<ISSUER>${principal.content}</ISSUER>`
}

/** WORK of a certificate whose principal may issue. @param access content of the principal in ACCESS */
export function writeIssueWork(type: string, certificateId: string, range: RangeTime, access?: string): string {
  const conditions = element(
    'CONDITIONLIST',
    {},
    element('TIME', {}, writeRangeTime('RANGETIME', range)),
    element('ACCESS', {}, element('PRINCIPAL', { 'internal-id': '1' }, access)),
  )
  const right = element('RIGHT', { name: 'ISSUE' }, conditions)
  return element(
    'WORK',
    {},
    writeObject({ type, idType: 'MS-GUID', id: certificateId }),
    element('RIGHTSGROUP', { name: 'Main-Rights' }, element('RIGHTSLIST', {}, right)),
  )
}

export interface IssueCertificateInput {
  readonly kind: 'DRM-CA-Certificate' | 'Server-Licensor-Certificate'
  readonly certificateId: string
  readonly issuedAt: Date
  /** Content of ISSUER: of a root `writeObject` and its key, of any other issuer its certificate's principal content. */
  readonly issuer: string
  readonly subject: ObjectFields
  readonly subjectKey: PublicKey
  readonly securityLevels?: readonly SecurityLevel[]
  readonly issueRange: RangeTime
  readonly key: KeyHandle
  readonly hash: HashName
}

/** Issues a CA, enrolment or server licensor certificate; the issuer is what `key` belongs to. */
export async function issueCertificate(input: IssueCertificateInput): Promise<string> {
  const body = element(
    'BODY',
    { type: 'LICENSE', version: '3.0' },
    textElement('ISSUEDTIME', {}, writeTime(input.issuedAt)),
    writeDescriptor(input.kind, input.certificateId),
    element('ISSUER', {}, input.issuer),
    element(
      'ISSUEDPRINCIPALS',
      {},
      element(
        'PRINCIPAL',
        { 'internal-id': '1' },
        writeObject(input.subject),
        writePublicKey(input.subjectKey),
        writeSecurityLevels(input.securityLevels ?? []),
      ),
    ),
    writeIssueWork(input.kind, input.certificateId, input.issueRange),
  )
  return signXrml({ body, key: input.key, hash: input.hash, order: 'server' })
}

/** The content of ISSUER for a root, whose own certificate is never sent. */
export function rootIssuer(name: string, key: PublicKey): string {
  return writeObject({ type: 'DRM-Certificate-Authority', idType: 'ascii-tag', id: name, name }) + writePublicKey(key)
}
