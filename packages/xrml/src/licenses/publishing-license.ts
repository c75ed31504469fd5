/**
 * Publishing licence (PL, MS-RMPR 2.2.9.7): travels with the document; holds the content key sealed to the server and the
 * policy encrypted with it. Servers sign it online, clients offline.
 */
import type { ContentKey } from '../crypto/key-header.ts'
import { sealEnablingBits } from '../crypto/enabling-bits.ts'
import type { KeyHandle } from '../crypto/key-handle.ts'
import { modeOfKey } from '../crypto/modes.ts'
import { encryptRightsData } from '../crypto/rights-data.ts'
import { hashInputOf, withoutEnablingBits } from '../crypto/unconfirmed.ts'
import { parseIssuedTime, parseValidity } from '../certificates/issuing-certificate.ts'
import type { XrmlDocument } from '../document.ts'
import { encryptedRightsData, parseAuthenticatedData, type ApplicationDatum } from '../elements/authenticated-data.ts'
import { parseDescriptor } from '../elements/descriptor.ts'
import {
  parseDistributionPoints,
  writeDistributionPoint,
  type DistributionPoint,
} from '../elements/distribution-point.ts'
import type { XrmlObject } from '../elements/object.ts'
import { parsePolicyLists, type PolicyList } from '../elements/policy-list.ts'
import { parseIssuedPrincipal, parseIssuer, writeEnablingBits, writeSecurityLevels } from '../elements/principal.ts'
import type { EnablingBits, KeyedPrincipal } from '../elements/principal.ts'
import { writeTime, type RangeTime } from '../elements/times.ts'
import { parseWork, type Work } from '../elements/work.ts'
import { RightsError } from '../errors/rights-error.ts'
import { signXrml } from '../signature.ts'
import { decodeBase64, encodeBase64 } from '../text/base64.ts'
import { rawElement } from '../text/element.ts'
import { element, textElement } from '../text/writer.ts'
import { onlyChild } from '../elements/only-child.ts'

export interface PublishingLicense {
  readonly document: XrmlDocument
  readonly issuedAt: Date
  readonly validity: RangeTime | undefined
  /** Template or policy identity as written in the licence; the encrypted policy decides, not this. */
  readonly descriptor: XrmlObject | undefined
  /** Who signed: a server (online) or a user's client licensor certificate (offline). Absent in unsigned drafts. */
  readonly issuer: KeyedPrincipal | undefined
  readonly kind: 'online' | 'offline'
  readonly distributionPoints: readonly DistributionPoint[]
  /** The server whose key opens the licence. */
  readonly server: KeyedPrincipal
  readonly enablingBits: EnablingBits
  /** ISSUEDPRINCIPALS as written, to which the seal is bound. */
  readonly issuedPrincipals: string
  readonly work: Work
  readonly rightsData: Uint8Array
  readonly applicationData: readonly ApplicationDatum[]
  readonly metadata: readonly ApplicationDatum[]
  readonly policyLists: readonly PolicyList[]
}

/** @throws RightsError `xrml-malformed`, `public-key-invalid` */
export function parsePublishingLicense(document: XrmlDocument): PublishingLicense {
  if (document.type !== 'publishing-license') {
    throw new RightsError('xrml-malformed', { detail: `${document.type} where a publishing licence belongs` })
  }
  const { body } = document
  const server = parseIssuedPrincipal(body)
  const rightsData = encryptedRightsData(body)
  if (server.enablingBits === undefined || rightsData === undefined) {
    throw new RightsError('xrml-malformed', { detail: 'the publishing licence lacks its key or its rights data' })
  }
  const issued = onlyChild(body, 'ISSUEDPRINCIPALS')
  const issuer = onlyChild(body, 'ISSUER') === undefined ? undefined : parseIssuer(body)
  return {
    document,
    issuedAt: parseIssuedTime(body),
    validity: parseValidity(body),
    descriptor: parseDescriptor(body),
    issuer,
    kind: issuer === undefined || issuer.object.type === 'MS-DRM-Server' ? 'online' : 'offline',
    distributionPoints: parseDistributionPoints(body),
    server,
    enablingBits: server.enablingBits,
    issuedPrincipals: issued === undefined ? '' : rawElement(issued),
    work: parseWork(body),
    rightsData: decodeBase64(rightsData, 'the rights data'),
    applicationData: parseAuthenticatedData(body, 'APPSPECIFIC'),
    metadata: parseAuthenticatedData(body, 'LICENSEMETADATA'),
    policyLists: parsePolicyLists(body),
  }
}

