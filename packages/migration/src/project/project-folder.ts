/**
 * The folder of a migration: everything that several administrators over months need, and nothing that opens a document.
 * It is private to its owner all the same, because evidence names people and machines.
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { systemCode, writeFileSafely } from '@sealward/client'
import { RightsError } from '@sealward/xrml'

export interface ProjectFolder {
  readonly root: string
  readonly projectFile: string
  readonly stateFile: string
  readonly journalFile: string
  readonly approvalsFile: string
  readonly lockFile: string
  /** Ed25519 private key that signs reports; mode 0600. */
  readonly signingKeyFile: string
  readonly evidence: string
  /** Settings and instructions that the steps make for people and machines. */
  readonly artefacts: string
  /** What machines and servers report back. */
  readonly collected: string
  readonly report: string
  /** A path of the plan: absolute, or below the folder. */
  resolve(path: string): string
}

export function projectFolder(path: string): ProjectFolder {
  const root = resolve(path)
  return {
    root,
    projectFile: join(root, 'project.json'),
    stateFile: join(root, 'state.json'),
    journalFile: join(root, 'journal.jsonl'),
    approvalsFile: join(root, 'approvals.jsonl'),
    lockFile: join(root, '.lock'),
    signingKeyFile: join(root, 'signing-key.pem'),
    evidence: join(root, 'evidence'),
    artefacts: join(root, 'artefacts'),
    collected: join(root, 'collected'),
    report: join(root, 'report'),
    resolve: (named) => (isAbsolute(named) ? named : join(root, named)),
  }
}

/** @throws RightsError `file-not-usable` */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new RightsError('file-not-usable', { detail: systemCode(cause), cause })
  }
}

/** The old content or the new one, never a part of either. @throws RightsError `file-not-written` */
export function writeWhole(path: string, content: string | Uint8Array): void {
  makeFolder(dirname(path))
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content
  writeFileSafely({ path, existing: 'overwrite', write: (sink) => sink.write(bytes) })
}

/** @throws RightsError `file-unreadable` */
export function readWhole(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new RightsError('file-unreadable', { detail: `${path}: ${systemCode(cause)}`, cause })
  }
}

/** @throws RightsError `file-unreadable` */
export function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readWhole(path).toString('utf8') : undefined
}
