/** What `sealward explain` says, as data and as lines for people. */
import type { AdminResult } from '../connection/administration.ts'
import { printable } from '../terminal/printable.ts'
import type { ClientSide } from './client-side.ts'

export type ServerSide = AdminResult<'explainDecision'>

export interface Explanation {
  readonly path: string
  readonly user: string
  readonly client: ClientSide
  /** Null unless the administration was asked. */
  readonly server: ServerSide | null
}

type Line = readonly [label: string, text: string]

export function describeExplanation({ path, user, client, server }: Explanation): string {
  const lines: readonly Line[] = [
    ['document', `${path} for ${user}`],
    ...clientLines(client),
    ...(server === null
      ? [['server', 'not asked: name --data, or --service with --admin-token-file'] as const]
      : serverLines(server)),
  ]
  const width = Math.max(...lines.map(([label]) => label.length))
  return `${lines.map(([label, text]) => `${label.padEnd(width)}  ${printable(text)}`).join('\n')}\n`
}

function clientLines({ format, licence, document, service, identities, keptLicence, problems }: ClientSide): Line[] {
  const chain = licence.chain.map(({ type, signature }) => `${type} ${signature}`).join(', ')
  return [
    ['client', `${format}; licence ${licence.contentId} of ${licence.owner ?? 'nobody'}, ${licence.kind}`],
    [
      '',
      `policy ${licence.policyNames[0]?.name ?? licence.policyId ?? 'of its own'}, made for key ${licence.serverKey}`,
    ],
    ['', `chain: ${chain}`],
    ...(service === null ? [] : [['', `service ${service}`] as const]),
    ...(document?.addresses ?? []).flatMap(({ url, asks, redirected, code, cure }): Line[] => [
      [
        '',
        `${url}${redirected && asks !== null ? `, redirected to ${asks}` : ''}: ${code === null ? 'may be asked' : `refused [${code}]`}`,
      ],
      ...(cure === null ? [] : [['', `cure: ${cure}`] as const]),
    ]),
    ['', `identities of the user on this machine: ${identities.length}`],
    ...identities.flatMap(({ service: at, certificates }) =>
      certificates.map(({ chain: name, state, validUntil }): Line => {
        const until = validUntil === undefined ? '' : ` until ${validUntil.toISOString()}`
        return ['', `${name} certificate at ${at}: ${state}${until}`]
      }),
    ),
    ['', keptLine(keptLicence)],
    ...problems.flatMap(({ code, cause, cure }): Line[] => [
      ['', `${cause} [${code}]`],
      ['', `cure: ${cure}`],
    ]),
  ]
}

function keptLine(kept: ClientSide['keptLicence']): string {
  if (kept === null) return 'no licence for the document is kept here: the service is asked'
  if (kept.problem !== undefined) return `a licence is kept here, but damaged [${kept.problem}]: the service is asked`
  const issued = kept.issuedAt?.toISOString() ?? ''
  if (kept.rights.length === 0) return `the licence of ${issued} that is kept here is over: the service is asked`
  const until = kept.expiresAt === undefined ? 'without end' : `until ${kept.expiresAt.toISOString()}`
  return `a licence of ${issued} is kept here: ${kept.rights.join(', ')} ${until}; the service is not asked before`
}

function serverLines({
  granted,
  ground,
  rights = [],
  expires,
  reason,
  cause,
  cure,
  steps,
  groups,
}: ServerSide): Line[] {
  return [
    ...steps.map(({ step, outcome, detail, code }, index): Line => {
      const why = detail === '' ? '' : `: ${detail}`
      return [index === 0 ? 'server' : '', `${step} ${outcome}${why}${code === undefined ? '' : ` [${code}]`}`]
    }),
    ...groups.map(({ address, counts, path }): Line => {
      const way = path === undefined ? '' : `, by ${path.join(' > ')}`
      return ['group', `${address}${way}${counts ? '' : '; the service does not know it yet (directory flush)'}`]
    }),
    granted
      ? ['result', `${rights.join(', ')} (${ground ?? ''})${expires === undefined ? '' : ` until ${expires}`}`]
      : ['result', `${cause ?? 'refused'} [${reason ?? ''}]`],
    ...(cure === undefined ? [] : [['cure', cure] as const]),
  ]
}
