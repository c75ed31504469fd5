/** Licences as the evaluation sees them: documents of XrML, or those that REST clients write in JSON. */
import type { PublishingLicense } from '@sealward/xrml'

/** What the evaluation needs of a licence, whatever its form. */
export interface WeighedLicense
  extends Pick<PublishingLicense, 'issuedAt' | 'validity' | 'distributionPoints' | 'applicationData'> {
  readonly work: {
    readonly object: { readonly id: string }
    readonly refresh: PublishingLicense['work']['refresh']
  }
  /** Whose key signed it, where that is a certificate of XrML. */
  readonly issuer?: PublishingLicense['issuer']
}
