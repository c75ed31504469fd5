/** `sealward tenant show` and `sealward cluster show`: what the service is, and how it is set. */
import type { Command } from 'commander'
import type { AdminResult } from '../../connection/administration.ts'
import {
  administrationOptions,
  withAdministration,
  type AdministrationOptions,
} from '../../connection/administration-options.ts'
import { exitCodes } from '../../exit-codes.ts'
import { examples, jsonOption, runs } from '../../terminal/command.ts'
import { table } from '../../terminal/table.ts'

type Configuration = AdminResult<'getConfiguration'>

export function showServiceCommand(parent: Command, name: 'tenant' | 'cluster'): void {
  const command = jsonOption(
    administrationOptions(
      parent.command('show').description(`Show identity, addresses, state and settings of the ${name}`),
    ),
  )
  examples(command, `sealward ${name} show --data ${name}`, `sealward ${name} show --data ${name} --json`)
  runs<AdministrationOptions>(command, ({ options, output }) =>
    withAdministration(options, async (administration) => {
      const configuration = await administration.call('getConfiguration')
      output.data(
        () => configurationTable(configuration),
        () => configuration,
      )
      return exitCodes.done
    }),
  )
}

function configurationTable(configuration: Configuration): string {
  const { onboarding, readOnly, maxUseLicenseDays: days } = configuration
  const rows: readonly (readonly [string, string])[] = [
    ['what it is', configuration.personality],
    ['state', configuration.state],
    ['identifier', configuration.serviceId],
    ['licensing', configuration.licensingUrl],
    ['licensing from outside', configuration.externalLicensingUrl ?? ''],
    ['certification', configuration.certificationUrl],
    ['answers for', configuration.hostNames.join(' ')],
    ['active key', configuration.activeKey ?? 'none'],
    ['keys', String(configuration.keys)],
    ['templates', String(configuration.templates)],
    ['super users', configuration.superUsersEnabled ? 'may open everything' : 'off'],
    ['may protect', mayProtect(onboarding, readOnly)],
    ['use licences live', days === undefined ? 'as the policy says' : `${days} days at most`],
    ['new content names', configuration.migrationUrl ?? 'this service'],
  ]
  return table(
    rows.filter(([, value]) => value !== ''),
    [
      { title: 'What', value: ([what]) => what },
      { title: 'Value', value: ([, value]) => value, most: 200 },
    ],
  )
}

function mayProtect(onboarding: Configuration['onboarding'], readOnly: Configuration['readOnly']): string {
  if (readOnly.everyone === true) return 'nobody'
  if (readOnly.group !== undefined) return `everybody but ${readOnly.group}`
  return onboarding.group === undefined ? 'everybody' : `members of ${onboarding.group} (${onboarding.scope})`
}
