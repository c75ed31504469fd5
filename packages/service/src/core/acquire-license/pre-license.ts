/**
 * AcquirePreLicense (MS-RMSI 3.5.4.1): use licences for the recipients of a message before they ask. The same evaluation as
 * AcquireLicense, for people of the directory instead of account certificates; the licences are sealed to keys that the
 * people get with their first certificate.
 */
import { parseAccountCertificate, parseXrml, RightsError } from '@sealward/xrml'
import { requireAdmitted } from '../admitted.ts'
import { issuePrecertificate } from '../precertify.ts'
import type { CoreContext, DirectoryCaller, RequestInfo } from '../ports.ts'
import { readerOfUser } from '../resolve-principal.ts'
import { serviceState } from '../service-state.ts'
import { evaluateLicense, refusalOf } from './evaluate-license.ts'
import { issueGrantedLicense } from './issue-granted-license.ts'
import { readLicenseDocuments } from './license-documents.ts'

export interface PreLicenseRequest {
  readonly caller: DirectoryCaller | undefined
  readonly info: RequestInfo
  /** Any address of the person. */
  readonly address: string
  /** Publishing licence first; behind it the client licensor certificate, if it was published offline. */
  readonly publishingLicense: readonly string[]
}

/**
 * Whether the caller may ask at all, before anything is done for a single recipient.
 * @returns the chain that stands once for all licences
 * @throws RightsError the codes of serviceState and requireAdmitted
 */
export async function admitPreLicensing(
  context: CoreContext,
  caller: DirectoryCaller | undefined,
): Promise<{ readonly chain: readonly string[] }> {
  const { configuration, activeKey } = await serviceState(context, 'acquire-pre-license')
  await requireAdmitted(context, configuration, caller, 'pre-licensing')
  return { chain: activeKey.chain }
}

/**
 * @returns the use licence
 * @throws RightsError the codes of serviceState, requireAdmitted, readerOfUser and verifyPublishingLicense;
 * `pre-license-recipient-unknown`, `no-rights`, `content-expired`, `content-revoked`, `account-excluded`
 */
export async function acquirePreLicense(
  context: CoreContext,
  request: PreLicenseRequest,
): Promise<{ readonly license: string }> {
  const { configuration, activeKey } = await serviceState(context, 'acquire-pre-license')
  const caller = await requireAdmitted(context, configuration, request.caller, 'pre-licensing')
  const user = await context.directory.findByAddress(request.address)
  if (user === undefined) throw new RightsError('pre-license-recipient-unknown')
  const evaluation = await evaluateLicense(context, {
    operation: 'acquire-pre-license',
    info: request.info,
    caller,
    documents: readLicenseDocuments(context.cluster.limits, request.publishingLicense),
    reader: (current) => readerOfUser(context, current, user),
  })
  const { decision } = evaluation
  if (!decision.granted) throw refusalOf(decision.reason)
  const certificate = await issuePrecertificate(context, {
    configuration: evaluation.configuration,
    user,
    activeKey,
    certificateId: context.random.guid(),
  })
  const account = parseAccountCertificate(parseXrml(certificate))
  const { chain } = await issueGrantedLicense(context, evaluation, account, decision)
  return { license: chain[0] ?? '' }
}
