/**
 * Evidence: what each run of checks found, as canonical JSON with its hash in the journal. Files are never written twice;
 * the report is made from them and from nothing else.
 */
import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { RightsError } from '@sealward/xrml'
import { canonicalJson, sha256, type Json } from './canonical-json.ts'
import { readWhole, writeWhole, type ProjectFolder } from './project-folder.ts'
import { anyText, oneOf, openRecord, listOf, readJson, type Shape } from './shape.ts'

export type CheckOutcome = 'passed' | 'warned' | 'failed' | 'not-applicable'

export interface CheckRecord {
  readonly id: string
  readonly title: string
  readonly outcome: CheckOutcome
  readonly finding?: string
  readonly cure?: string
  readonly data?: Json
}

/** When in a step the checks ran: `check` is a run of its own without the step. */
export type EvidencePhase = 'check' | 'before' | 'after'

export interface Evidence {
  readonly step: string
  readonly phase: EvidencePhase
  readonly at: string
  readonly actor: string
  readonly planDigest: string
  readonly checks: readonly CheckRecord[]
}

export interface StoredEvidence {
  /** Path below the project, with slashes. */
  readonly path: string
  readonly sha256: string
}

export function writeEvidence(folder: ProjectFolder, evidence: Evidence): StoredEvidence {
  const content = `${canonicalJson(evidence)}\n`
  const name = evidence.at.replaceAll(':', '').replace('.', '')
  const at = (suffix: string): string => join(folder.evidence, evidence.step, `${name}${suffix}.json`)
  let path = at('')
  for (let number = 2; existsSync(path); number++) path = at(`-${number}`)
  writeWhole(path, content)
  return { path: relative(folder.root, path).replaceAll('\\', '/'), sha256: sha256(content) }
}

const json: Shape<Json> = (value) => value as Json

const evidenceShape: Shape<Evidence> = openRecord({
  step: anyText,
  phase: oneOf('check', 'before', 'after'),
  at: anyText,
  actor: anyText,
  planDigest: anyText,
  checks: listOf(
    openRecord(
      { id: anyText, title: anyText, outcome: oneOf('passed', 'warned', 'failed', 'not-applicable') },
      { finding: anyText, cure: anyText, data: json },
    ),
  ),
})

/** @throws RightsError `project-damaged` unless the file is the one that the journal recorded */
export function readEvidence(folder: ProjectFolder, stored: StoredEvidence): Evidence {
  const content = readWhole(folder.resolve(stored.path))
  if (sha256(content) !== stored.sha256) throw new RightsError('project-damaged', { detail: stored.path })
  return readJson(evidenceShape, content.toString('utf8'), 'project-damaged', stored.path)
}
