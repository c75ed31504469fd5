/** A migration project on disk: opened, its journal read and checked, and new records written. */
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isAbandonedPart } from '@sealward/client'
import { RightsError } from '@sealward/xrml'
import { asJson, canonicalJson } from './canonical-json.ts'
import { appendToChainedLog, dropUnfinishedLine, readChainedLog, type LogHead } from './chained-log.ts'
import type { OnEvent } from './events.ts'
import { progressOf, type JournalEntry, type JournalRecord, type ProjectProgress } from './journal.ts'
import { withLock, type LockOptions } from './lock.ts'
import { planShape, readPlan, type MigrationPlan } from './plan.ts'
import { makeFolder, projectFolder, readIfThere, writeWhole, type ProjectFolder } from './project-folder.ts'
import { anyText, openRecord, readJson, record, wholeNumber, type Shape } from './shape.ts'

export interface Project {
  readonly folder: ProjectFolder
  readonly name: string
}

/** Who works, and how it is told. */
export interface WorkOptions {
  readonly actor: string
  readonly now: () => Date
  readonly onEvent?: OnEvent
  /** Milliseconds to wait for another runner; ten seconds unless given. */
  readonly patience?: number
  /** Aborted, the work ends before the next check or action with the reason of the signal; what was begun can be run again. */
  readonly signal?: AbortSignal
}

interface ProjectFile {
  readonly version: 1
  readonly name: string
  /** Base64 of the raw Ed25519 key that signs reports. */
  readonly publicKey?: string
  readonly plan?: MigrationPlan
}

const version: Shape<1> = (value, place) => {
  if (value === 1) return 1
  throw new RightsError(place.code, { detail: 'made by another version of this product' })
}

const projectShape: Shape<ProjectFile> = record({ version, name: anyText }, { publicKey: anyText, plan: planShape })

/** Begins a project in a new or empty folder. @throws RightsError `project-exists`, `file-not-usable` */
export async function createProject(
  input: { readonly folder: string; readonly name: string } & WorkOptions,
): Promise<Project> {
  const folder = projectFolder(input.folder)
  makeFolder(folder.root)
  await withLock(folder.lockFile, { actor: input.actor, work: 'create', ...patienceOf(input) }, async () => {
    if (existsSync(folder.projectFile)) throw new RightsError('project-exists')
    const others = readdirSync(folder.root).filter((name) => !name.startsWith('.lock') && name !== 'journal.jsonl')
    if (others.length > 0) throw new RightsError('project-exists', { detail: 'the folder is not empty' })
    const writer = openJournal(folder, input)
    if (writer.head().sequence === 0) writer.append({ kind: 'created', name: input.name })
    // Last, because this file makes the folder a project.
    writeProjectFile(folder, { version: 1, name: input.name })
  })
  return { folder, name: input.name }
}

/** @throws RightsError `project-missing`, `project-damaged` */
export function openProject(path: string): Project {
  const folder = projectFolder(path)
  return { folder, name: readProjectFile(folder).name }
}

export function readProjectFile(folder: ProjectFolder): ProjectFile {
  const text = readIfThere(folder.projectFile)
  if (text === undefined) throw new RightsError('project-missing', { detail: folder.root })
  return readJson(projectShape, text, 'project-damaged', 'project.json')
}

export function writeProjectFile(folder: ProjectFolder, file: ProjectFile): void {
  writeWhole(folder.projectFile, `${JSON.stringify(file, null, 2)}\n`)
}

/** The plan as the journal has it; `project.json` shows it to people. @throws RightsError `plan-missing` */
export function requirePlan({ plan }: ProjectProgress): { readonly plan: MigrationPlan; readonly digest: string } {
  if (plan === undefined) throw new RightsError('plan-missing')
  return { plan: readPlan(plan.value), digest: plan.digest }
}

const stateShape = openRecord({ sequence: wholeNumber(0, Number.MAX_SAFE_INTEGER), hash: anyText })

/** @throws RightsError `project-damaged`, also for a journal that is older than the state */
export function readJournal(folder: ProjectFolder): {
  readonly entries: readonly JournalEntry[]
  readonly head: LogHead
  readonly progress: ProjectProgress
} {
  const { entries, head } = readChainedLog<JournalEntry>(folder.journalFile)
  const stateText = readIfThere(folder.stateFile)
  const stored = stateText === undefined ? undefined : readJson(stateShape, stateText, 'project-damaged', 'state.json')
  if (stored !== undefined && stored.sequence > head.sequence) {
    throw new RightsError('project-damaged', { detail: 'the journal was cut off' })
  }
  return { entries, head, progress: progressOf(entries) }
}

export interface JournalWriter {
  head(): LogHead
  progress(): ProjectProgress
  /** Durable when it returns. */
  append(entry: JournalRecord): void
}

/** For the holder of the lock. `state.json` follows the journal, for people and as a mark of how long it was. */
function openJournal(folder: ProjectFolder, options: WorkOptions): JournalWriter {
  dropUnfinishedLine(folder.journalFile)
  removeAbandonedParts(folder.root)
  let { head, progress } = readJournal(folder)
  return {
    head: () => head,
    progress: () => progress,
    append(entry) {
      const full: JournalEntry = { ...entry, at: options.now().toISOString(), actor: options.actor }
      head = appendToChainedLog(folder.journalFile, head, asJson(full))
      progress = progressOf([full], progress)
      writeState(folder, head, progress)
      options.onEvent?.({ kind: 'record', sequence: head.sequence, record: entry.kind })
    },
  }
}

/** Files that a killed run was writing. */
function removeAbandonedParts(folder: string): void {
  for (const name of readdirSync(folder)) if (isAbandonedPart(name)) rmSync(join(folder, name), { force: true })
}

function writeState(folder: ProjectFolder, head: LogHead, { state, steps }: ProjectProgress): void {
  const status = Object.fromEntries([...steps].map(([id, step]) => [id, step.status]))
  writeWhole(folder.stateFile, `${canonicalJson({ sequence: head.sequence, hash: head.hash, state, steps: status })}\n`)
}

/** Work under the lock of the project, with its journal open for writing. @throws RightsError `project-locked` and of `work` */
export async function workOn<T>(
  project: Project,
  name: string,
  options: WorkOptions,
  work: (journal: JournalWriter) => Promise<T>,
): Promise<T> {
  const lock: LockOptions = {
    actor: options.actor,
    work: name,
    onWait: (holder) => options.onEvent?.({ kind: 'waiting', holder }),
    ...patienceOf(options),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  }
  return withLock(project.folder.lockFile, lock, () => work(openJournal(project.folder, options)))
}

function patienceOf({ patience }: WorkOptions): { readonly patience?: number } {
  return patience === undefined ? {} : { patience }
}
