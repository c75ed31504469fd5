/** AcquireLicense (MS-RMPR 3.4.4.1): a use licence for the holder of an account certificate. */
import { RightsError, type AccountCertificate } from '@sealward/xrml'
import type { CoreContext, RequestInfo, Sender } from '../ports.ts'
import { readerOfAccount } from '../resolve-principal.ts'
import { serviceState } from '../service-state.ts'
import { verifyAccount } from '../verify-account.ts'
import { evaluateLicense, refusalOf } from './evaluate-license.ts'
import { issueGrantedLicense } from './issue-granted-license.ts'
import { readLicenseDocuments } from './license-documents.ts'
import type { VerifiedLicense } from './verify-publishing-license.ts'

export interface AcquireLicenseRequest {
  readonly info: RequestInfo
  readonly caller?: Sender
  /** Account certificate first; what follows may be missing. */
  readonly accountChain: readonly string[]
  /** Publishing licence first; behind it the client licensor certificate, if it was published offline. */
  readonly publishingLicense: readonly string[]
}

/**
 * @throws RightsError the codes of serviceState, verifyAccount, readerOfAccount and verifyPublishingLicense; `publishing-license-invalid`,
 * `template-signature-invalid`, `credential-too-new`, `key-transplant-refused`, `unsealing-throttled`, `no-rights`,
 * `content-expired`, `content-revoked`, `account-excluded`, `machine-excluded`
 */
export async function acquireLicense(
  context: CoreContext,
  request: AcquireLicenseRequest,
): Promise<{ readonly chain: readonly string[] }> {
  const { configuration } = await serviceState(context, 'acquire-license')
  const account = verifyAccount(context, configuration, request.accountChain)
  const evaluation = await evaluateLicense(context, {
    operation: 'acquire-license',
    info: request.info,
    ...(request.caller === undefined ? {} : { caller: request.caller }),
    documents: readLicenseDocuments(context.cluster.limits, request.publishingLicense),
    reader: (current) => readerOfAccount(context, current, account, request.caller),
    account,
    checkReader: (verified) => checkCredentialAge(context, account, verified),
  })
  const { decision } = evaluation
  if (!decision.granted) throw refusalOf(decision.reason)
  return issueGrantedLicense(context, evaluation, account, decision)
}

/** Somebody who takes over a name long after a document was made is not the person whom the policy meant. */
function checkCredentialAge(context: CoreContext, account: AccountCertificate, { license }: VerifiedLicense): void {
  const created = account.credentialCreatedAt
  if (created === undefined) return
  if (created.getTime() - license.issuedAt.getTime() > context.cluster.creationTimeTolerance) {
    throw new RightsError('credential-too-new')
  }
}
