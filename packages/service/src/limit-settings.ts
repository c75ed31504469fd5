/** Limits as settings: `limits` in the configuration of a service, and what an installation says for its listener. */
import { z } from 'zod'
import { limitNames, limitTable, type LimitName, type LimitRow, type Limits } from './core/limits.ts'
import { originOf, type ConfiguredDirectory } from './directory/open-directory.ts'

/** Beyond this many times the standard nothing works any more. */
const raisedMost = 16

function limit({ standard, least, unit, what }: LimitRow) {
  const number = unit === 'seconds' ? z.number() : z.int()
  return number
    .min(least)
    .max(raisedMost * standard)
    .default(standard)
    .describe(unit === '' ? what : `${what}, in ${unit}`)
}

export const limitsSchema = z
  .strictObject(
    Object.fromEntries(limitNames.map((name) => [name, limit(limitTable[name])])) as Record<
      LimitName,
      ReturnType<typeof limit>
    >,
  )
  .describe('What the service bears of others: lower whatever you like; what is raised is a warning at every start')

/** Services on a common listener share its times; everything else is their own. */
export const listenerLimitsSchema = limitsSchema.pick({ headerSeconds: true, bodySeconds: true, idleSeconds: true })

/** What sets limits: those of the table, and two that belong to what they set. */
export interface LimitedConfig {
  readonly limits: Partial<Limits>
  readonly directory?: ConfiguredDirectory
  readonly forestSeconds?: number
}

/** Seconds for all groups of one person, and for what other forests know of one. */
const groupSecondsStandard = 2
const forestSecondsStandard = 2

export interface LimitWarning {
  readonly code: 'limit-raised'
  /** The setting, as a path. */
  readonly name: string
  /** Value and standard. */
  readonly entries: readonly string[]
}

/** One for each limit above the standard, for the log and for `doctor`. */
export function limitWarnings({ limits, directory, forestSeconds = 0 }: LimitedConfig): readonly LimitWarning[] {
  const origin = directory === undefined ? '' : originOf(directory)
  const groupSeconds = typeof origin === 'string' ? 0 : origin.groupSeconds
  return [
    ...limitNames.map((name) => [`limits.${name}`, limits[name] ?? 0, limitTable[name].standard] as const),
    ['directory.groupSeconds', groupSeconds, groupSecondsStandard] as const,
    ['forestSeconds', forestSeconds, forestSecondsStandard] as const,
  ].flatMap(([name, value, standard]) =>
    value > standard ? [{ code: 'limit-raised', name, entries: [`${value}, standard ${standard}`] } as const] : [],
  )
}
