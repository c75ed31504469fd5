/** `sealward exit deactivate`: the published sequence of commands, each with its output. */
import type { Command } from 'commander'
import { deactivate } from '@sealward/migration'
import {
  administrationOptions,
  withAdministration,
  type AdministrationOptions,
} from '../../connection/administration-options.ts'
import { exitAdministration } from '../../exit/exit-administration.ts'
import { exitCodes } from '../../exit-codes.ts'
import { examples, jsonOption, runs } from '../../terminal/command.ts'
import { agreed, changeOptions, type ChangeOptions } from '../../terminal/plan.ts'

interface DeactivateOptions extends AdministrationOptions, ChangeOptions {
  readonly force?: boolean
}

export function exitDeactivateCommand(exit: Command): void {
  const command = jsonOption(
    changeOptions(
      administrationOptions(
        exit
          .command('deactivate')
          .description('Deactivate the tenant in the published order: connect, status, disable, status, disconnect'),
      ),
    ).option('--force', 'although a key was never exported, or licences are still asked for'),
  )
  examples(
    command,
    'sealward exit deactivate --data tenant',
    'sealward exit deactivate --data tenant --force --yes --json',
  )
  runs<DeactivateOptions>(command, ({ options, output }) =>
    withAdministration(options, async (administration) => {
      const steps = [`nothing can be protected or opened through ${administration.where} any more`]
      if (!(await agreed(steps, options, output))) return exitCodes.done
      const commands = await deactivate(exitAdministration(administration), { force: options.force === true })
      output.data(
        () => commands.map(({ command: name, output: said }) => `> ${name}\n${said}\n`).join(''),
        () => ({ commands }),
      )
      return exitCodes.done
    }),
  )
}
