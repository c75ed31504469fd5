/**
 * What the steps of a migration reach from this machine: the administration of tenant and clusters, exports with their
 * passwords, names and addresses. Tokens and passwords come from a folder of files or are asked for; nothing keeps them.
 */
import { existsSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import type { Command } from 'commander'
import {
  createAdminClient,
  createDnsReader,
  logWatch,
  type AdminApi,
  type MigrationPlan,
  type MigrationPorts,
} from '@sealward/migration'
import { readSecret } from '../terminal/secret.ts'

export interface CredentialOptions {
  readonly credentials?: string
}

export function credentialOptions(command: Command): Command {
  return command.option(
    '--credentials <dir>',
    'folder of secrets, each in the first line of a file: tenant.token, CLUSTER.token, EXPORT.txt; others are asked for',
  )
}

const probeMilliseconds = 10_000

/** @throws RightsError `secret-missing`, `service-url-refused` */
export async function migrationPorts(
  plan: MigrationPlan,
  actor: string,
  { credentials }: CredentialOptions,
): Promise<MigrationPorts> {
  const secret = (name: string, question: string): Promise<string> => {
    const path = credentials === undefined ? undefined : join(credentials, name)
    return readSecret(path !== undefined && existsSync(path) ? path : undefined, question)
  }
  const administration = async (name: string, url: string): Promise<AdminApi> =>
    createAdminClient({ url, token: await secret(`${name}.token`, `Administration token of ${name} at ${url}`), actor })
  const clusters = new Map<string, AdminApi>()
  const tenant = await administration('tenant', plan.tenant.adminUrl)
  for (const { name, adminUrl } of plan.clusters) {
    if (adminUrl !== undefined) clusters.set(name, await administration(name, adminUrl))
  }
  const passwords = new Map<string, Promise<string>>()
  return {
    tenant,
    clusters,
    passwordOf(file) {
      const name = basename(file, extname(file))
      const known = passwords.get(file) ?? secret(`${name}.txt`, `Password of ${file}`)
      passwords.set(file, known)
      return known
    },
    dns: createDnsReader(plan.dns?.servers ?? []),
    probe,
    watch: logWatch,
  }
}

/** Whoever answers is there, whatever the answer is. */
async function probe(url: string): Promise<number | undefined> {
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(probeMilliseconds) })
    await response.body?.cancel()
    return response.status
  } catch {
    return undefined
  }
}
