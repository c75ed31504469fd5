/**
 * Proves the way out before anyone takes it: the exported keys alone, in an empty instance of the service, open the
 * documents of the organisation for the same people with the same rights. The instance lives in a temporary folder.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RightsError } from '@sealward/xrml'
import type { AdminApi } from '../admin-api.ts'
import type { DocumentParser } from '../rehearse/document-parser.ts'
import { rehearse } from '../rehearse/index.ts'
import { createKeyRing } from '../rehearse/key-ring.ts'
import type { RehearsalReport } from '../rehearse/report.ts'
import { failed, named, noneOf, passed, type CheckResult } from '../steps/check.ts'
import { chooseSample } from './choose-sample.ts'
import type { KeyExport } from './export-all-keys.ts'
import { sameOpening, type Opener, type Opening } from './opener.ts'

/** A service that has just been started and holds nothing. */
export interface EmptyInstance {
  readonly admin: Pick<AdminApi, 'keys' | 'importDomain' | 'templates' | 'publishTemplate'>
  /** Opens through this instance, whatever address a document names. Called after the keys are imported. */
  readonly open: Opener
  close(): Promise<void>
}

export interface ExitRehearsalInput {
  readonly keys: KeyExport
  readonly passwordOf: (keyId: string) => string | Promise<string>
  /** @param folder empty, removed afterwards */
  readonly start: (folder: string) => Promise<EmptyInstance>
  /** How people open documents today; what it gives must be what the instance gives. */
  readonly openToday: Opener
  readonly paths: readonly string[]
  readonly parser: DocumentParser
  readonly lanes: number
  /** Addresses of the people who try the sample. */
  readonly people: readonly string[]
  /** Documents of one kind in the sample; default 1. */
  readonly each?: number
}

export interface TriedDocument {
  readonly path: string
  readonly address: string
  readonly today: Opening
  readonly instance: Opening
  readonly equal: boolean
}

export interface ExitRehearsal {
  readonly ready: boolean
  readonly checks: Readonly<Record<'all-keys-exported' | 'all-documents-open' | 'equal-rights', CheckResult>>
  /** Every document with the exported keys alone. */
  readonly report: RehearsalReport
  readonly sample: readonly TriedDocument[]
}

/** @throws RightsError `exit-instance-not-empty`, and those of importing */
export async function exitRehearse(input: ExitRehearsalInput): Promise<ExitRehearsal> {
  const { keys, paths, parser, lanes } = input
  const ring = createKeyRing(keys.exported.map(({ file, domain }) => ({ source: file, domain })))
  const report = await rehearse({ keys: ring, paths, parser, lanes })
  const sample = await tryInInstance(
    input,
    chooseSample(report.documents, input.each).map(({ path }) => path),
  )
  const checks = {
    'all-keys-exported': exportedCheck(keys),
    'all-documents-open': openCheck(report),
    'equal-rights': equalCheck(sample),
  }
  return { ready: Object.values(checks).every(({ ok }) => ok), checks, report, sample }
}

async function tryInInstance(input: ExitRehearsalInput, paths: readonly string[]): Promise<readonly TriedDocument[]> {
  const folder = mkdtempSync(join(tmpdir(), 'sealward-exit-'))
  try {
    const instance = await input.start(folder)
    try {
      await importAll(input, instance)
      const tried: TriedDocument[] = []
      for (const path of paths) {
        for (const address of input.people) {
          const [today, here] = [await input.openToday(path, address), await instance.open(path, address)]
          tried.push({ path, address, today, instance: here, equal: sameOpening(today, here) })
        }
      }
      return tried
    } finally {
      await instance.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function importAll({ keys, passwordOf }: ExitRehearsalInput, { admin }: EmptyInstance): Promise<void> {
  if ((await admin.keys()).length > 0) throw new RightsError('exit-instance-not-empty')
  for (const { file, root, keyId, state } of keys.exported) {
    await admin.importDomain({
      file: readFileSync(file),
      password: await passwordOf(keyId),
      trustedRoots: [root],
      active: state === 'active',
    })
  }
  for (const { id } of await admin.templates()) await admin.publishTemplate(id)
}

function exportedCheck({ exported, missing }: KeyExport): CheckResult {
  return noneOf(
    missing.map(({ keyId, code }) => `${keyId} (${code})`),
    (names) => `keys that the service does not give out: ${names}`,
    'Have the own copy of these keys and an export with their certificates ready before the service ends.',
    { data: { exported: exported.map(({ keyId, sha256 }) => ({ keyId, sha256 })) } },
  )
}

function openCheck({ summary, documents }: RehearsalReport): CheckResult {
  if (summary.fails === 0) return passed({ opens: summary.opens, unprotected: summary.unprotected })
  const failing = documents.filter(({ outcome }) => outcome === 'fails').map(({ path }) => path)
  return failed({
    finding: `${summary.fails} documents do not open with the exported keys: ${named(failing)}`,
    cure: 'Export the missing keys, or repair or decrypt these documents while the service runs.',
    data: { ...summary.byReason },
  })
}

function equalCheck(sample: readonly TriedDocument[]): CheckResult {
  if (!sample.some(({ instance }) => instance.outcome === 'opened')) {
    return failed({
      finding: 'no document of the sample was opened by anybody',
      cure: 'Name people who may open some of the documents.',
    })
  }
  return noneOf(
    sample.filter(({ equal }) => !equal).map(({ path, address }) => `${path} for ${address}`),
    (names) => `other rights than today: ${names}`,
    'Compare the templates and the directory of the instance with those of the service.',
    { data: { tried: sample.length } },
  )
}
