/**
 * Opening a verified licence, and the policy that holds for it now. Whatever fails inside gives one error, after the same
 * work, and counts against the reader (threats C1, C3, C4).
 */
import {
  isRightsError,
  openPublishingLicense,
  RightsError,
  verifySignature,
  issuerKeyOf,
  type OpenedPublishingLicense,
  type RightsPolicy,
} from '@sealward/xrml'
import { currentTemplate, keyOf, type Configuration, type ServiceKey, type Template } from '../configuration.ts'
import { documentLimits } from '../limits.ts'
import type { CoreContext } from '../ports.ts'
import type { VerifiedLicense } from './verify-publishing-license.ts'

/** @param reader who is slowed down after too many failures; always somebody known, so no address has to suffer */
export async function openLicense(
  context: CoreContext,
  verified: Pick<VerifiedLicense, 'license' | 'key'>,
  reader: string,
): Promise<OpenedPublishingLicense> {
  const now = context.clock.now()
  context.unsealFailures.check(reader, now)
  try {
    return await openPublishingLicense(verified.license, verified.key.handle, documentLimits(context.cluster.limits))
  } catch (cause) {
    if (isRightsError(cause, 'symmetric-key-unsupported')) throw cause
    context.unsealFailures.failed(reader, now)
    throw new RightsError('publishing-license-invalid', { cause })
  }
}

export interface CurrentPolicy {
  readonly policy: RightsPolicy
  /** The template whose present version decides; undefined if the policy in the licence does. */
  readonly template: Template | undefined
}

/**
 * The service's present version of a template replaces the copy in the licence, so an edit reaches old documents (threat
 * P10). A copy of a template that the service does not know decides only if a key of this service signed it.
 * @throws RightsError `template-signature-invalid`
 */
export function policyNow(
  configuration: Configuration,
  opened: Pick<OpenedPublishingLicense, 'policy' | 'policyDocument'>,
  key: ServiceKey,
): CurrentPolicy {
  const { policy } = opened
  const template = policy.id === undefined ? undefined : currentTemplate(configuration, policy.id, key)
  if (template !== undefined) return { policy: template.policy, template }
  if (policy.official) checkTemplateSignature(configuration, opened)
  return { policy, template: undefined }
}

/** @throws RightsError `template-signature-invalid` unless a key of this service or of a trusted domain signed it */
export function checkTemplateSignature(
  configuration: Configuration,
  opened: Pick<OpenedPublishingLicense, 'policyDocument'>,
): void {
  try {
    verifySignature(opened.policyDocument)
    if (keyOf(configuration, issuerKeyOf(opened.policyDocument)) === undefined) {
      throw new RightsError('chain-anchor-untrusted')
    }
  } catch (cause) {
    throw new RightsError('template-signature-invalid', { cause })
  }
}
