/** A service that listens, and ends in order: the listener first, then the database. */
import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import {
  openInstallation,
  openService,
  type Config,
  type Installation,
  type InstallationConfig,
  type RunningServer,
  type Service,
} from '@sealward/service'
import type { MasterKey } from '@sealward/keys'
import { RightsError } from '@sealward/xrml'
import { dataFiles } from '../data/data-directory.ts'
import type { InstallationService } from './installation-services.ts'

export interface RunServiceInput {
  readonly config: Config
  readonly masterKey: MasterKey
  readonly folder: string
  /** Where request lines go; standard output unless given. */
  readonly requestLog?: { write(line: string): void }
}

/**
 * @param use the service stops when it is done
 * @throws RightsError `port-not-usable` and the codes of the service
 */
export async function runService<T>(
  input: RunServiceInput,
  use: (url: string, service: Service) => Promise<T>,
): Promise<T> {
  const service = await openService(input)
  return whileListening(service, input.config, (url) => use(url, service))
}

export interface RunInstallationInput {
  readonly installation: InstallationConfig
  readonly folder: string
  readonly services: readonly InstallationService[]
}

/**
 * @param use the services stop when it is done
 * @throws RightsError `port-not-usable` and the codes of the services
 */
export async function runInstallation<T>(input: RunInstallationInput, use: (url: string) => Promise<T>): Promise<T> {
  return whileListening(await openInstallation(input), input.installation, use)
}

async function whileListening<T>(
  opened: Pick<Installation, 'listen' | 'close'>,
  config: Pick<Config, 'listener'>,
  use: (url: string) => Promise<T>,
): Promise<T> {
  try {
    const running: RunningServer = await opened.listen().catch((error: unknown) => {
      throw portError(error, config)
    })
    try {
      return await use(running.url)
    } finally {
      await running.close()
    }
  } finally {
    await opened.close()
  }
}

function portError(error: unknown, { listener }: Pick<Config, 'listener'>): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code !== 'EADDRINUSE' && code !== 'EACCES' && code !== 'EADDRNOTAVAIL') return error
  return new RightsError('port-not-usable', { detail: `${listener.host}:${listener.port}, ${code}`, cause: error })
}

/** Request lines in a file of the data directory, so that the terminal stays readable. */
export async function withRequestLog<T>(
  data: string,
  use: (log: { write(line: string): void }) => Promise<T>,
): Promise<T> {
  const descriptor = openSync(join(data, dataFiles.requestLog), 'a', 0o600)
  try {
    return await use({ write: (line) => void writeSync(descriptor, line) })
  } finally {
    closeSync(descriptor)
  }
}

/** Until Ctrl-C, or until somebody ends the process politely. */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve())
  })
}
