/** `sealward cluster recovery …`: to whom a decommissioned cluster gives content keys. */
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

export function recoveryCommands(cluster: Command): void {
  const recovery = cluster
    .command('recovery')
    .description('Accounts that get every content key once the cluster is decommissioned; every key is logged')
  listCommand(recovery)
  for (const each of changes) changeCommand(recovery, each)
}

function listCommand(recovery: Command): void {
  const command = jsonOption(administrationOptions(recovery.command('list').description('List the accounts')))
  examples(
    command,
    'sealward cluster recovery list --data cluster',
    'sealward cluster recovery list --data cluster --json',
  )
  runs<AdministrationOptions>(command, ({ options, output }) =>
    withAdministration(options, async (administration) => {
      const { accounts } = await administration.call('getRecoveryAccounts')
      output.data(
        () => (accounts.length === 0 ? 'nobody' : accounts.join('\n')),
        () => ({ accounts }),
      )
      return exitCodes.done
    }),
  )
}

interface ListChange {
  readonly verb: string
  readonly description: string
  readonly effect: (address: string) => string
  readonly change: (administration: Administration, address: string) => Promise<unknown>
}

const changes: readonly ListChange[] = [
  {
    verb: 'add',
    description: 'Let an account have the key of every document, whatever its policy says',
    effect: (address) => `${address} gets the key of every document once the cluster is decommissioned`,
    change: (administration, address) => administration.call('addRecoveryAccount', { body: { address } }),
  },
  {
    verb: 'remove',
    description: 'Take the account off the list',
    effect: (address) => `${address} gets no content keys`,
    change: (administration, address) => administration.call('removeRecoveryAccount', { parameters: { address } }),
  },
]

function changeCommand(recovery: Command, { verb, description, effect, change }: ListChange): void {
  const command = changeOptions(
    administrationOptions(
      recovery.command(verb).description(description).argument('<address>', 'primary mail address'),
    ),
  )
  const example = `sealward cluster recovery ${verb} ines.duarte@lakeside.example --data cluster`
  examples(command, example, `${example} --yes`)
  runs<AdministrationOptions & ChangeOptions>(command, ({ args, options, output }) =>
    withAdministration(options, async (administration) => {
      const [address = ''] = args
      if (!(await agreed([effect(address)], options, output))) return exitCodes.done
      await change(administration, address)
      output.say(effect(address))
      return exitCodes.done
    }),
  )
}
