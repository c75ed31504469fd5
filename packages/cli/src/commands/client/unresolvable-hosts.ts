/** Whether names resolve from here. Only a hint: an operator's machine need not see every network. */
import { lookup } from 'node:dns/promises'
import { setTimeout } from 'node:timers/promises'
import type { PlanWarning } from '@sealward/migration'

const patienceMilliseconds = 3_000

export async function unresolvableHosts(hosts: readonly string[]): Promise<readonly PlanWarning[]> {
  const late = new AbortController()
  const patience = setTimeout(patienceMilliseconds, true, { signal: late.signal }).catch(() => true)
  const resolved = await Promise.all(hosts.map((host) => Promise.race([resolves(host), patience])))
  late.abort()
  return hosts
    .filter((_, index) => resolved[index] === false)
    .map((subject): PlanWarning => ({ code: 'host-not-resolvable', subject }))
}

async function resolves(host: string): Promise<boolean> {
  try {
    await lookup(host)
    return true
  } catch {
    return false
  }
}