/** What a publishing licence says, beyond who signs it. Markup parts are written by `elements/` or copied from a draft. */
export interface PublishingLicenseParts {
  readonly issuedAt: Date
  /** VALIDITYTIME markup: outside it nobody gets a use licence. */
  readonly validity?: string
  /** DESCRIPTOR markup. */
  readonly descriptor?: string
  readonly licensingUrl: string
  readonly externalLicensingUrl?: string
  /** DISTRIBUTIONPOINT markup of Referral-Info, and of kinds that are not of the service. */
  readonly referral?: string
  /** The server that will open the licence. */
  readonly server: KeyedPrincipal
  readonly contentKey: ContentKey
  /** WORK markup: content id, owner, revocation. */
  readonly work: string
  /** Plain text of the policy. */
  readonly rightsData: string
  /** AUTHENTICATEDDATA markup other than the rights data, POLICYLIST markup, and what nobody here knows. */
  readonly additions?: string
  readonly random: (bytes: number) => Uint8Array
}

/** Signs as a server does (online publishing). @param key the key of `licensor` */
export async function signPublishingLicenseOnline(
  parts: PublishingLicenseParts & { readonly licensor: KeyedPrincipal; readonly key: KeyHandle },
): Promise<string> {
  const body = writeBody(parts, 'server', element('ISSUER', {}, parts.licensor.content))
  return signXrml({ body, key: parts.key, hash: modeOfKey(parts.key.publicKey).hash, order: 'server' })
}

/** Signs as a client does (offline publishing). @param key the key of the client licensor certificate */
export async function signPublishingLicenseOffline(
  parts: PublishingLicenseParts & {
    readonly licensor: KeyedPrincipal
    readonly key: KeyHandle
    readonly clientVersion: string
  },
): Promise<string> {
  const level = writeSecurityLevels([{ name: 'SDK', value: parts.clientVersion }])
  const body = writeBody(parts, 'client', element('ISSUER', {}, parts.licensor.content, level))
  return signXrml({ body, key: parts.key, hash: modeOfKey(parts.key.publicKey).hash, order: 'client' })
}

/** The unsigned draft that a client sends for online publishing over SOAP. */
export function writePublishingLicenseDraft(parts: PublishingLicenseParts): string {
  return `<XrML version="1.2" xmlns="">${writeBody(parts, 'client', undefined)}</XrML>`
}

function writeBody(parts: PublishingLicenseParts, form: 'server' | 'client', issuer: string | undefined): string {
  const rightsData = encodeBase64(encryptRightsData(parts.rightsData, parts.contentKey.key))
  const serverForm = form === 'server'
  return element(
    'BODY',
    { type: 'Microsoft Rights Label', version: '3.0' },
    textElement('ISSUEDTIME', {}, writeTime(parts.issuedAt)),
    parts.validity,
    parts.descriptor,
    issuer,
    writeDistributionPoint('License-Acquisition-URL', parts.licensingUrl),
    parts.externalLicensingUrl === undefined
      ? undefined
      : writeDistributionPoint('Extranet-License-Acquisition-URL', parts.externalLicensingUrl),
    serverForm ? parts.referral : undefined,
    writeIssuedPrincipals(parts, serverForm),
    serverForm ? undefined : parts.referral,
    parts.work,
    element('AUTHENTICATEDDATA', { id: 'Encrypted-Rights-Data' }, rightsData),
    parts.additions,
  )
}

const keyEnd = '</PUBLICKEY>'

/** Servers write the sealed key before the security levels, clients behind them; the seal is bound to the rest. */
function writeIssuedPrincipals(parts: PublishingLicenseParts, serverForm: boolean): string {
  const { server } = parts
  // The certified text itself, divided behind its key: clients and servers compare it and keep what they do not know.
  const principal = withoutEnablingBits(server.content)
  const division = principal.indexOf(keyEnd) + keyEnd.length
  const identity = principal.slice(0, division)
  const levels = principal.slice(division)
  const around = (bits: string): string =>
    element(
      'ISSUEDPRINCIPALS',
      {},
      element('PRINCIPAL', { 'internal-id': '1' }, identity, serverForm ? bits + levels : levels + bits),
    )
  const mode = modeOfKey(server.publicKey)
  const sealed = sealEnablingBits({
    mode,
    recipient: server.publicKey,
    payload: parts.contentKey.payload,
    hashInput: hashInputOf(around('')),
    random: parts.random,
  })
  return around(writeEnablingBits({ mode, sealed }))
}
