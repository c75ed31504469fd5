/** `sealward directory subjects|release-subjects`: which accounts of identity providers are bound to which people. */
import type { Command } from 'commander'
import { RightsError } from '@sealward/xrml'
import {
  administrationOptions,
  withAdministration,
  type AdministrationOptions,
} from '../../connection/administration-options.ts'
import { exitCodes } from '../../exit-codes.ts'
import { examples, jsonOption, runs } from '../../terminal/command.ts'
import { agreed, changeOptions, type ChangeOptions } from '../../terminal/plan.ts'
import { table } from '../../terminal/table.ts'

interface NameOptions extends AdministrationOptions {
  readonly issuer?: string
  readonly subject?: string
  readonly person?: string
}

interface ListOptions extends NameOptions {
  readonly refused?: boolean
}

export function subjectsCommand(directory: Command): void {
  const command = jsonOption(
    nameOptions(
      administrationOptions(
        directory.command('subjects').description('Accounts of identity providers, and to whom their tokens are bound'),
      ),
    ),
  ).option('--refused', 'only those of which a token was refused, because its addresses lead to somebody else')
  const example = 'sealward directory subjects --data my-service'
  examples(command, `${example} --refused`, `${example} --person 7f3c --json`)
  runs<ListOptions>(command, ({ options, output }) =>
    withAdministration(options, async (administration) => {
      const query = { ...namesOf(options), ...(options.refused === true ? { refused: 'true' as const } : {}) }
      const found = await administration.call('listTokenSubjects', { query })
      const { count, subjects } = found
      output.data(
        () =>
          table(subjects, [
            { title: 'issuer', value: ({ issuer }) => issuer },
            { title: 'claim', value: ({ claim }) => claim },
            { title: 'subject', value: ({ subject }) => subject },
            { title: 'person', value: ({ person }) => person },
            { title: 'address', value: ({ address }) => address },
            { title: 'bound', value: ({ boundAt }) => boundAt },
            { title: 'refused for', value: ({ refused }) => refused?.address ?? '' },
          ]) + (count > subjects.length ? `and ${count - subjects.length} more\n` : ''),
        () => found,
      )
      return exitCodes.done
    }),
  )
}

export function releaseSubjectsCommand(directory: Command): void {
  const command = changeOptions(
    nameOptions(
      administrationOptions(
        directory
          .command('release-subjects')
          .description(
            'Forget to whom accounts of identity providers are bound: after another directory, or for a newcomer',
          ),
      ),
    ),
  )
  const example = 'sealward directory release-subjects'
  examples(
    command,
    `${example} --person 7f3c --data my-service --dry-run`,
    `${example} --issuer https://login.lakeside.example --data my-service --yes`,
  )
  runs<NameOptions & ChangeOptions>(command, ({ options, output }) =>
    withAdministration(options, async (administration) => {
      const body = namesOf(options)
      if (Object.keys(body).length === 0) {
        throw new RightsError('usage-invalid', { detail: 'name --issuer, --subject or --person' })
      }
      const { released } = await administration.call('releaseTokenSubjects', { body: { ...body, dryRun: true } })
      const effect = `${released} released: the next token of each belongs to whoever has its address then`
      if (!(await agreed([effect], options, output))) return exitCodes.done
      const done = await administration.call('releaseTokenSubjects', { body })
      output.say(`${done.released} released`)
      return exitCodes.done
    }),
  )
}

function nameOptions(command: Command): Command {
  return command
    .option('--issuer <issuer>', 'the identity provider, as its tokens name it')
    .option('--subject <subject>', 'the account, as the identity provider calls it')
    .option('--person <id>', 'identifier of the person in the directory')
}

function namesOf({ issuer, subject, person }: NameOptions): { issuer?: string; subject?: string; person?: string } {
  return {
    ...(issuer === undefined ? {} : { issuer }),
    ...(subject === undefined ? {} : { subject }),
    ...(person === undefined ? {} : { person }),
  }
}
