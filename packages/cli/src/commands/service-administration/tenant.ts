/** `sealward tenant …`: the service as a tenant of the cloud service. */
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

export function tenantCommands(program: Command): void {
  const tenant = program.command('tenant').description('A tenant: the service that a migration moves to')
  createServiceCommand(tenant, 'tenant')
  showServiceCommand(tenant, 'tenant')
  enableCommand(tenant)
  disableCommand(tenant)
  takeOverCommand(tenant)
}

function enableCommand(tenant: Command): void {
  const command = changeOptions(
    administrationOptions(
      tenant.command('enable').description('Activate the tenant; without a key it gets one, and default templates'),
    ),
  )
  examples(command, 'sealward tenant enable --data tenant', 'sealward tenant enable --data tenant --yes')
  runs<AdministrationOptions & ChangeOptions>(command, ({ options, output }) =>
    withAdministration(options, async (administration) => {
      if (!(await agreed([`people may protect and open through ${administration.where}`], options, output))) {
        return exitCodes.done
      }
      const { state, previous } = await administration.call('setState', { body: { state: 'enabled' } })
      output.say(`the tenant is ${state}; it was ${previous}`)
      return exitCodes.done
    }),
  )
}

interface DisableOptions extends AdministrationOptions, ChangeOptions {
  readonly force?: boolean
}

function disableCommand(tenant: Command): void {
  const command = changeOptions(
    administrationOptions(
      tenant.command('disable').description('Deactivate the tenant: nothing can be protected or opened through it'),
    ).option('--force', 'although a key was never exported, or licences are still asked for'),
  )
  examples(command, 'sealward tenant disable --data tenant', 'sealward tenant disable --data tenant --force --yes')
  runs<DisableOptions>(command, ({ options, output }) =>
    withAdministration(options, async (administration) => {
      const steps = [`nobody can protect or open through ${administration.where} until it is enabled again`]
      if (!(await agreed(steps, options, output))) return exitCodes.done
      const { state, previous } = await administration.call('setState', {
        body: { state: 'disabled', ...(options.force === true ? { force: true } : {}) },
      })
      output.say(`the tenant is ${state}; it was ${previous}`)
      return exitCodes.done
    }),
  )
}

interface TakeOverOptions extends AdministrationOptions, ChangeOptions {
  readonly none?: boolean
}

function takeOverCommand(tenant: Command): void {
  const command = changeOptions(
    administrationOptions(
      tenant
        .command('take-over')
        .description('Answer for the names and web sites of clusters that are switched off; replaces the list')
        .argument(
          '[host...]',
          'names as old licences carry them, each with its port where it has one; or web sites with another base path than /_wmcs, as URLs',
        ),
    ).option('--none', 'answer for no other name'),
  )
  examples(
    command,
    'sealward tenant take-over rms.lakeside.example http://rms.lakeside.example:8080/rights/_wmcs --data tenant',
    'sealward tenant take-over --none --data tenant --yes',
  )
  runs<TakeOverOptions>(command, ({ args, options, output }) =>
    withAdministration(options, async (administration) => {
      // Commander gives the values of a variadic argument as one list.
      const hostNames = args.flat()
      if ((hostNames.length === 0) !== (options.none === true)) throw usage('either names or --none')
      const step = hostNames.length === 0 ? 'answer for no other name' : `answer for ${hostNames.join(', ')}`
      if (!(await agreed([step], options, output))) return exitCodes.done
      const taken = await administration.call('setHostNames', { body: { hostNames } })
      output.say(
        taken.hostNames.length === 0 ? 'no other name is answered for' : `answered for: ${taken.hostNames.join(', ')}`,
      )
      return exitCodes.done
    }),
  )
}

function usage(detail: string): RightsError {
  return new RightsError('usage-invalid', { detail })
}
