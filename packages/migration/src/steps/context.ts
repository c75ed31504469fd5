/**
 * What checks and actions work with: the plan, the ports, and the inputs of the plan, each read once per run and only
 * when a check asks for it.
 */
import { join } from 'node:path'
import { existsSync, readdirSync } from 'node:fs'
import { decodeText, isRightsError, parsePublishingLicense, parseXrmlChain } from '@sealward/xrml'
import type { AdminApi, RequestRow, ServiceConfiguration } from '../admin-api.ts'
import type { ProjectProgress } from '../project/journal.ts'
import type { MigrationPlan, PlannedCluster } from '../project/plan.ts'
import type { CollectedChecks } from '../client-scripts/collected-checks.ts'
import { readWhole, type ProjectFolder } from '../project/project-folder.ts'
import { readClientChecks, readCollected, type Collected, type CollectedKind } from './sources/collected.ts'
import { readRehearsal, type DocumentFindings } from './sources/documents.ts'
import { openExport, type OpenedExport } from './sources/exports.ts'
import { summarize, type LogSummary } from './sources/log-summary.ts'
import { readPeople, type People } from './sources/people.ts'
import { requestsOf, requestsOfFile } from './sources/request-log.ts'
import type { MigrationPorts } from './ports.ts'

export interface SampleLicense {
  readonly name: string
  /** The licence with its chain, as documents carry it. */
  readonly serialized: string
  /** Lower case; nothing if the licence names none. */
  readonly owner: string | undefined
}

export interface StepContext {
  readonly plan: MigrationPlan
  readonly ports: MigrationPorts
  readonly folder: ProjectFolder
  readonly progress: ProjectProgress
  readonly now: Date
  readonly tenant: AdminApi
  clusterApi(name: string): AdminApi | undefined
  tenantConfiguration(): Promise<ServiceConfiguration>
  clusterLog(): Promise<LogSummary>
  tenantLog(): Promise<LogSummary>
  /** All rows of all clusters, unread. */
  clusterRows(): AsyncIterable<RequestRow>
  documents(): DocumentFindings | undefined
  exports(): Promise<readonly OpenedExport[]>
  people(): People | undefined
  samples(): readonly SampleLicense[]
  clients(): CollectedChecks
  /** ISO 8601: when the step was first begun. */
  startedAt(step: string): string | undefined
  collected<K extends CollectedKind>(kind: K): readonly Collected<K>[]
}

export interface ContextInput {
  readonly plan: MigrationPlan
  readonly ports: MigrationPorts
  readonly folder: ProjectFolder
  readonly progress: ProjectProgress
  readonly now: Date
}

export function createContext(input: ContextInput): StepContext {
  const { plan, ports, folder, now } = input
  const readText = (path: string): string => readWhole(folder.resolve(path)).toString('utf8')

  async function* clusterRows(): AsyncGenerator<RequestRow> {
    for (const cluster of plan.clusters) yield* rowsOf(cluster)
  }

  function rowsOf(cluster: PlannedCluster): AsyncIterable<RequestRow> {
    if (cluster.requestLog !== undefined) return requestsOfFile(folder.resolve(cluster.requestLog))
    const api = ports.clusters.get(cluster.name)
    return api === undefined ? noRows() : requestsOf(api)
  }

  return {
    ...input,
    tenant: ports.tenant,
    clusterApi: (name) => ports.clusters.get(name),
    tenantConfiguration: once(() => ports.tenant.configuration()),
    clusterLog: once(() => summarize(clusterRows())),
    tenantLog: once(() => summarize(requestsOf(ports.tenant))),
    clusterRows,
    documents: once(() =>
      plan.rehearsal === undefined ? undefined : readRehearsal(readText(plan.rehearsal), plan.rehearsal),
    ),
    exports: once(() => openAll(input, now)),
    people: once(() =>
      plan.directory === undefined ? undefined : readPeople(readText(plan.directory), plan.directory),
    ),
    samples: once(() => (plan.samples === undefined ? [] : readSamples(folder.resolve(plan.samples)))),
    startedAt: (step) => input.progress.steps.get(step)?.startedAt,
    clients: once(() => readClientChecks(folder.collected)),
    collected: (kind) => readCollected(folder.collected, kind),
  }
}

// oxlint-disable-next-line eslint/require-yield -- a log without rows
async function* noRows(): AsyncGenerator<RequestRow> {}

async function openAll({ plan, ports, folder }: ContextInput, now: Date): Promise<readonly OpenedExport[]> {
  const opened: OpenedExport[] = []
  for (const planned of plan.exports) {
    const { privateKeyFile } = planned
    opened.push(
      await openExport({
        planned,
        path: folder.resolve(planned.file),
        privateKeyPath: privateKeyFile === undefined ? undefined : folder.resolve(privateKeyFile),
        trustsRoot: (root) => plan.trustedRoots.includes(root.fingerprint) || ports.trustsRoot?.(root) === true,
        passwordOf: ports.passwordOf,
        now,
      }),
    )
  }
  return opened
}

function readSamples(path: string): readonly SampleLicense[] {
  if (!existsSync(path)) return []
  return readdirSync(path)
    .filter((name) => name.endsWith('.xrml'))
    .sort()
    .map((name) => {
      const serialized = decodeText(readWhole(join(path, name)))
      return { name, serialized, owner: ownerOf(serialized) }
    })
}

function ownerOf(serialized: string): string | undefined {
  try {
    const [license] = parseXrmlChain(serialized)
    return license?.type === 'publishing-license'
      ? parsePublishingLicense(license).work.owner?.address.toLowerCase()
      : undefined
  } catch (error) {
    if (isRightsError(error)) return undefined
    throw error
  }
}

function once<T>(read: () => T): () => T {
  let value: { readonly value: T } | undefined
  return () => (value ??= { value: read() }).value
}
