/** What discovery did, in words that a person can check: where it looked, what it found, and why it went on. */
import { errorCatalogue, type ErrorCode, type RightsError } from '@sealward/xrml'

export type DiscoverySource = 'configuration' | 'scp' | 'srv' | 'cloud' | 'store'

export interface DiscoveryStep {
  readonly source: DiscoverySource
  /** A file, a directory server, a name of the domain name system, or the reason why nothing was looked at. */
  readonly lookedAt: string
  /** As it was found. */
  readonly found?: string
  /** `off`: the configuration does not allow the step. `not-needed`: an earlier step has found the service. */
  readonly outcome: 'taken' | 'nothing' | 'refused' | 'failed' | 'off' | 'not-needed'
  readonly why: string
  /** Of a refusal or failure. */
  readonly code?: ErrorCode
  readonly cure?: string
}

/** The step that an error ended. Refused is what was found and may not be used; failed is who did not answer. */
export function brokenStep(
  at: Pick<DiscoveryStep, 'source' | 'lookedAt' | 'found'>,
  outcome: 'refused' | 'failed',
  error: RightsError,
): DiscoveryStep {
  const { code, detail } = error
  const { cause, cure } = errorCatalogue[code]
  return { ...at, outcome, why: detail === undefined ? cause : `${cause}: ${detail}`, code, cure }
}
