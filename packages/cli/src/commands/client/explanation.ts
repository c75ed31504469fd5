/** What `sealward client explain` says, as data and as lines for people. */
import type { DiscoveredService, DiscoveryStep, ServiceLocation } from '@sealward/client'
import type { ReportedError } from '../../terminal/output.ts'
import { printable } from '../../terminal/printable.ts'
import type { ExplainedAddress, ExplainedDocument } from './explain-document.ts'
import type { ExplainedIdentity, ExplainedStore } from './explain-store.ts'

export interface OnlineAnswer {
  /** Fingerprint of the root above the service. */
  readonly root: string | null
  readonly trusted: boolean
  readonly error: ReportedError | null
}

/** Whether somebody could sign in with a Kerberos ticket. */
export interface ExplainedTicket {
  readonly error: ReportedError | null
}

export interface ClientExplanation {
  readonly connectionFile: string | null
  readonly steps: readonly DiscoveryStep[]
  readonly service: DiscoveredService | null
  readonly serviceLocation: ServiceLocation | null
  readonly allowedHosts: readonly string[]
  readonly trustedServers: readonly string[]
  readonly trustedServersOnly: boolean
  readonly anchors: readonly string[]
  readonly protectionDisabledBy: string | null
  /** How many are configured. */
  readonly redirections: number
  readonly document: ExplainedDocument | null
  readonly store: ExplainedStore
  /** Null unless the service was to be asked. */
  readonly online: OnlineAnswer | null
  /** Null unless a ticket was to be looked for. */
  readonly ticket: ExplainedTicket | null
}

type Line = readonly [label: string, text: string]

export function describeExplanation(explanation: ClientExplanation): string {
  const { steps, document, store, online, ticket } = explanation
  const lines: Line[] = [
    ['connection file', explanation.connectionFile ?? 'none'],
    ...steps.flatMap((step, index) => stepLines(`step ${index + 1}`, step)),
    ['service', serviceLine(explanation)],
    ...(online === null ? [] : onlineLines(online)),
    ...(ticket === null ? [] : ticketLines(ticket)),
    ['allowed hosts', listed(explanation.allowedHosts)],
    [
      'trusted servers',
      `${listed(explanation.trustedServers)}${explanation.trustedServersOnly ? ', and no others' : ''}`,
    ],
    ['trusted roots', listed(explanation.anchors)],
    ['protecting', forbidden(explanation.protectionDisabledBy)],
    ['redirections', String(explanation.redirections)],
    ...(document === null ? [] : documentLines(document)),
    ['store', store.problem === null ? store.directory : `${store.problem.cause} [${store.problem.code}]`],
    ...store.identities.flatMap(identityLines),
  ]
  const width = Math.max(...lines.map(([label]) => label.length))
  return `${lines.map(([label, text]) => `${label.padEnd(width)}  ${printable(text)}`).join('\n')}\n`
}

function stepLines(
  label: string,
  { source, lookedAt, found, outcome, why, code, cure }: DiscoveryStep,
): readonly Line[] {
  const at = found === undefined ? lookedAt : `${lookedAt}: ${found}`
  const end = code === undefined ? '' : ` [${code}]`
  const first: Line = [label, `${source}, ${at}; ${outcome}: ${why}${end}`]
  return cure === undefined ? [first] : [first, ['', `cure: ${cure}`]]
}

function serviceLine({ service, serviceLocation }: ClientExplanation): string {
  if (service === null) return 'none was found [service-not-discovered]'
  const { certification, licensing } = serviceLocation ?? {}
  const places = [
    ...(certification === undefined ? [] : [`certification ${certification}`]),
    ...(licensing === undefined ? [] : [`licensing ${licensing}`]),
  ]
  const offline = service.admission === 'offline' ? ['offline only, nothing is asked [service-not-discovered]'] : []
  return [service.url, ...places, ...offline].join(', ')
}

function ticketLines({ error }: ExplainedTicket): readonly Line[] {
  return error === null ? [['ticket', 'there is one']] : errorLines('ticket', error)
}

function errorLines(label: string, { cause, code, cure }: ReportedError): readonly Line[] {
  return [
    [label, `${cause} [${code}]`],
    ['', `cure: ${cure}`],
  ]
}

function onlineLines({ root, trusted, error }: OnlineAnswer): readonly Line[] {
  if (error !== null) return errorLines('online', error)
  return [
    ['online', `it answers; its root ${root ?? ''} is ${trusted ? 'trusted' : 'not trusted [chain-anchor-untrusted]'}`],
  ]
}

function forbidden(by: string | null): string {
  return by === null ? 'allowed' : `forbidden by ${by} [protection-disabled]`
}

function documentLines({ path, addresses, steps }: ExplainedDocument): readonly Line[] {
  const [first, ...others] = addresses.filter(({ code }) => code === null)
  const labelOf = (address: ExplainedAddress): string => {
    if (address === first) return 'is asked for'
    return others.includes(address) ? 'if unreachable' : 'names'
  }
  return [
    ['document', path],
    ...addresses.flatMap((address) => addressLines(labelOf(address), address)),
    ...steps.flatMap((step) => stepLines('looked for', step)),
  ]
}

function addressLines(label: string, { url, asks, redirected, code, cure }: ExplainedAddress): readonly Line[] {
  const where = asks === null ? '' : redirected ? `, redirected to ${asks}` : ', asked there'
  const first: Line = [label, `${url}${where}; ${code === null ? 'allowed' : `refused [${code}]`}`]
  return cure === null ? [first] : [first, ['', `cure: ${cure}`]]
}

function identityLines(identity: ExplainedIdentity): readonly Line[] {
  const { user, service, machineKeyBits, certificates, licences, firstUseAnchors, highestTime, clockBehind } = identity
  const time = highestTime === null ? 'none' : highestTime.toISOString()
  return [
    ['identity', `${user} at ${service}; ${licences} licences`],
    ['machine key', machineKeyBits === null ? 'none' : `${machineKeyBits} bits`],
    ...certificates.map(({ chain, state, validUntil, problem }): Line => {
      const until = validUntil === undefined ? '' : ` until ${validUntil.toISOString()}`
      return [chain, `${state}${until}${problem === undefined ? '' : ` [${problem}]`}`]
    }),
    ...(firstUseAnchors.length === 0 ? [] : [['trusted at first use', listed(firstUseAnchors)] as const]),
    ['highest time seen', clockBehind ? `${time}; the clock of this machine is behind it` : time],
  ]
}

function listed(items: readonly string[]): string {
  return items.length === 0 ? 'none' : items.join(', ')
}
