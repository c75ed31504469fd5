/** `sealward directory show|explain`: who somebody is for the service, in which groups and by which way, and why not. */
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { openDirectory, type DirectoryExplanation } from '@sealward/service'
import { RightsError } from '@sealward/xrml'
import { dataOption, readDataConfig, type DataOptions } from '../../data/data-directory.ts'
import { exitCodes } from '../../exit-codes.ts'
import { examples, jsonOption, runs } from '../../terminal/command.ts'

export function showCommand(directory: Command): void {
  const command = nameCommand(directory, 'show', 'Show a person or group, as the service sees it')
  runs<DataOptions>(command, async ({ args, options, output }) => {
    const explanation = await ask(options.data, args[0] ?? '')
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
  const command = nameCommand(
    directory,
    'explain',
    'Say by which way a person is in a group, and why one may do nothing',
  )
  runs<DataOptions>(command, async ({ args, options, output }) => {
    const explanation = await ask(options.data, args[0] ?? '')
    output.data(
      () => [...facts(explanation), ...ways(explanation), ...findings(explanation)].join('\n'),
      () => explanation,
    )
    return explanation.problems.length > 0 ? exitCodes.findings : exitCodes.done
  })
}

function nameCommand(directory: Command, verb: string, description: string): Command {
  const named = directory
    .command(verb)
    .description(description)
    .argument('<address>', 'mail address, or name of an account')
  const example = `sealward directory ${verb} anna@lakeside.example`
  return examples(jsonOption(dataOption(named)), example, `${example} --data my-service --json`)
}

/** Asks the directory itself: what a running service remembers may be some minutes older. */
async function ask(data: string, name: string): Promise<DirectoryExplanation> {
  const settings = readDataConfig(data).directory
  const clock = { now: () => new Date() }
  const directory = await openDirectory({ settings, folder: resolve(data), clock, report: () => undefined })
  try {
    return await directory.explain(name)
  } finally {
    await directory.close()
  }
}

function facts({ type, displayName, source, id, sid, sidHistory, addresses }: DirectoryExplanation): string[] {
  const rows: readonly (readonly [string, string | undefined])[] = [
    [type ?? 'nobody', displayName],
    ['from', source],
    ['id', id],
    ['sid', sid],
    ...sidHistory.map((former) => ['former', former] as const),
    ...addresses.map((address) => ['address', address] as const),
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
}

function findings({ problems }: DirectoryExplanation): string[] {
  return problems.map(({ code, detail }) => `problem   ${sentences[code]}: ${detail}`)
}

function isDisabled({ problems }: DirectoryExplanation): boolean {
  return problems.some(({ code }) => code === 'disabled')
}
