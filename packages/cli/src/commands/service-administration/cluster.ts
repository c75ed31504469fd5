/** `sealward cluster …`: the service as a cluster of AD RMS, until it is read-only, silent and gone. */
import type { Command } from 'commander'
import { RightsError } from '@sealward/xrml'
import {
  administrationOptions,
  withAdministration,
  type AdministrationOptions,
} from '../../connection/administration-options.ts'
import { exitCodes } from '../../exit-codes.ts'
import { examples, runs } from '../../terminal/command.ts'
import { agreed, changeOptions, type ChangeOptions } from '../../terminal/plan.ts'
import { createServiceCommand } from './create-service.ts'
import { showServiceCommand } from './show-service.ts'

export function clusterCommands(program: Command): void {
  const cluster = program.command('cluster').description('A cluster: the service that a migration comes from')
  createServiceCommand(cluster, 'cluster')
  showServiceCommand(cluster, 'cluster')
  readOnlyCommand(cluster)
  serveCommand(cluster)
  decommissionCommand(cluster)
}

interface ReadOnlyOptions extends AdministrationOptions, ChangeOptions {
  readonly everyone?: boolean
  readonly group?: string
}

function readOnlyCommand(cluster: Command): void {
  const command = changeOptions(
    administrationOptions(
      cluster.command('read-only').description('Refuse publishing to everyone or to a group; opening goes on'),
    )
      .option('--everyone', 'nobody protects through the cluster')
      .option('--group <address>', 'only the members of this group do not'),
  )
  examples(
    command,
    'sealward cluster read-only --group migrated@lakeside.example',
    'sealward cluster read-only --everyone --data cluster --yes',
  )
  runs<ReadOnlyOptions>(command, ({ options, output }) =>
    withAdministration(options, async (administration) => {
      const { everyone, group } = options
      if ((everyone === true) === (group !== undefined)) {
        throw new RightsError('usage-invalid', { detail: 'either --everyone or --group' })
      }
      const who = group === undefined ? 'nobody' : `no member of ${group}`
      const steps = [`${who} protects through ${administration.where}; partners without sign-in are refused as well`]
      if (!(await agreed(steps, options, output))) return exitCodes.done
      await administration.call('setReadOnly', { body: group === undefined ? { everyone: true } : { group } })
      output.say(`${who} protects through the cluster any more; what is protected opens as before`)
      return exitCodes.done
    }),
  )
}

function serveCommand(cluster: Command): void {
  const command = changeOptions(
    administrationOptions(cluster.command('serve').description('Let everybody protect again: no longer read-only')),
  )
  examples(command, 'sealward cluster serve', 'sealward cluster serve --data cluster --yes')
  runs<AdministrationOptions & ChangeOptions>(command, ({ options, output }) =>
    withAdministration(options, async (administration) => {
      if (!(await agreed([`everybody may protect through ${administration.where}`], options, output)))
        return exitCodes.done
      await administration.call('setReadOnly', { body: { off: true } })
      output.say('the cluster serves everybody')
      return exitCodes.done
    }),
  )
}

function decommissionCommand(cluster: Command): void {
  const command = changeOptions(
    administrationOptions(
      cluster
        .command('decommission')
        .description('Take the cluster out of operation for ever; only a backup brings it back'),
    ),
  )
  examples(command, 'sealward cluster decommission', 'sealward cluster decommission --data cluster --yes')
  runs<AdministrationOptions & ChangeOptions>(command, ({ options, output }) =>
    withAdministration(options, async (administration) => {
      const steps = [
        `${administration.where} certifies, publishes and licenses no more`,
        'it gives content keys to whom `sealward admission list` names for decommissioning, and to nobody else',
        'there is no way back but a backup',
      ]
      if (!(await agreed(steps, options, output))) return exitCodes.done
      await administration.call('setState', { body: { state: 'decommissioned', force: true } })
      output.say('the cluster is decommissioned')
      return exitCodes.done
    }),
  )
}
