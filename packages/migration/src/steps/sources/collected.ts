/**
 * What machines and servers report back: one JSON file each in a folder of the project, written by the check scripts that
 * the steps hand out. Strict, because a misspelt field would look like a machine without findings.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { collectChecks, type CollectedChecks } from '../../client-scripts/collected-checks.ts'
import { readWhole } from '../../project/project-folder.ts'
import {
  anyText,
  flag,
  listOf,
  oneOf,
  readJson,
  record,
  text,
  wholeNumber,
  type Shape,
  type ShapeOf,
} from '../../project/shape.ts'

/** What the redirection of a machine does not say; its redirections are reported by the client scripts. */
const machineReport = record(
  { machine: anyText, checkedAt: anyText },
  {
    kind: oneOf('windows', 'mac', 'mobile'),
    /** For example `16.0.4496.1000`. */
    officeVersion: anyText,
    officeEdition: oneOf('msi', 'click-to-run', 'none'),
    /** Stored certificates and licences of the old service were deleted. */
    storesCleaned: flag,
    scheduledTaskEnabled: flag,
    redirectedByDns: flag,
    /** Names in the server certificate that Office compares. */
    serverName: anyText,
  },
)

const mailServerReport = record(
  {
    server: anyText,
    checkedAt: anyText,
    licensingLocations: listOf(anyText),
    internalLicensingEnabled: flag,
    redirections: listOf(record({ from: anyText, to: anyText })),
    machineCertificatesDeleted: flag,
    testResult: oneOf('PASS', 'FAIL', 'not-run'),
  },
  {
    externalLicensingEnabled: flag,
    azureLicensingEnabled: flag,
    oldDomainsRemoved: flag,
    settings: anyText,
    error: anyText,
  },
)

const libraryReport = record({
  server: anyText,
  checkedAt: anyText,
  protectedLibraries: wholeNumber(0, 10_000_000),
  checkedOut: listOf(anyText),
  storesDeleted: flag,
})

const connectorReport = record({
  connector: anyText,
  checkedAt: anyText,
  sameMachineAs: listOf(anyText),
  events: listOf(record({ id: wholeNumber(0, 100_000), server: anyText, count: wholeNumber(0, 1_000_000_000) })),
})

/** ISO 8601 in UTC, as the commands of the steps write it. */
const moment = text({ form: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/, says: 'a time like 2026-03-09T20:00:00Z' })

/** Without `resumedAt` protected content still stands still. */
const interruptionReport = record({ server: anyText, stoppedAt: moment }, { resumedAt: moment })

const nodeReport = record({
  node: anyText,
  checkedAt: anyText,
  /** Folders below `_wmcs` with a Publish.asmx. */
  folders: listOf(record({ name: oneOf('licensing', 'licensingexternal'), denied: listOf(anyText), anonymous: flag })),
})

export const collectedKinds = {
  machines: machineReport,
  'mail-servers': mailServerReport,
  libraries: libraryReport,
  connectors: connectorReport,
  nodes: nodeReport,
  interruptions: interruptionReport,
} as const

export type CollectedKind = keyof typeof collectedKinds
export type Collected<K extends CollectedKind> = ShapeOf<(typeof collectedKinds)[K]>
export type MachineReport = Collected<'machines'>
export type MailServerReport = Collected<'mail-servers'>

/** The answers of the check script of the client scripts, one per user and machine. */
export function readClientChecks(folder: string): CollectedChecks {
  const path = join(folder, 'clients')
  const names = existsSync(path) ? readdirSync(path).filter((name) => name.endsWith('.json')) : []
  return collectChecks(names.map((name) => ({ name, content: readWhole(join(path, name)) })))
}

/** @throws RightsError `plan-input-invalid`, naming the file */
export function readCollected<K extends CollectedKind>(folder: string, kind: K): readonly Collected<K>[] {
  const path = join(folder, kind)
  if (!existsSync(path)) return []
  const shapes: { readonly [Each in CollectedKind]: Shape<Collected<Each>> } = collectedKinds
  return readdirSync(path)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) =>
      readJson(shapes[kind], readWhole(join(path, name)).toString('utf8'), 'plan-input-invalid', `${kind}/${name}`),
    )
}
