/**
 * The one interruption of a migration: from the moment when protected mail and protected libraries of a server stop until
 * they work again (migration.md 2, 7 and 8.5). The commands of steps 6 and 7 note both times; here they are measured.
 */
import { failed, named, notApplicable, passed, warned, type Check } from '../check.ts'
import type { StepContext } from '../context.ts'
import type { ShapeOf } from '../../project/shape.ts'
import { anyText, listOf, record, wholeNumber } from '../../project/shape.ts'

/** What a check of this file keeps in the evidence, and the report shows. */
export const measuredInterruptions = listOf(
  record(
    { server: anyText, stoppedAt: anyText, resumedAt: anyText, seconds: wholeNumber(0, Number.MAX_SAFE_INTEGER) },
    /** When the tenant last certified the server, by its own log. */
    { certifiedAt: anyText },
  ),
)
export type MeasuredInterruption = ShapeOf<typeof measuredInterruptions>[number]

/** The name under which hosted mail reports. */
export const hostedServer = 'hosted'

export const interruptionChecks: readonly string[] = ['hosted-interruption', 'servers-interruption']

export const hostedInterruption = interruptionCheck(
  'hosted-interruption',
  'The interruption of hosted mail is over and measured',
  ({ plan }) => (plan.mail?.place === 'hosted' ? [hostedServer] : []),
)

export const serversInterruption = interruptionCheck(
  'servers-interruption',
  'The interruption of every server is over and measured',
  ({ plan }) => (plan.connector?.servers ?? []).map(({ name }) => name),
)

function interruptionCheck(id: string, title: string, serversOf: (context: StepContext) => readonly string[]): Check {
  return {
    id,
    title,
    run: async (context) => {
      const servers = serversOf(context)
      if (servers.length === 0) return notApplicable('the plan has no server that is interrupted')
      const reports = new Map(context.collected('interruptions').map((each) => [machineName(each.server), each]))
      const known = servers.flatMap((server) => reports.get(machineName(server)) ?? [])
      const lasting = known.filter(({ resumedAt }) => resumedAt === undefined)
      if (lasting.length > 0) {
        return failed({
          finding: `protected content stands still on ${named(lasting.map(({ server, stoppedAt }) => `${server} since ${stoppedAt}`))}`,
          cure: 'Finish the commands of the step there, or put back the saved settings.',
        })
      }
      const backwards = known.filter(({ stoppedAt, resumedAt = '' }) => Date.parse(resumedAt) < Date.parse(stoppedAt))
      if (backwards.length > 0) {
        return failed({
          finding: `the interruption of ${named(backwards.map(({ server }) => server))} ends before it begins`,
          cure: 'Both times come from the clock of the server: correct it, and the report.',
        })
      }
      const data = await Promise.all(known.map((report) => measure(context, report)))
      const unknown = servers.filter((server) => !reports.has(machineName(server)))
      if (unknown.length === 0) return passed(data)
      return warned({
        finding: `how long protected content stood still on ${named(unknown)} was not reported`,
        cure: 'Put the file that the commands of the step write on each server into collected/interruptions.',
        data,
      })
    },
  }
}

async function measure(
  context: StepContext,
  {
    server,
    stoppedAt,
    resumedAt = '',
  }: { readonly server: string; readonly stoppedAt: string; readonly resumedAt?: string },
): Promise<MeasuredInterruption> {
  const { servers } = await context.tenantLog()
  const certified = [...servers].find(([name]) => machineName(name) === machineName(server))
  const seconds = Math.round((Date.parse(resumedAt) - Date.parse(stoppedAt)) / 1000)
  return {
    server,
    stoppedAt,
    resumedAt,
    seconds,
    ...(certified === undefined ? {} : { certifiedAt: certified[1].last }),
  }
}

/** A plan names the host, a server says its short name. */
function machineName(server: string): string {
  return server.toLowerCase().split('.')[0] ?? ''
}
