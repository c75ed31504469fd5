/** The answers of the check script from many computers, as one table. They come from computers of users: nothing is believed. */
import { decodeText, isRightsError, RightsError, type ErrorCode } from '@sealward/xrml'
import { checkFormat } from './check-script.ts'
import { classifyKey, type Side, type Software } from './client-keys.ts'

export type ValueState = 'right' | 'missing' | 'different'

export interface CheckedValue {
  readonly part: 'machine' | 'user'
  readonly software: Software
  readonly side: Side
  readonly key: string
  /** The redirected address, or the name of a setting; empty for a default value. */
  readonly name: string
  readonly state: ValueState
}

export interface ClientCheck {
  readonly computer: string
  readonly user: string
  readonly batch: string
  readonly checkedAt: string
  /** Of the check script. */
  readonly scriptVersion: number
  /** Of the scripts that ran; 0 for none. */
  readonly machineVersion: number
  readonly userVersion: number
  readonly preparedMachineVersion: number
  readonly preparedUserVersion: number
  readonly values: readonly CheckedValue[]
}

/** `complete`: all values and current versions; `partial`: something is missing; `prepared`, `untouched`: not migrated. */
export type ClientState = 'complete' | 'partial' | 'prepared' | 'untouched'

export interface CollectedClient extends Omit<ClientCheck, 'values'> {
  readonly state: ClientState
  readonly present: number
  /** Values that are missing or different. */
  readonly wrong: readonly CheckedValue[]
  /** Addresses that are redirected wherever they should be, in lower case: names of registry values know no case. */
  readonly redirected: readonly string[]
}

export interface CollectedChecks {
  readonly summary: Readonly<Record<ClientState, number>> & {
    readonly clients: number
    readonly unreadable: number
    /** Users' script versions and how many have each. */
    readonly versions: Readonly<Record<string, number>>
  }
  readonly clients: readonly CollectedClient[]
  /** Redirected addresses that are not everywhere. */
  readonly addresses: readonly {
    readonly url: string
    readonly side: Side
    readonly present: number
    readonly wrong: number
    readonly computers: readonly string[]
  }[]
  readonly unreadable: readonly { readonly file: string; readonly code: ErrorCode }[]
}

const valuesMost = 100_000
const textMost = 4_096

/** @throws RightsError `client-check-invalid` */
export function readClientCheck(bytes: Uint8Array): ClientCheck {
  try {
    const value = record(JSON.parse(decodeText(bytes)))
    if (value['format'] !== checkFormat) throw new TypeError('format')
    const values = value['values']
    if (!Array.isArray(values) || values.length > valuesMost) throw new TypeError('values')
    const checkedAt = text(value['checkedAt'])
    if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(checkedAt)) throw new TypeError('checkedAt')
    return {
      computer: text(value['computer']),
      user: text(value['user']),
      batch: text(value['batch']),
      checkedAt,
      scriptVersion: version(value['scriptVersion']),
      machineVersion: version(value['machineVersion']),
      userVersion: version(value['userVersion']),
      preparedMachineVersion: version(value['preparedMachineVersion']),
      preparedUserVersion: version(value['preparedUserVersion']),
      values: values.map(checkedValue),
    }
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof TypeError || isRightsError(cause)) {
      throw new RightsError('client-check-invalid', { cause })
    }
    throw cause
  }
}

/** Of several answers of one user on one computer the latest counts. */
export function collectChecks(
  files: readonly { readonly name: string; readonly content: Uint8Array }[],
): CollectedChecks {
  const latest = new Map<string, ClientCheck>()
  const unreadable: { file: string; code: ErrorCode }[] = []
  for (const { name, content } of files) {
    try {
      const check = readClientCheck(content)
      const key = JSON.stringify([check.computer.toLowerCase(), check.user.toLowerCase()])
      const known = latest.get(key)
      if (known === undefined || known.checkedAt < check.checkedAt) latest.set(key, check)
    } catch (error) {
      if (!isRightsError(error)) throw error
      unreadable.push({ file: name, code: error.code })
    }
  }
  const checks = [...latest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, check]) => check)
  const clients = checks.map(collected)
  const count = (state: ClientState): number => clients.filter((client) => client.state === state).length
  return {
    summary: {
      clients: clients.length,
      complete: count('complete'),
      partial: count('partial'),
      prepared: count('prepared'),
      untouched: count('untouched'),
      unreadable: unreadable.length,
      versions: versionsOf(clients),
    },
    clients,
    addresses: addressesOf(checks),
    unreadable: unreadable.sort((a, b) => (a.file < b.file ? -1 : 1)),
  }
}

function collected({ values, ...check }: ClientCheck): CollectedClient {
  const wrong = values.filter(({ state }) => state !== 'right')
  const { machineVersion, userVersion, scriptVersion } = check
  const current = machineVersion >= scriptVersion && userVersion >= scriptVersion
  const present = values.length - wrong.length
  const prepared = check.preparedMachineVersion > 0 || check.preparedUserVersion > 0
  const begun = machineVersion > 0 || userVersion > 0 || present > 0
  const state = current && wrong.length === 0 ? 'complete' : begun ? 'partial' : prepared ? 'prepared' : 'untouched'
  return { ...check, state, present, wrong, redirected: redirectedIn(values) }
}

function redirectedIn(values: readonly CheckedValue[]): readonly string[] {
  const addresses = values.filter(({ name }) => /^https?:/i.test(name))
  const wrong = new Set(addresses.flatMap(({ name, state }) => (state === 'right' ? [] : [name.toLowerCase()])))
  return [...new Set(addresses.map(({ name }) => name.toLowerCase()))].filter((name) => !wrong.has(name)).sort()
}

function versionsOf(clients: readonly CollectedClient[]): Readonly<Record<string, number>> {
  const versions = new Map<string, number>()
  for (const { userVersion } of clients) versions.set(String(userVersion), (versions.get(String(userVersion)) ?? 0) + 1)
  return Object.fromEntries([...versions].sort(([a], [b]) => Number(a) - Number(b)))
}

function addressesOf(checks: readonly ClientCheck[]): CollectedChecks['addresses'] {
  const rows = new Map<string, { url: string; side: Side; present: number; wrong: number; computers: Set<string> }>()
  for (const { computer, values } of checks) {
    for (const { name, side, state } of values.filter((value) => /^https?:/i.test(value.name))) {
      const key = JSON.stringify([name.toLowerCase(), side])
      const row = rows.get(key) ?? { url: name, side, present: 0, wrong: 0, computers: new Set() }
      rows.set(key, row)
      if (state === 'right') row.present++
      else {
        row.wrong++
        row.computers.add(computer)
      }
    }
  }
  return [...rows]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .filter(([, { wrong }]) => wrong > 0)
    .map(([, row]) => ({ ...row, computers: [...row.computers].sort() }))
}

function checkedValue(value: unknown): CheckedValue {
  const { hive, key, name, state } = record(value)
  if (hive !== 'HKLM' && hive !== 'HKCU') throw new TypeError('hive')
  if (state !== 'right' && state !== 'missing' && state !== 'different') throw new TypeError('state')
  const path = text(key)
  return {
    part: hive === 'HKLM' ? 'machine' : 'user',
    ...classifyKey({ hive, key: path }),
    key: path,
    name: text(name),
    state,
  }
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw new TypeError('no object')
  return value as Readonly<Record<string, unknown>>
}

function text(value: unknown): string {
  if (typeof value !== 'string' || value.length > textMost) throw new TypeError('no text')
  return value
}

function version(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw new TypeError('no version')
  return value
}
