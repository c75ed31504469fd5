/** `sealward exclusion …`: people, keys, machines and programs that get no licences. */
import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { exclusionKinds, type ExclusionKind } from '@sealward/service'
import { decodeText, RightsError } from '@sealward/xrml'
import {
  administrationOptions,
  withAdministration,
  type AdministrationOptions,
} from '../../connection/administration-options.ts'
import { exitCodes } from '../../exit-codes.ts'
import { examples, jsonOption, runs } from '../../terminal/command.ts'
import { agreed, changeOptions, type ChangeOptions } from '../../terminal/plan.ts'
import { table } from '../../terminal/table.ts'

const effects: Readonly<Record<ExclusionKind, string>> = {
  user: 'gets no licences and publishes nothing',
  'account-key': 'opens no new licences; its owner gets another key with the next certificate',
  machine: 'gets no certificates, and those that it has open nothing',
  application: 'is named in new licences as a program that must not use them',
  'security-processor': 'clients whose security processor is older get nothing',
  'operating-system': 'systems of these versions are named in new licences as excluded',
}

interface Named {
  readonly certificate?: string
}

interface Versions {
  readonly minimum?: string
  readonly maximum?: string
}

export function exclusionCommands(program: Command): void {
  const exclusion = program
    .command('exclusion')
    .description('Who and what gets no licences: people, keys, machines, programs, versions')
  listCommand(exclusion)
  addCommand(exclusion)
  removeCommand(exclusion)
}

function listCommand(exclusion: Command): void {
  const command = jsonOption(
    administrationOptions(exclusion.command('list').description('Everything that is excluded')),
  )
  examples(command, 'sealward exclusion list --data cluster', 'sealward exclusion list --data cluster --json')
  runs<AdministrationOptions>(command, ({ options, output }) =>
    withAdministration(options, async (administration) => {
      const { exclusions } = await administration.call('listExclusions')
      output.data(
        () =>
          table(exclusions, [
            { title: 'kind', value: ({ kind }) => kind },
            { title: 'what', value: ({ subject }) => subject ?? '' },
            { title: 'from version', value: ({ minimum }) => minimum ?? '' },
            { title: 'to version', value: ({ maximum }) => maximum ?? '' },
            { title: 'since', value: ({ addedAt }) => addedAt },
          ]),
        () => ({ exclusions }),
      )
      return exitCodes.done
    }),
  )
}

function named(command: Command): Command {
  return changeOptions(
    administrationOptions(
      command
        .argument('<kind>', exclusionKinds.join(', '))
        .argument('[subject]', 'address, key fingerprint, machine GUID or file name of a program')
        .option('--certificate <file>', 'an account or machine certificate that names the key or the machine'),
    ),
  )
}

function addCommand(exclusion: Command): void {
  const command = named(exclusion.command('add').description('Exclude one; effective with the next request'))
    .option(
      '--minimum <version>',
      'of programs and systems the lowest excluded version, of security processors the lowest accepted one',
    )
    .option('--maximum <version>', 'the highest excluded version')
  examples(
    command,
    'sealward exclusion add user eve@lakeside.example --data cluster',
    'sealward exclusion add application oldreader.exe --maximum 2.5.0.0 --data cluster --yes',
  )
  runs<AdministrationOptions & ChangeOptions & Named & Versions>(command, ({ args, options, output }) =>
    withAdministration(options, async (administration) => {
      const subject = subjectOf(args, options)
      const effect = `${shown(subject, args)}: ${effects[subject.kind]}`
      if (!(await agreed([effect], options, output))) return exitCodes.done
      const { minimum, maximum } = options
      await administration.call('addExclusion', {
        body: {
          ...subject,
          ...(minimum === undefined ? {} : { minimum }),
          ...(maximum === undefined ? {} : { maximum }),
        },
      })
      output.say(effect)
      return exitCodes.done
    }),
  )
}

function removeCommand(exclusion: Command): void {
  const command = named(exclusion.command('remove').description('Take an exclusion back'))
  examples(
    command,
    'sealward exclusion remove user eve@lakeside.example --data cluster',
    'sealward exclusion remove security-processor --data cluster --yes',
  )
  runs<AdministrationOptions & ChangeOptions & Named>(command, ({ args, options, output }) =>
    withAdministration(options, async (administration) => {
      const subject = subjectOf(args, options)
      const effect = `${shown(subject, args)}: excluded no longer`
      if (!(await agreed([effect], options, output))) return exitCodes.done
      await administration.call('removeExclusion', { body: subject })
      output.say(effect)
      return exitCodes.done
    }),
  )
}

interface Subject {
  readonly kind: ExclusionKind
  readonly subject?: string
  readonly certificate?: string
}

/** @throws RightsError `usage-invalid` */
function subjectOf(args: readonly string[], options: Named): Subject {
  const kind = exclusionKinds.find((known) => known === args[0])
  if (kind === undefined) throw new RightsError('usage-invalid', { detail: `no kind ${args[0] ?? ''}` })
  const { certificate } = options
  const [, subject] = args
  return {
    kind,
    ...(subject === undefined ? {} : { subject }),
    ...(certificate === undefined ? {} : { certificate: decodeText(readFileSync(certificate)) }),
  }
}

function shown({ kind }: Subject, [, subject = 'certificate']: readonly string[]): string {
  return `${kind} ${kind === 'security-processor' || kind === 'operating-system' ? 'version' : subject}`
}
