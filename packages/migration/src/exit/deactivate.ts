/**
 * Deactivating a tenant, in the published order of commands: connect, status, disable, status, disconnect. Each has its
 * line, so that the protocol of a deactivation can be read and kept.
 */
import { RightsError } from '@sealward/xrml'
import type { ServiceState } from '../admin-api.ts'
import type { ExitAdministration } from './exit-administration.ts'

export interface CommandOutput {
  readonly command: string
  readonly output: string
}

export interface DeactivateOptions {
  /** Also if a key was never exported or licences are still asked for; the service says which. */
  readonly force?: boolean
  /** Which of the two published families of command names; default `AipService`. */
  readonly names?: 'AipService' | 'Aadrm'
}

const commands = {
  AipService: ['Connect-AipService', 'Get-AipService', 'Disable-AipService', 'Disconnect-AipService'],
  Aadrm: ['Connect-AadrmService', 'Get-Aadrm', 'Disable-Aadrm', 'Disconnect-AadrmService'],
} as const

const statuses: Partial<Record<ServiceState, string>> = { enabled: 'Enabled', disabled: 'Disabled' }

/**
 * A tenant that is disabled already stays so.
 *
 * ```ts
 * for (const { command, output } of await deactivate(admin)) console.log(`PS> ${command}\n${output}`)
 * ```
 * @throws RightsError `state-refused` of the service, `exit-not-applicable` for clusters, `exit-not-disabled`
 */
export async function deactivate(
  admin: Pick<ExitAdministration, 'configuration' | 'setState'>,
  { force = false, names = 'AipService' }: DeactivateOptions = {},
): Promise<readonly CommandOutput[]> {
  const [connect, status, disable, disconnect] = commands[names]
  const lines: CommandOutput[] = []
  const { personality, serviceId, publicUrl, state } = await admin.configuration()
  if (personality !== 'tenant') throw new RightsError('exit-not-applicable', { detail: 'a cluster is not deactivated' })
  lines.push({ command: connect, output: `Connected to the service ${serviceId} at ${publicUrl}.` })
  lines.push({ command: status, output: statusOf(state) })
  if (state === 'disabled') {
    lines.push({ command: disable, output: 'The service is disabled already; nothing was changed.' })
  } else {
    await admin.setState('disabled', { force })
    lines.push({ command: disable, output: 'The service is disabled for this organisation.' })
  }
  const after = statusOf((await admin.configuration()).state)
  if (after !== 'Disabled') throw new RightsError('exit-not-disabled', { detail: after })
  lines.push({ command: status, output: after })
  lines.push({ command: disconnect, output: `Disconnected from ${publicUrl}.` })
  return lines
}

function statusOf(state: ServiceState): string {
  return statuses[state] ?? state
}
