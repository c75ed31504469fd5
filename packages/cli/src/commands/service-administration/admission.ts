/** `sealward admission …`: who may ask the service for what is closed to everybody else. */
import type { Command } from 'commander'
import { closedDoors, type ClosedDoor } from '@sealward/service'
import { RightsError } from '@sealward/xrml'
import {
  administrationOptions,
  withAdministration,
  type AdministrationOptions,
} from '../../connection/administration-options.ts'
import type { AdminResult } from '../../connection/administration.ts'
import { exitCodes } from '../../exit-codes.ts'
import { examples, jsonOption, runs } from '../../terminal/command.ts'
import { agreed, changeOptions, type ChangeOptions } from '../../terminal/plan.ts'
import { table } from '../../terminal/table.ts'

const opens: Readonly<Record<ClosedDoor, string>> = {
  'server-certification': 'gets account certificates for server applications',
  'mobile-certification': 'gets account certificates for mobile devices',
  precertification: 'gets the public half of everybody’s account certificate',
  'pre-licensing': 'gets use licences for the recipients of messages',
  republishing: 'gives documents another policy where their authors allow it',
  'group-expansion': 'learns who belongs to which group',
  'sub-enrolment': 'gets certificates that make a cluster below this one, which licenses in its name',
  decommissioning: 'gets the key of every document, whatever its policy says, once the cluster is decommissioned',
}

export function admissionCommands(program: Command): void {
  const admission = program
    .command('admission')
    .description(
      'Who may ask for what is closed to others: mail servers, other clusters, recovery of a cluster’s content',
    )
  listCommand(admission)
  changeCommand(admission, 'add')
  changeCommand(admission, 'remove')
}

function listCommand(admission: Command): void {
  const command = jsonOption(
    administrationOptions(admission.command('list').description('Every door with whom it admits')),
  )
  examples(command, 'sealward admission list --data cluster', 'sealward admission list --data cluster --json')
  runs<AdministrationOptions>(command, ({ options, output }) =>
    withAdministration(options, async (administration) => {
      const { doors } = await administration.call('getAdmission')
      output.data(
        () =>
          table(doors, [
            { title: 'door', value: ({ door }) => door },
            { title: 'admits', value: admits },
          ]),
        () => ({ doors }),
      )
      return exitCodes.done
    }),
  )
}

function admits({ members, accounts }: AdminResult<'getAdmission'>['doors'][number]): string {
  const all = [...members, ...accounts.map(({ sid, name }) => `${name} (${sid})`)]
  return all.length === 0 ? 'nobody' : all.join(', ')
}

function changeCommand(admission: Command, verb: 'add' | 'remove'): void {
  const command = changeOptions(
    administrationOptions(
      admission
        .command(verb)
        .description(verb === 'add' ? 'Admit an account or a group' : 'Admit it no longer')
        .argument('<door>', closedDoors.join(', '))
        .argument(
          '<member>',
          'mail address, Windows name or SID of an account or of a security group; for decommissioning and sub-enrolment ' +
            'accounts only',
        ),
    ),
  )
  const example = `sealward admission ${verb} pre-licensing mail-servers@lakeside.example --data cluster`
  const computer = `sealward admission ${verb} pre-licensing 'LAKESIDE\\MAIL01$' --data cluster --yes`
  examples(command, example, computer)
  runs<AdministrationOptions & ChangeOptions>(command, ({ args, options, output }) =>
    withAdministration(options, async (administration) => {
      const [named = '', member = ''] = args
      const door = closedDoors.find((known) => known === named)
      if (door === undefined) throw new RightsError('usage-invalid', { detail: `no door ${named}` })
      const effect = `${member} ${opens[door]}${verb === 'add' ? '' : ' no longer'}`
      if (!(await agreed([effect], options, output))) return exitCodes.done
      if (verb === 'add') await administration.call('admit', { parameters: { door }, body: { member } })
      else await administration.call('dismiss', { parameters: { door, member } })
      output.say(effect)
      return exitCodes.done
    }),
  )
}
