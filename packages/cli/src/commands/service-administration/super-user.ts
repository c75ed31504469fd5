/** `sealward super-user …`: who may open everything, and whether that is switched on. */
import type { Command } from 'commander'
import { addSuperUser, enableSuperUsers, listSuperUsers, removeSuperUser } from '@sealward/service'
import { dataOption, type DataOptions } from '../../data/data-directory.ts'
import { administer, type InProcessService } from '../../data/in-process-service.ts'
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
  const command = jsonOption(dataOption(superUser.command('list').description('List the super users')))
  examples(command, 'sealward super-user list', 'sealward super-user list --json')
  runs<DataOptions>(command, ({ options, output }) =>
    administer(options.data, async ({ administration }) => {
      const superUsers = await listSuperUsers(administration)
      output.data(
        () => [superUsers.enabled ? 'enabled' : 'disabled', ...superUsers.addresses].join('\n'),
        () => superUsers,
      )
      return exitCodes.done
    }),
  )
}

interface MemberChange {
  readonly verb: string
  readonly description: string
  readonly change: (opened: InProcessService, address: string) => Promise<void>
}

const memberChanges: readonly MemberChange[] = [
  {
    verb: 'add',
    description: 'Let an account open everything, once super users are enabled',
    change: ({ administration, service }, address) =>
      addSuperUser(administration, { address, directory: service.context.directory }),
  },
  {
    verb: 'remove',
    description: 'Take the account off the list',
    change: ({ administration }, address) => removeSuperUser(administration, { address }),
  },
]

function memberCommand(superUser: Command, { verb, description, change }: MemberChange): void {
  const command = changeOptions(
    dataOption(superUser.command(verb).description(description).argument('<address>', 'primary mail address')),
  )
  const example = `sealward super-user ${verb} emma.lund@lakeside.example`
  examples(command, example, `${example} --yes`)
  runs<DataOptions & ChangeOptions>(command, ({ args, options, output }) =>
    administer(options.data, async (opened) => {
      const [address = ''] = args
      if (!(await agreed([`${verb} super user ${address}`], options, output))) return exitCodes.done
      await change(opened, address)
      output.say(`${verb === 'add' ? 'added' : 'removed'} ${address}`)
      return exitCodes.done
    }),
  )
}

function switchCommand(superUser: Command, enabled: boolean): void {
  const verb = enabled ? 'enable' : 'disable'
  const effect = enabled ? 'super users may open every document' : 'super users have no more rights than others'
  const command = changeOptions(dataOption(superUser.command(verb).description(`From now on ${effect}`)))
  examples(command, `sealward super-user ${verb}`, `sealward super-user ${verb} --yes`)
  runs<DataOptions & ChangeOptions>(command, ({ options, output }) =>
    administer(options.data, async ({ administration }) => {
      if (!(await agreed([`${verb}: ${effect}`], options, output))) return exitCodes.done
      await enableSuperUsers(administration, { enabled })
      output.say(effect)
      return exitCodes.done
    }),
  )
}
