/** `sealward super-user …`: who may open everything, and whether that is switched on. */
import type { Command } from 'commander'
import type { Administration } from '../../connection/administration.ts'
import {
  administrationOptions,
  withAdministration,
  type AdministrationOptions,
} from '../../connection/administration-options.ts'
import { exitCodes } from '../../exit-codes.ts'
import { examples, jsonOption, runs } from '../../terminal/command.ts'
import { agreed, changeOptions, type ChangeOptions } from '../../terminal/plan.ts'

export function superUserCommands(program: Command): void {
  const superUser = program.command('super-user').description('Accounts that may open everything; every use is logged')
  listCommand(superUser)
  for (const each of memberChanges) memberCommand(superUser, each)
  for (const enabled of [true, false]) switchCommand(superUser, enabled)
}

function listCommand(superUser: Command): void {
  const command = jsonOption(administrationOptions(superUser.command('list').description('List the super users')))
  examples(command, 'sealward super-user list', 'sealward super-user list --json')
  runs<AdministrationOptions>(command, ({ options, output }) =>
    withAdministration(options, async (administration) => {
      const { enabled, users: addresses, group } = await administration.call('getSuperUsers')
      const members = group === undefined ? [] : [`members of ${group}`]
      output.data(
        () => [enabled ? 'enabled' : 'disabled', ...addresses, ...members].join('\n'),
        () => ({ enabled, addresses, group: group ?? null }),
      )
      return exitCodes.done
    }),
  )
}

interface MemberChange {
  readonly verb: string
  readonly description: string
  readonly change: (administration: Administration, address: string) => Promise<unknown>
}

const memberChanges: readonly MemberChange[] = [
  {
    verb: 'add',
    description: 'Let an account open everything, once super users are enabled',
    change: (administration, address) => administration.call('addSuperUser', { body: { address } }),
  },
  {
    verb: 'remove',
    description: 'Take the account off the list',
    change: (administration, address) => administration.call('removeSuperUser', { parameters: { address } }),
  },
]

function memberCommand(superUser: Command, { verb, description, change }: MemberChange): void {
  const command = changeOptions(
    administrationOptions(
      superUser.command(verb).description(description).argument('<address>', 'primary mail address'),
    ),
  )
  const example = `sealward super-user ${verb} emma.lund@lakeside.example`
  examples(command, example, `${example} --yes`)
  runs<AdministrationOptions & ChangeOptions>(command, ({ args, options, output }) =>
    withAdministration(options, async (administration) => {
      const [address = ''] = args
      if (!(await agreed([`${verb} super user ${address}`], options, output))) return exitCodes.done
      await change(administration, address)
      output.say(`${verb === 'add' ? 'added' : 'removed'} ${address}`)
      return exitCodes.done
    }),
  )
}

function switchCommand(superUser: Command, enabled: boolean): void {
  const verb = enabled ? 'enable' : 'disable'
  const effect = enabled ? 'super users may open every document' : 'super users have no more rights than others'
  const command = changeOptions(administrationOptions(superUser.command(verb).description(`From now on ${effect}`)))
  examples(command, `sealward super-user ${verb}`, `sealward super-user ${verb} --yes`)
  runs<AdministrationOptions & ChangeOptions>(command, ({ options, output }) =>
    withAdministration(options, async (administration) => {
      if (!(await agreed([`${verb}: ${effect}`], options, output))) return exitCodes.done
      await administration.call('enableSuperUsers', { body: { enabled } })
      output.say(effect)
      return exitCodes.done
    }),
  )
}
