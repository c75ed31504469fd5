/** Who a request counts for, when what one may ask for is limited: the person, else the address that it comes from. */
import { isIPv6 } from 'node:net'
import type { CoreContext } from '../core/ports.ts'
import { payerOf, requestCost, requireRateOfAddress, requireRateOfPerson } from '../core/require-rate.ts'
import { idOf } from '../core/sender.ts'
import type { Exchange } from './exchange.ts'

/** Never the same for a person and an address. */
export function requesterOf({ caller, info }: Pick<Exchange, 'caller' | 'info'>): string {
  return caller === undefined ? networkOf(info.remoteAddress) : `person ${idOf(caller)}`
}

/** Takes one request from the bucket of the requester. @throws RightsError `rate-limited`, `directory-unavailable` */
export async function requireRate(
  context: CoreContext,
  { caller, info }: Pick<Exchange, 'caller' | 'info'>,
): Promise<void> {
  if (caller === undefined) requireRateOfAddress(context, networkOf(info.remoteAddress))
  else await requireRateOfPerson(context, payerOf(caller), requestCost.request)
}

/**
 * The address; of IPv6 the first 64 bits, because whoever has one address has all of its network (RFC 4291, 2.5.4).
 * @param address as the socket or a trusted proxy says it
 */
export function networkOf(address: string): string {
  const [bare = ''] = address.split('%')
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare) ?? []
  if (mapped !== undefined) return mapped
  if (!isIPv6(bare)) return bare
  const [before = '', after] = bare.split('::')
  const head = groupsOf(before)
  const tail = groupsOf(after ?? '')
  const zeros = after === undefined ? 0 : Math.max(0, 8 - head.length - tail.length)
  const groups = [...head, ...Array.from({ length: zeros }, () => 0), ...tail]
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`
}

/** An embedded IPv4 address stands for two groups, both behind the first four. */
function groupsOf(text: string): readonly number[] {
  return text === ''
    ? []
    : text.split(':').flatMap((group) => (group.includes('.') ? [0, 0] : Number.parseInt(group, 16)))
}
