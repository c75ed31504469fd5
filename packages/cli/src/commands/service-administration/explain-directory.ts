/** `sealward directory show|explain`: who somebody is for the service, in which groups and by which way, and why not. */
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { openDirectory, originOf, synchronisedSettings, type DirectoryExplanation } from '@sealward/service'
import { RightsError } from '@sealward/xrml'
import {
  administrationOptions,
  withAdministration,
  type AdministrationOptions,
} from '../../connection/administration-options.ts'
import { readDataConfig, usualData } from '../../data/data-directory.ts'
import { exitCodes } from '../../exit-codes.ts'
import { examples, jsonOption, runs } from '../../terminal/command.ts'
import type { Output } from '../../terminal/output.ts'
import { stateLines } from './directory-state.ts'

export function showCommand(directory: Command): void {
  const description =
    'Show a person or group, as the service sees it; without a name, how a synchronised directory stands'
  const command = nameCommand(directory, 'show', description, '[address]')
  runs<AdministrationOptions>(command, async ({ args, options, output }) => {
    const [name] = args
    if (name === undefined) return showState(options, output)
    const explanation = await ask(options, name)
    const [problem] = explanation.problems
    if (explanation.type === undefined) {
      throw new RightsError('user-not-in-directory', { detail: problem?.detail ?? explanation.asked })
    }
    const groups = explanation.groups.flatMap(({ addresses }) => addresses)
    const { asked: _, problems: _problems, ...shown } = explanation
    output.data(
      () => [...facts(explanation), ...groups.map((address) => `group     ${address}`)].join('\n'),
      () => ({ ...shown, groups, disabled: isDisabled(explanation) }),
    )
    return exitCodes.done
  })
}

export function explainCommand(directory: Command): void {
  const description = 'Say by which way a person is in a group, and why one may do nothing'
  const command = nameCommand(directory, 'explain', description, '<address>')
  runs<AdministrationOptions>(command, async ({ args, options, output }) => {
    const explanation = await ask(options, args[0] ?? '')
    output.data(
      () => [...facts(explanation), ...ways(explanation), ...findings(explanation)].join('\n'),
      () => explanation,
    )
    return explanation.problems.length > 0 ? exitCodes.findings : exitCodes.done
  })
}

function nameCommand(directory: Command, verb: string, description: string, argument: string): Command {
  const named = directory
    .command(verb)
    .description(description)
    .argument(argument, 'mail address, or name of an account')
  const example = `sealward directory ${verb} anna@lakeside.example`
  return examples(jsonOption(administrationOptions(named)), example, `${example} --data my-service --json`)
}

function showState(options: AdministrationOptions, output: Output): Promise<number> {
  return withAdministration(options, async (administration) => {
    const state = await administration.call('getDirectory')
    output.data(
      () => stateLines(state).join('\n'),
      () => state,
    )
    return exitCodes.done
  })
}

/**
 * Asks the directory itself: what a running service remembers may be some minutes older. One that is synchronised is in the
 * database, and one of a service that is named by its address is asked through it.
 */
async function ask(options: AdministrationOptions, name: string): Promise<DirectoryExplanation> {
  const data = options.data ?? usualData
  const config = options.service === undefined ? readDataConfig(data) : undefined
  const settings = config?.directory
  if (config === undefined || settings === undefined || synchronisedSettings(settings) !== undefined) {
    const answer = await withAdministration(options, ({ call }) => call('explainName', { query: { name } }))
    return { type: undefined, source: undefined, id: undefined, sid: undefined, ...answer } as DirectoryExplanation
  }
  const clock = { now: () => new Date() }
  const origin = originOf(settings)
  const directory = await openDirectory({
    settings: origin,
    folder: resolve(data),
    clock,
    report: () => undefined,
    limits: config.limits,
  })
  try {
    return await directory.explain(name)
  } finally {
    await directory.close()
  }
}

function facts(explanation: DirectoryExplanation): string[] {
  const { type, displayName, source, id, immutableId, sid, sidHistory, addresses, formerAddresses } = explanation
  const rows: readonly (readonly [string, string | undefined])[] = [
    [type ?? 'nobody', displayName],
    ['from', source],
    ['id', id],
    ['immutable', immutableId],
    ['sid', sid],
    ...sidHistory.map((former) => ['former', former] as const),
    ...addresses.map((address) => {
      const note = formerAddresses?.includes(address) === true ? ' (former)' : ''
      return ['address', `${address}${note}`] as const
    }),
  ]
  return rows.flatMap(([name, value]) => (value === undefined ? [] : [`${name.padEnd(9)} ${value}`.trimEnd()]))
}

function ways({ groups }: DirectoryExplanation): string[] {
  return groups.map(({ path, addresses, kind }) => {
    const note =
      addresses.length === 0 ? ' (leads to other groups only)' : kind === 'distribution' ? ' (distribution)' : ''
    return `group     ${path.join(' > ')}${note}`
  })
}

const sentences: Readonly<Record<DirectoryExplanation['problems'][number]['code'], string>> = {
  unknown: 'nobody has this name',
  disabled: 'the account is disabled or expired, and gets no licences',
  'no-address': 'the entry has no mail address, and rights are granted to addresses',
  contested: 'several entries claim the address, so it is nobody’s',
  'address-refused': 'the address cannot be compared safely, and does not count',
  'also-elsewhere': 'a later source knows the name too, and is not asked',
  deleted: 'the entry was gone from its source, and gets nothing',
  waiting: 'the address was somebody else’s, and goes to nobody else before its time or `directory release`',
}

function findings({ problems }: DirectoryExplanation): string[] {
  return problems.map(({ code, detail }) => `problem   ${sentences[code]}: ${detail}`)
}

function isDisabled({ problems }: DirectoryExplanation): boolean {
  return problems.some(({ code }) => code === 'disabled')
}
