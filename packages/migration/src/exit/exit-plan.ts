/**
 * The four ways out of a service, as the published table has them: keep rights management on premises, stop completely,
 * keep a cluster for reading, or controlled recovery. The plan says which fit, what stands in the way, and how each one is
 * checked.
 */
import type { ServiceState } from '../admin-api.ts'

export const exitOptions = ['A', 'B', 'C', 'D'] as const
export type ExitOption = (typeof exitOptions)[number]

export interface ExitSituation {
  readonly state: ServiceState
  /** The subscription has ended: opening goes on for a while, keys are no longer given out. */
  readonly expired: boolean
  readonly keys: readonly { readonly keyId: string; readonly exported: boolean }[]
  /** Whether content shall be protected in future. */
  readonly keepsProtecting: boolean
  /** Whether all protected files are on folders that can be reached. */
  readonly allFilesKnown: boolean
  /** Whether everybody shall open missed files without help, or only through a few people. */
  readonly helpOnRequest: boolean
  /** Licensing URL of the cluster that takes over, if there is one. */
  readonly clusterUrl?: string
  /** Whether one administrator may open everything. */
  readonly superUser: boolean
  /** Keys of licences in JSON, which are in the database of the service and in no export. */
  readonly offlineKeys: number
}

export interface ExitFinding {
  readonly finding: string
  readonly cure: string
}

export interface PlannedExit {
  readonly option: ExitOption
  readonly title: string
  readonly fits: boolean
  readonly steps: readonly string[]
  /** What its automatic check proves. */
  readonly checks: readonly string[]
  readonly blockers: readonly ExitFinding[]
}

export interface ExitPlan {
  /** The way that fits the situation. */
  readonly recommended: ExitOption
  readonly options: readonly PlannedExit[]
  /** What must be done before any of them. */
  readonly first: readonly string[]
}

interface OptionFacts {
  readonly title: string
  readonly needsCluster: boolean
  readonly needsSuperUser: boolean
  readonly steps: readonly string[]
  readonly checks: readonly string[]
  fits(situation: ExitSituation): boolean
}

const facts: Readonly<Record<ExitOption, OptionFacts>> = {
  A: {
    title: 'Keep rights management, on premises',
    needsCluster: true,
    needsSuperUser: false,
    steps: [
      'Set the migration URL, so that new content names the cluster.',
      'Import every exported key into the cluster.',
      'Redirect clients from the URL of the tenant to that of the cluster.',
      'Deactivate the tenant.',
    ],
    checks: ['a sample of the content opens through the cluster', 'new content names the cluster'],
    fits: ({ keepsProtecting }) => keepsProtecting,
  },
  B: {
    title: 'Stop completely',
    needsCluster: false,
    needsSuperUser: true,
    steps: [
      'Give one administrator the rights of a super user.',
      'Decrypt all folders, with a journal; repeat until none is left.',
      'Take the rights of the super user away, and deactivate the tenant.',
    ],
    checks: ['an inventory finds no protected file; failures are listed'],
    fits: ({ keepsProtecting, allFilesKnown }) => !keepsProtecting && allFilesKnown,
  },
  C: {
    title: 'Stop, and keep a cluster for reading',
    needsCluster: true,
    needsSuperUser: false,
    steps: [
      'Import every exported key into the cluster and make it read-only.',
      'Redirect clients of all computers to the cluster.',
      'Decrypt the folders that are known, and deactivate the tenant.',
    ],
    checks: ['a missed file opens for an ordinary user', 'nobody protects anything new'],
    fits: ({ keepsProtecting, allFilesKnown, helpOnRequest }) => !keepsProtecting && !allFilesKnown && !helpOnRequest,
  },
  D: {
    title: 'Stop, with controlled recovery',
    needsCluster: false,
    needsSuperUser: true,
    steps: [
      'Make the recovery group super users; they get the tool that decrypts.',
      'Set DisableCreation on all computers.',
      'Recover files on request; each recovery is in the log.',
    ],
    checks: ['a user cannot protect', 'a member of the recovery group opens a file', 'the recovery is in the log'],
    fits: ({ keepsProtecting, allFilesKnown, helpOnRequest }) => !keepsProtecting && !allFilesKnown && helpOnRequest,
  },
}

/**
 * ```ts
 * const { recommended, options } = exitPlan(situation)
 * ```
 */
export function exitPlan(situation: ExitSituation): ExitPlan {
  const common = commonBlockers(situation)
  const options = exitOptions.map((option): PlannedExit => {
    const { title, steps, checks } = facts[option]
    return {
      option,
      title,
      fits: facts[option].fits(situation),
      steps,
      checks,
      blockers: [...common, ...ownBlockers(option, situation)],
    }
  })
  return {
    recommended: options.find(({ fits }) => fits)?.option ?? 'B',
    options,
    first: [
      'Export every key, archived and imported ones included, and keep the files and their passwords apart.',
      'Rehearse the way out with the exported keys in an empty instance.',
    ],
  }
}

function commonBlockers({ keys, expired }: ExitSituation): readonly ExitFinding[] {
  const missing = keys.filter(({ exported }) => !exported).map(({ keyId }) => keyId)
  if (missing.length === 0) return []
  const finding = `keys that were never exported: ${missing.join(', ')}`
  const cure = expired
    ? 'Renew the subscription; keys are no longer given out after it has ended.'
    : 'Export them now; documents of a key that is left out are lost with the service.'
  return [{ finding, cure }]
}

function ownBlockers(option: ExitOption, situation: ExitSituation): readonly ExitFinding[] {
  const { needsCluster, needsSuperUser } = facts[option]
  const found: ExitFinding[] = []
  if (needsCluster && situation.clusterUrl === undefined) {
    found.push({ finding: 'no cluster takes over', cure: 'Set one up and name its licensing URL.' })
  }
  if (needsSuperUser && !situation.superUser) {
    found.push({ finding: 'nobody is a super user', cure: 'Name one administrator, for the time of the exit only.' })
  }
  // Who recovers on request keeps the service, and with it the database.
  if (option !== 'D' && situation.offlineKeys > 0) {
    found.push({
      finding: `${situation.offlineKeys} keys of licences in JSON are in no export: their documents open with this database alone`,
      cure: 'Switch it off with `sealward mobile offline off`, have these documents opened and protected again, or keep the database.',
    })
  }
  if (option === 'A' && situation.state === 'disabled') {
    const finding = 'the tenant is disabled, so new content cannot be made to name the cluster first'
    found.push({
      finding,
      cure: 'Enable it again, set the migration URL, and wait for what is still protected with it.',
    })
  }
  return found
}
