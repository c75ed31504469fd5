/** The watch as text: for terminals and log files. */
import { verdictNames, type SeenOn, type SubjectVerdict, type Verdicts } from './verdict.ts'

/**
 * ```ts
 * console.log(watchTable(await verdicts(events, { now })))
 * ```
 * @param rowsMost people and machines that are shown; default 50
 */
export function watchTable(watched: Verdicts, rowsMost = 50): string {
  const { counts, hostCounts, readiness } = watched
  const heads = verdictNames.map((name) => `${name} ${counts[name]}/${hostCounts[name]}`).join('   ')
  const state = readiness.ready
    ? `ready: nobody has asked the cluster for ${readiness.quietDays} days`
    : `not ready: ${readiness.findings.join('; ')}; at the earliest in ${readiness.daysLeft} days`
  const subjects = [...watched.users, ...watched.hosts].filter(({ verdict }) => verdict !== 'tenant-only')
  const rows = subjects.slice(0, rowsMost).map(subjectRow)
  const hidden = subjects.length - rows.length
  const leftovers = watched.leftovers
    .slice(0, rowsMost)
    .map(({ class: name, requests, principal, host, agent, cure }) => [
      name,
      String(requests),
      shown(principal === '' ? '(nobody)' : principal),
      shown(host),
      shown(agent),
      cure,
    ])
  return [
    `users/machines: ${heads}`,
    state,
    '',
    ...columns([['verdict', 'who', 'cluster, last', 'tenant, last', 'programs'], ...rows]),
    ...(hidden > 0 ? [`… and ${hidden} more`] : []),
    ...(leftovers.length === 0
      ? []
      : ['', ...columns([['cause', 'requests', 'who', 'from', 'program', 'cure'], ...leftovers])]),
    '',
  ].join('\n')
}

function subjectRow({ verdict, name, cluster, tenant, agents }: SubjectVerdict): readonly string[] {
  return [verdict, shown(name), lastSeen(cluster), lastSeen(tenant), shown(agents.join(', '))]
}

function lastSeen(side: SeenOn | undefined): string {
  return side === undefined ? '-' : `${side.last.toISOString().slice(0, 16).replace('T', ' ')} (${side.requests})`
}

/** Logs hold what clients send: nothing of it may act on a terminal. */
function shown(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '\uFFFD').slice(0, 100)
}

function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = []
  for (const row of rows) row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, cell.length)))
  return rows.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
