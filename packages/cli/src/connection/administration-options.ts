/**
 * Which service an administrative command works on: one that listens, named by address and token file, or a data
 * directory. In a data directory the commands work themselves, also while the service runs: the database is made for it.
 */
import type { Command } from 'commander'
import { RightsError } from '@sealward/xrml'
import { administerData } from '../data/data-administration.ts'
import { usualData } from '../data/data-directory.ts'
import { readSecret } from '../terminal/secret.ts'
import type { Administration } from './administration.ts'
import { httpAdministration } from './http-administration.ts'

export interface AdministrationOptions {
  readonly service?: string
  readonly adminTokenFile?: string
  readonly data?: string
}

export function administrationOptions(command: Command): Command {
  return command
    .option('--data <dir>', `data directory of the service (default: "${usualData}")`)
    .option('--service <url>', 'address of a service that runs, instead of its data directory')
    .option('--admin-token-file <file>', 'file with its administration token; - for standard input')
}

/** @throws RightsError `option-invalid`, `secret-missing`, those of the connection, and of `work` */
export async function withAdministration<T>(
  options: AdministrationOptions,
  work: (administration: Administration) => Promise<T>,
): Promise<T> {
  const { service, adminTokenFile, data } = options
  if (service === undefined) {
    if (adminTokenFile !== undefined) throw invalid('the token is for a service that is named by its address')
    return administerData(data ?? usualData, work)
  }
  if (data !== undefined) throw invalid('either the address of a service or a data directory')
  return work(httpAdministration(service, await readSecret(adminTokenFile, `Administration token of ${service}`)))
}

function invalid(detail: string): RightsError {
  return new RightsError('option-invalid', { detail })
}
