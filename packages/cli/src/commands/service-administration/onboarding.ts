/** `sealward onboarding …`: who may protect through the tenant while people move to it in batches. */
import type { Command } from 'commander'
import { RightsError } from '@sealward/xrml'
import type { Administration, AdminCall } from '../../connection/administration.ts'
import {
  administrationOptions,
  withAdministration,
  type AdministrationOptions,
} from '../../connection/administration-options.ts'
import { exitCodes } from '../../exit-codes.ts'
import { examples, jsonOption, runs } from '../../terminal/command.ts'
import type { Output } from '../../terminal/output.ts'
import { agreed, changeOptions, type ChangeOptions } from '../../terminal/plan.ts'

type Policy = AdminCall<'setOnboarding'>['body']

const scopes: readonly Policy['scope'][] = ['All', 'WindowsApp', 'MobileApp']

export function onboardingCommands(program: Command): void {
  const onboarding = program.command('onboarding').description('Who may protect while a migration is under way')
  showCommand(onboarding)
  setCommand(onboarding)
  removeCommand(onboarding)
}

function showCommand(onboarding: Command): void {
  const command = jsonOption(administrationOptions(onboarding.command('show').description('Show the policy')))
  examples(command, 'sealward onboarding show', 'sealward onboarding show --data tenant --json')
  runs<AdministrationOptions>(command, ({ options, output }) =>
    withAdministration(options, async (administration) => {
      await show(administration, output)
      return exitCodes.done
    }),
  )
}

interface SetOptions extends AdministrationOptions, ChangeOptions {
  readonly group: string
  readonly scope: string
}

function setCommand(onboarding: Command): void {
  const command = changeOptions(
    administrationOptions(
      onboarding
        .command('set')
        .description('Let only the members of a group protect; everybody opens as before')
        .requiredOption('--group <address>', 'group of the directory')
        .option('--scope <clients>', 'All, WindowsApp or MobileApp', 'All'),
    ),
  )
  examples(
    command,
    'sealward onboarding set --group migrated@lakeside.example',
    'sealward onboarding set --group migrated@lakeside.example --scope WindowsApp --data tenant --yes',
  )
  runs<SetOptions>(command, ({ options, output }) =>
    withAdministration(options, async (administration) => {
      const scope = scopes.find((each) => each.toLowerCase() === options.scope.toLowerCase())
      if (scope === undefined) throw new RightsError('option-invalid', { detail: `--scope takes ${scopes.join(', ')}` })
      const { group } = options
      if (!(await agreed([`only members of ${group} may protect (${scope})`], options, output))) return exitCodes.done
      await administration.call('setOnboarding', { body: { useLicense: false, group, scope } })
      output.say(`only members of ${group} may protect (${scope})`)
      return exitCodes.done
    }),
  )
}

function removeCommand(onboarding: Command): void {
  const command = changeOptions(
    administrationOptions(onboarding.command('remove').description('Remove the policy: everybody may protect')),
  )
  examples(command, 'sealward onboarding remove', 'sealward onboarding remove --data tenant --yes')
  runs<AdministrationOptions & ChangeOptions>(command, ({ options, output }) =>
    withAdministration(options, async (administration) => {
      if (!(await agreed(['everybody may protect'], options, output))) return exitCodes.done
      await administration.call('setOnboarding', { body: { useLicense: false, scope: 'All' } })
      output.say('everybody may protect')
      return exitCodes.done
    }),
  )
}

async function show(administration: Administration, output: Output): Promise<void> {
  const policy = await administration.call('getOnboarding')
  output.data(
    () =>
      policy.group === undefined
        ? 'everybody may protect'
        : `only members of ${policy.group} may protect (${policy.scope})`,
    () => policy,
  )
}
