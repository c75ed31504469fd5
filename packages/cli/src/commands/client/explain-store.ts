/** What this machine keeps of a user, as far as it can be seen without the service. */
import { listStoredIdentities, summarizeIdentity, type CertificateSummary, type StoredIdentity } from '@sealward/client'
import { isRightsError } from '@sealward/xrml'
import { describeError, type ReportedError } from '../../terminal/output.ts'

export interface ExplainedIdentity {
  readonly folder: string
  readonly service: string
  readonly user: string
  readonly machineKeyBits: number | null
  readonly certificates: readonly (CertificateSummary & { readonly state: 'valid' | 'over' | 'not-yet' | 'damaged' })[]
  readonly licences: number
  readonly firstUseAnchors: readonly string[]
  /** No licence is judged by an earlier time. */
  readonly highestTime: Date | null
  /** The clock of this machine is behind it: it was set back, or is wrong. */
  readonly clockBehind: boolean
}

export interface ExplainedStore {
  readonly directory: string
  readonly identities: readonly ExplainedIdentity[]
  /** Why the folder cannot be used. */
  readonly problem: ReportedError | null
}

/** A few minutes between clocks are no sign of tampering. */
const clockTolerance = 5 * 60_000

export function explainStore(directory: string, user: string | undefined, now: Date): ExplainedStore {
  try {
    const identities = listStoredIdentities(directory).filter(
      (each) => user === undefined || each.user === user.toLowerCase(),
    )
    return { directory, identities: identities.map((each) => explainIdentity(each, now)), problem: null }
  } catch (error) {
    // A folder of other things is not one yet; the first use makes it one.
    if (isRightsError(error, 'client-store-unknown')) return { directory, identities: [], problem: null }
    return { directory, identities: [], problem: describeError(error) }
  }
}

function explainIdentity(identity: StoredIdentity, now: Date): ExplainedIdentity {
  const { folder, service, user, files } = identity
  const { machineKeyBits, certificates, firstUseAnchors, highestTime } = summarizeIdentity(identity)
  return {
    folder,
    service,
    user,
    machineKeyBits: machineKeyBits ?? null,
    certificates: certificates.map((each) => ({ ...each, state: stateOf(each, now) })),
    licences: files.filter(({ kind }) => kind === 'licence').length,
    firstUseAnchors,
    highestTime: highestTime ?? null,
    clockBehind: highestTime !== undefined && highestTime.getTime() - now.getTime() > clockTolerance,
  }
}

function stateOf(
  { problem, validFrom, validUntil }: CertificateSummary,
  now: Date,
): 'valid' | 'over' | 'not-yet' | 'damaged' {
  if (problem !== undefined) return 'damaged'
  if (validUntil !== undefined && now > validUntil) return 'over'
  return validFrom !== undefined && now < validFrom ? 'not-yet' : 'valid'
}
