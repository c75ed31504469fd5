/**
 * The automatic checks after a way out was taken, as far as the command line can run them: with data directories, in which
 * services give their people tokens, a sample of documents, and people. What cannot be run is said, and why.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import {
  checkCannotProtect,
  checkNewContentNames,
  checkOpens,
  checkRecoveriesLogged,
  type CheckResult,
  type ExitOption,
} from '@sealward/migration'
import type { AdministrationOptions } from '../connection/administration-options.ts'
import { usualData } from '../data/data-directory.ts'
import { collect } from '../terminal/command.ts'
import type { ExitWayOptions } from './exit-ways.ts'
import { protectForOneself, recoverAll, requestRows, whoOpens } from './exit-attempts.ts'
import { serviceAsToday, type RehearsalService } from './rehearsal-service.ts'

export interface ExitCheckOptions {
  readonly sample?: string
  readonly person?: readonly string[]
}

export function exitCheckOptions(command: Command): Command {
  return command
    .option('--sample <dir>', 'A, C, D: folder of documents that are opened to check the way')
    .option(
      '--person <address>',
      'A, C, D: ordinary user who opens and protects for the check; may be repeated',
      collect,
    )
}

export interface ExitCheck {
  readonly check: 'opens' | 'new-content-names' | 'cannot-protect' | 'recoveries-logged'
  readonly outcome: CheckResult['outcome'] | 'not-run'
  /** What was found, or why it was not run. */
  readonly finding: string | null
  readonly cure: string | null
}

type Options = AdministrationOptions & ExitWayOptions & ExitCheckOptions

/** What the checks of a run share. */
interface CheckScene {
  /** The service that is left; only its data directory gives tokens. */
  readonly left: string | undefined
  /** The cluster that takes over or is kept. */
  readonly cluster: string | undefined
  readonly sample: string | undefined
  readonly people: readonly string[] | undefined
  readonly clusterUrl: string
  readonly recoveryUsers: readonly string[]
  readonly stores: string
}

const why = {
  left: 'it needs the data directory of the service, with --data',
  cluster: 'it needs the data directory of the cluster, with --cluster-data',
  sample: 'it needs documents, with --sample',
  people: 'it needs people, with --person',
} as const

/** In the order of the published ways; B is checked in the files alone. */
export async function exitChecks(way: ExitOption, options: Options): Promise<readonly ExitCheck[]> {
  const stores = mkdtempSync(join(tmpdir(), 'sealward-exit-'))
  const scene: CheckScene = {
    left: options.service === undefined ? (options.data ?? usualData) : undefined,
    cluster: options.clusterData,
    sample: options.sample === undefined ? undefined : resolve(options.sample),
    people: options.person,
    clusterUrl: options.clusterUrl ?? '',
    recoveryUsers: options.recoveryUser ?? [],
    stores,
  }
  try {
    switch (way) {
      case 'A':
        return [await opens(scene), await newContentNames(scene)]
      case 'B':
        return []
      case 'C':
        return [await opens(scene), await cannotProtect(scene.cluster, 'cluster', scene)]
      case 'D':
        return [await cannotProtect(scene.left, 'left', scene), await recoveriesLogged(scene)]
    }
  } finally {
    rmSync(stores, { recursive: true, force: true })
  }
}

/** Whoever opens a document through the service today opens it through the cluster. */
async function opens({ left, cluster, sample, people, stores }: CheckScene): Promise<ExitCheck> {
  if (sample === undefined) return notRun('opens', why.sample)
  if (people === undefined) return notRun('opens', why.people)
  if (left === undefined) return notRun('opens', why.left)
  if (cluster === undefined) return notRun('opens', why.cluster)
  const today = await withService(left, sample, join(stores, 'left'), ({ open }) => whoOpens(open, sample, people))
  return ran(
    'opens',
    await withService(cluster, sample, join(stores, 'cluster'), ({ open }) => checkOpens(open, today)),
  )
}

async function newContentNames({ left, people: [person] = [], clusterUrl, stores }: CheckScene): Promise<ExitCheck> {
  if (person === undefined) return notRun('new-content-names', why.people)
  if (left === undefined) return notRun('new-content-names', why.left)
  const urls = await withService(left, '.', join(stores, 'left'), async ({ client }) =>
    protectForOneself(await client(person)),
  )
  return ran('new-content-names', checkNewContentNames(urls, clusterUrl))
}

async function cannotProtect(
  data: string | undefined,
  which: 'left' | 'cluster',
  { people: [person] = [], stores }: CheckScene,
): Promise<ExitCheck> {
  if (person === undefined) return notRun('cannot-protect', why.people)
  if (data === undefined) return notRun('cannot-protect', why[which])
  return withService(data, '.', join(stores, which), async ({ administration, client }) => {
    const { personality } = await administration.call('getConfiguration')
    if (personality === 'tenant') {
      return notRun('cannot-protect', 'a tenant has no read-only state; try it on a computer that has the files')
    }
    const protect = async (): Promise<unknown> => protectForOneself(await client(person))
    return ran('cannot-protect', await checkCannotProtect(protect))
  })
}

async function recoveriesLogged({ left, sample, recoveryUsers, stores }: CheckScene): Promise<ExitCheck> {
  if (sample === undefined) return notRun('recoveries-logged', why.sample)
  if (left === undefined) return notRun('recoveries-logged', why.left)
  return withService(left, sample, join(stores, 'left'), async ({ administration, open }) => {
    const recovered = await recoverAll(open, sample, recoveryUsers)
    if (recovered.length === 0) {
      return {
        check: 'recoveries-logged',
        outcome: 'failed',
        finding: 'those who recover could open no document of the sample',
        cure: 'Look whether the service is enabled and has the keys of these documents.',
      }
    }
    return ran('recoveries-logged', await checkRecoveriesLogged(requestRows(administration), recovered))
  })
}

async function withService<T>(
  data: string,
  documents: string,
  stores: string,
  work: (service: RehearsalService) => Promise<T>,
): Promise<T> {
  const service = await serviceAsToday(data, documents, stores)
  try {
    return await work(service)
  } finally {
    await service.close()
  }
}

function ran(check: ExitCheck['check'], { outcome, finding, cure }: CheckResult): ExitCheck {
  return { check, outcome, finding: finding ?? null, cure: cure ?? null }
}

function notRun(check: ExitCheck['check'], finding: string): ExitCheck {
  return { check, outcome: 'not-run', finding, cure: null }
}
