/**
 * What the steps of a migration reach from this machine: the administration of tenant and clusters, exports with their
 * passwords, names and addresses. Tokens and passwords come from a folder of files or are asked for; nothing keeps them
 * after the command.
 */
import { existsSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import type { Command } from 'commander'
import {
  createAdminClient,
  createDnsReader,
  logWatch,
  readLicensorKey,
  type AdminApi,
  type MigrationPlan,
  type MigrationPorts,
} from '@sealward/migration'
import { exportedKeysQuestion } from '../exit/key-folder.ts'
import { isProductionRoot } from '../exports/trusted-roots.ts'
import { withSecrets } from '../terminal/remembered-secrets.ts'
import { readSecret } from '../terminal/secret.ts'
import { exitPortOf, type ExitPortOptions } from './exit-port-options.ts'

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

/** Secrets are asked for once in a command. @throws RightsError `secret-missing`, `service-url-refused`, and of `work` */
export async function withMigrationPorts<T>(
  plan: MigrationPlan,
  actor: string,
  options: CredentialOptions & ExitPortOptions,
  work: (ports: MigrationPorts) => Promise<T>,
): Promise<T> {
  return withSecrets(async (secrets) => {
    const secret = (name: string, question: string): Promise<string> =>
      secrets.get(`${name} ${question}`, () => readCredential(options, name, question))
    const administration = async (name: string, url: string) =>
      createAdminClient({
        url,
        token: await secret(`${name}.token`, `Administration token of ${name} at ${url}`),
        actor,
      })
    const clusters = new Map<string, AdminApi>()
    const tenant = await administration('tenant', plan.tenant.adminUrl)
    for (const { name, adminUrl } of plan.clusters) {
      if (adminUrl !== undefined) clusters.set(name, await administration(name, adminUrl))
    }
    const exit = exitPortOf(options, () => secret('exit-keys.txt', exportedKeysQuestion))
    return work({
      tenant,
      clusters,
      passwordOf: (file) => secret(`${basename(file, extname(file))}.txt`, `Password of ${file}`),
      trustsRoot: isProductionRoot,
      dns: createDnsReader(plan.dns?.servers ?? []),
      probe,
      licensorKey: (serviceUrl) => readLicensorKey(serviceUrl, new Date()),
      watch: logWatch,
      ...(exit === undefined ? {} : { exit }),
    })
  })
}

function readCredential({ credentials }: CredentialOptions, name: string, question: string): Promise<string> {
  if (credentials === undefined) return readSecret(undefined, question)
  const path = join(credentials, name)
  return existsSync(path) ? readSecret(path, question) : readSecret(undefined, `${question} (${path} is missing)`)
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
