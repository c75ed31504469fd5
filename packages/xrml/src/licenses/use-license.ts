/**
 * Use licence (UL, MS-RMPR 2.2.9.9): what one user may do with one document, with the content key sealed to that user's
 * account key in every right. Issued by the server, or by the author's own client for its owner.
 */
import { parseIssuedTime } from '../certificates/issuing-certificate.ts'
import type { AccountCertificate } from '../certificates/account-certificate.ts'
import type { ContentKey } from '../crypto/key-header.ts'
import { readContentKey } from '../crypto/key-header.ts'
import { sealEnablingBits, unsealEnablingBits } from '../crypto/enabling-bits.ts'
import type { KeyHandle } from '../crypto/key-handle.ts'
import { modeOfKey } from '../crypto/modes.ts'
import { samePublicKey } from '../crypto/public-key.ts'
import { hashInputOf } from '../crypto/unconfirmed.ts'
import type { XrmlDocument } from '../document.ts'
import { parseAuthenticatedData, type ApplicationDatum } from '../elements/authenticated-data.ts'
import { writeDescriptor } from '../elements/descriptor.ts'
import { parseDistributionPoints, type DistributionPoint } from '../elements/distribution-point.ts'
import { parseIssuedPrincipal, parseIssuer, writeEnablingBits, writeSecurityLevels } from '../elements/principal.ts'
import type { EnablingBits, KeyedPrincipal } from '../elements/principal.ts'
import { writePublicKey } from '../elements/public-key.ts'
import { writeRefreshConditions } from '../elements/refresh.ts'
import { parseRightsList, writeRightsGroup, type RightsEntry } from '../elements/rights-list.ts'
import { writeTime } from '../elements/times.ts'
import { parseWork, type Work } from '../elements/work.ts'
import { RightsError } from '../errors/rights-error.ts'
import type { GrantedRight } from '../rights/decide.ts'
import { signXrml } from '../signature.ts'
import { element, textElement } from '../text/writer.ts'
import type { PublishingLicense } from './publishing-license.ts'

export interface UseLicense {
  readonly document: XrmlDocument
  readonly issuedAt: Date
  readonly issuer: KeyedPrincipal
  /** The account certificate's principal. */
  readonly licensee: KeyedPrincipal
  readonly work: Work
  readonly rights: readonly RightsEntry[]
  readonly distributionPoints: readonly DistributionPoint[]
  readonly applicationData: readonly ApplicationDatum[]
}

/** @throws RightsError `xrml-malformed`, `public-key-invalid` */
export function parseUseLicense(document: XrmlDocument): UseLicense {
  if (document.type !== 'use-license') {
    throw new RightsError('xrml-malformed', { detail: `${document.type} where a use licence belongs` })
  }
  const { body } = document
  const work = parseWork(body)
  return {
    document,
    issuedAt: parseIssuedTime(body),
    issuer: parseIssuer(body),
    licensee: parseIssuedPrincipal(body),
    work,
    rights: parseRightsList(work.element),
    distributionPoints: parseDistributionPoints(body),
    applicationData: parseAuthenticatedData(body, 'APPSPECIFIC'),
  }
}

export interface IssueUseLicenseInput {
  readonly licenseId: string
  readonly issuedAt: Date
  /** Server: the server licensor; owner licence: the client licensor certificate. */
  readonly licensor: KeyedPrincipal
  readonly key: KeyHandle
  readonly account: AccountCertificate
  /** Content, owner and referral are copied from it. */
  readonly publishingLicense: PublishingLicense
  readonly contentKey: ContentKey
  readonly rights: readonly GrantedRight[]
  /** REFRESH markup of licence and policy, for the conditions of the content. */
  readonly refresh?: readonly string[]
  /** POLICYLIST, AUTHENTICATEDDATA and condition markup copied from licence and policy. */
  readonly additions?: string
  readonly random: (bytes: number) => Uint8Array
}

/** Issues a use licence as the server does. Header and key of the content key are repeated byte for byte. */
export async function issueUseLicense(input: IssueUseLicenseInput): Promise<string> {
  const issuer = element('ISSUER', {}, input.licensor.content)
  const rights = input.rights.map(({ right, times }) => ({ right, times, enablingBits: sealTo(input, issuer) }))
  return sign(input, 'server', issuer, writeRightsGroup(rights), '')
}

/** Issues the owner's own licence, as the author's client does when it publishes offline. */
export async function issueOwnerUseLicense(input: Omit<IssueUseLicenseInput, 'rights'>): Promise<string> {
  const issuer = element('ISSUER', {}, input.licensor.content)
  const access = element(
    'ACCESS',
    {},
    element('PRINCIPAL', { 'internal-id': '1' }, writeEnablingBits(sealTo(input, issuer))),
  )
  // Blanks around the equals sign and no CONDITIONLIST: the form that the Windows client writes and expects.
  const group = element(
    'RIGHTSGROUP',
    { name: 'Main-Rights' },
    `<RIGHTSLIST><RIGHT name = "OWNER">${access}</RIGHT></RIGHTSLIST>`,
  )
  return sign(input, 'client', issuer, group, writeSecurityLevels(input.account.principal.securityLevels))
}

function sealTo(input: Omit<IssueUseLicenseInput, 'rights'>, issuer: string): EnablingBits {
  const mode = modeOfKey(input.account.principal.publicKey)
  const sealed = sealEnablingBits({
    mode,
    recipient: input.account.principal.publicKey,
    payload: input.contentKey.payload,
    hashInput: hashInputOf(issuer),
    random: input.random,
  })
  return { mode, sealed }
}

function sign(
  input: Omit<IssueUseLicenseInput, 'rights'>,
  order: 'server' | 'client',
  issuer: string,
  rightsGroup: string,
  levels: string,
): Promise<string> {
  const { account, publishingLicense } = input
  const licensee = account.principal.object.raw + writePublicKey(account.principal.publicKey) + levels
  const referral = publishingLicense.distributionPoints.find((point) => point.type === 'Referral-Info')?.raw
  const { work } = publishingLicense
  const body = element(
    'BODY',
    { type: 'LICENSE', version: '3.0' },
    textElement('ISSUEDTIME', {}, writeTime(input.issuedAt)),
    writeDescriptor('Content-License', input.licenseId),
    issuer,
    element('ISSUEDPRINCIPALS', {}, element('PRINCIPAL', { 'internal-id': '1' }, licensee)),
    referral,
    element('WORK', {}, work.object.raw, work.metadata, writeRefreshConditions(input.refresh ?? []), rightsGroup),
    input.additions,
  )
  const hash = modeOfKey(input.key.publicKey).hash
  return signXrml({ body, key: input.key, hash, order, purpose: 'Content-License' })
}

/**
 * Takes the content key out of a use licence with the account key.
 * @throws RightsError `sealed-data-invalid`, `symmetric-key-unsupported`
 */
export async function openUseLicense(license: UseLicense, accountKey: KeyHandle): Promise<ContentKey> {
  const bits = license.rights.find((entry) => entry.enablingBits !== undefined)?.enablingBits
  if (bits === undefined || !samePublicKey(license.licensee.publicKey, accountKey.publicKey)) {
    throw new RightsError('sealed-data-invalid')
  }
  const opened = await unsealEnablingBits({ key: accountKey, mode: bits.mode, sealed: bits.sealed })
  return readContentKey(opened.payload)
}
