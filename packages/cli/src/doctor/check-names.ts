/** Service records by which clients of mail addresses and of documents find the service (threat D7). */
import { isIP } from 'node:net'
import { findServiceRecord } from '@sealward/client'
import { isLoopbackHost } from '@sealward/protocol'
import { formerNames } from '@sealward/service'
import { fine, skipped, wrong, wrongBecause, type Finding } from './finding.ts'
import { installedCheck } from './patient.ts'

const timeoutMilliseconds = 2_000

export const recordsCheck = installedCheck('srv', async ({ config, takenOver }, { nameServers }) => {
  const own = [config.publicUrl, config.externalUrl].flatMap((url) =>
    url === undefined ? [] : [new URL(url).hostname],
  )
  if (own.every((host) => isLoopbackHost(host)) && nameServers.length === 0) {
    return [skipped('the service is reached on this machine only')]
  }
  const hosts = [...own, ...formerNames(await takenOver())]
  const domains = [...new Set([...config.domains, ...hosts.flatMap(parentOf)])]
  if (domains.length === 0) return [skipped('no mail domain is configured')]
  return Promise.all(domains.map((domain) => recordFinding(domain, hosts, nameServers)))
})

async function recordFinding(domain: string, hosts: readonly string[], servers: readonly string[]): Promise<Finding> {
  try {
    const { asked, record } = await findServiceRecord(domain, { servers, timeoutMilliseconds })
    const name = asked.at(-1) ?? domain
    if (record === undefined) return wrong('service-record-missing', asked.join(', '))
    const found = `${name} points to ${record.target}:${record.port}`
    return hosts.includes(record.target) ? fine(found) : wrong('service-record-elsewhere', found)
  } catch (error) {
    return wrongBecause(error, domain)
  }
}

/** Clients of a document look beside the host in its licence. */
function parentOf(host: string): readonly string[] {
  const parent = host.split('.').slice(1).join('.')
  return isIP(host) === 0 && parent.includes('.') ? [parent] : []
}
