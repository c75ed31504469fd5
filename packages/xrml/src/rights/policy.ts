/**
 * A rights policy: what the decrypted rights data of a publishing licence (MS-RMPR 2.2.9.8) or a rights policy template
 * (2.2.9.10) says. Both have the same grammar; a template is signed.
 */
import type { DocumentLimits, DocumentType, XrmlDocument } from '../document.ts'
import { parseAuthenticatedData, type ApplicationDatum } from '../elements/authenticated-data.ts'
import { parseDescriptor, parseLocalizedNames, type LocalizedName } from '../elements/descriptor.ts'
import { distributionUrl, parseDistributionPoints, type DistributionPoint } from '../elements/distribution-point.ts'
import { canonicalGuid } from '../elements/object.ts'
import { parsePolicyLists, type PolicyList } from '../elements/policy-list.ts'
import { parseRightsList, parseTimes, type RightsEntry, type TimeConditions } from '../elements/rights-list.ts'
import type { RefreshCondition } from '../elements/refresh.ts'
import { parseTime } from '../elements/times.ts'
import { parseWork, type Owner } from '../elements/work.ts'
import { RightsError } from '../errors/rights-error.ts'
import { onlyChild } from '../elements/only-child.ts'

export interface RightsPolicy {
  /** True for the verbatim copy of a signed template. */
  readonly official: boolean
  /** Canonical GUID of the template or policy, if it has one. */
  readonly id: string | undefined
  readonly names: readonly LocalizedName[]
  readonly issuedAt: Date
  readonly entries: readonly RightsEntry[]
  /** When the content expires. */
  readonly preconditions: TimeConditions
  readonly owner: Owner | undefined
  readonly referral: string | undefined
  readonly distributionPoints: readonly DistributionPoint[]
  readonly applicationData: readonly ApplicationDatum[]
  readonly policyLists: readonly PolicyList[]
  /** Revocation lists that readers must have seen. */
  readonly refresh: readonly RefreshCondition[]
}

const policyTypes: readonly DocumentType[] = ['rights-data', 'rights-template']

/** @throws RightsError `xrml-malformed`, `xml-limit-exceeded` */
export function parsePolicy(document: XrmlDocument, limits: DocumentLimits = {}): RightsPolicy {
  if (!policyTypes.includes(document.type)) {
    throw new RightsError('xrml-malformed', { detail: `${document.type} where a rights policy belongs` })
  }
  const { body } = document
  const descriptor = parseDescriptor(body)
  const work = parseWork(body)
  const distributionPoints = parseDistributionPoints(body)
  return {
    official: document.type === 'rights-template',
    id: descriptor === undefined || descriptor.id === '' ? undefined : canonicalGuid(descriptor.id),
    names: parseLocalizedNames(descriptor?.name ?? ''),
    issuedAt: parseTime(onlyChild(body, 'ISSUEDTIME')?.text ?? ''),
    entries: parseRightsList(work.element, limits.rightsEntries),
    preconditions: parseTimes(onlyChild(work.element, 'PRECONDITIONLIST')),
    owner: work.owner,
    referral: distributionUrl(distributionPoints, 'Referral-Info'),
    distributionPoints,
    applicationData: parseAuthenticatedData(body, 'APPSPECIFIC'),
    policyLists: parsePolicyLists(body),
    refresh: work.refresh,
  }
}
