/**
 * Writing policies: rights data of a custom policy (MS-RMPR 2.2.9.8) and rights policy templates (2.2.9.10), which are the
 * same grammar with a signature of the server licensor key.
 */
import type { KeyHandle } from '../crypto/key-handle.ts'
import { modeOfKey } from '../crypto/modes.ts'
import { writeAuthenticatedData, type ApplicationDatum } from '../elements/authenticated-data.ts'
import { writeDescriptor, writeLocalizedNames, type LocalizedName } from '../elements/descriptor.ts'
import { writeDistributionPoint } from '../elements/distribution-point.ts'
import { noTimes, writePreconditions, writeRightsGroup } from '../elements/rights-list.ts'
import type { EntryPrincipal, TimeConditions, WriteRightsEntry } from '../elements/rights-list.ts'
import { writeRefreshConditions } from '../elements/refresh.ts'
import { writePublicKey } from '../elements/public-key.ts'
import type { KeyedPrincipal } from '../elements/principal.ts'
import { writeTime } from '../elements/times.ts'
import { writeOwner, type Owner } from '../elements/work.ts'
import { signXrml } from '../signature.ts'
import { element, textElement } from '../text/writer.ts'

/** Rights for one person, group, or everybody. */
export interface Grant {
  /** A mail address, or `ANYONE`, or `OWNER` for whoever owns the content. */
  readonly to: string
  readonly rights: readonly string[]
  readonly times?: TimeConditions
}

export interface PolicyFields {
  /** Braced GUID of the policy, if it has names. */
  readonly id?: string
  readonly names: readonly LocalizedName[]
  readonly grants: readonly Grant[]
  readonly preconditions?: TimeConditions
  readonly applicationData?: readonly ApplicationDatum[]
  /** Whom to ask for rights: a URL, usually `mailto:`. */
  readonly referral?: string
  /** REFRESH markup: the revocation list that readers must have seen. */
  readonly refresh?: string
}

function principalOf(to: string): EntryPrincipal {
  const internal = { ANYONE: 'ANYONE', OWNER: 'Owner' }[to.toUpperCase()]
  return internal === undefined
    ? { idType: 'Unspecified', id: '', name: to }
    : { idType: 'Internal', id: internal, name: undefined }
}

function entriesOf(grants: readonly Grant[]): readonly WriteRightsEntry[] {
  return grants.flatMap((grant) =>
    grant.rights.map((right) => ({ right, principal: principalOf(grant.to), times: grant.times ?? noTimes })),
  )
}

function referralMarkup(referral: string | undefined, name?: string): string | undefined {
  return referral === undefined ? undefined : writeDistributionPoint('Referral-Info', referral, name)
}

function refreshMarkup({ refresh }: PolicyFields): string {
  return writeRefreshConditions(refresh === undefined ? [] : [refresh])
}

export interface RightsDataInput extends PolicyFields {
  readonly issuedAt: Date
  readonly contentId: string
  readonly owner: Owner
}

/** Plain text of the rights data for a custom policy; unsigned, it is encrypted into the licence. */
export function writeRightsData(input: RightsDataInput): string {
  const body = element(
    'BODY',
    { type: 'Microsoft Rights Template', version: '3.0' },
    textElement('ISSUEDTIME', {}, writeTime(input.issuedAt)),
    input.id === undefined ? undefined : writeDescriptor(undefined, input.id, writeLocalizedNames(input.names)),
    referralMarkup(input.referral, input.owner.address),
    element(
      'WORK',
      {},
      element('OBJECT', {}, textElement('ID', { type: 'MS-GUID' }, input.contentId)),
      writeOwner(input.owner),
      writePreconditions(input.preconditions ?? noTimes),
      refreshMarkup(input),
      writeRightsGroup(entriesOf(input.grants)),
    ),
    writeAuthenticatedData('APPSPECIFIC', input.applicationData ?? []),
  )
  return `<XrML version="1.2" xmlns="">${body}</XrML>`
}

export interface IssueTemplateInput extends PolicyFields {
  readonly id: string
  readonly issuedAt: Date
  readonly licensor: KeyedPrincipal
  readonly publishingUrl: string
  readonly key: KeyHandle
}

/** Issues a template; its first entry gives OWNER to whoever will own the content. */
export async function issueRightsTemplate(input: IssueTemplateInput): Promise<string> {
  const body = element(
    'BODY',
    { type: 'Microsoft Official Rights Template' },
    textElement('ISSUEDTIME', {}, writeTime(input.issuedAt)),
    writeDescriptor(undefined, input.id, writeLocalizedNames(input.names)),
    element('ISSUER', {}, input.licensor.object.raw, writePublicKey(input.licensor.publicKey)),
    writeDistributionPoint('Publishing-URL', input.publishingUrl),
    referralMarkup(input.referral),
    element(
      'WORK',
      {},
      element('OBJECT', {}, '<ID type="" />'),
      writePreconditions(input.preconditions ?? noTimes),
      refreshMarkup(input),
      writeRightsGroup(entriesOf([{ to: 'OWNER', rights: ['OWNER'] }, ...input.grants])),
    ),
    writeAuthenticatedData('APPSPECIFIC', input.applicationData ?? []),
  )
  return signXrml({ body, key: input.key, hash: modeOfKey(input.key.publicKey).hash, order: 'server' })
}
