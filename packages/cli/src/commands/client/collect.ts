/** `sealward client collect`: the answers of the check script, tabulated. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { collectChecks, type CollectedChecks, type CollectedClient } from '@sealward/migration'
import { RightsError } from '@sealward/xrml'
import { exitCodes } from '../../exit-codes.ts'
import { examples, jsonOption, runs } from '../../terminal/command.ts'
import { table } from '../../terminal/table.ts'

const filesMost = 200_000
const sizeMost = 16 * 2 ** 20

export function clientCollectCommand(client: Command): void {
  const command = jsonOption(
    client
      .command('collect')
      .description('Read the answers of the check script: who has moved, what is missing, on which side, which version')
      .argument('<dir>', 'folder of answers (*.json)'),
  )
  examples(command, 'sealward client collect answers', 'sealward client collect answers --json')
  runs(command, ({ args, output }) => {
    const collected = collectChecks(answersIn(args[0] ?? ''))
    output.data(
      () => describe(collected),
      () => collected,
    )
    const { clients, complete, unreadable } = collected.summary
    return complete === clients && unreadable === 0 ? exitCodes.done : exitCodes.findings
  })
}

/** @throws RightsError `tree-limit-exceeded` */
function answersIn(folder: string): readonly { readonly name: string; readonly content: Uint8Array }[] {
  const names = readdirSync(folder)
    .filter((name) => /\.json$/i.test(name))
    .sort()
  if (names.length > filesMost) throw new RightsError('tree-limit-exceeded', { detail: folder })
  return names.map((name) => {
    const path = join(folder, name)
    const { size } = statSync(path)
    // Reported as unreadable rather than read: the folder is open to many computers.
    return { name, content: size > sizeMost ? new Uint8Array() : readFileSync(path) }
  })
}

function describe({ summary, clients, addresses, unreadable }: CollectedChecks): string {
  const { complete, partial, prepared, untouched } = summary
  const parts = [
    `${summary.clients} answers: ${complete} complete, ${partial} partial, ${prepared} prepared, ${untouched} untouched, ${unreadable.length} unreadable\n`,
    section(clients, [
      { title: 'Computer', value: ({ computer }) => computer },
      { title: 'User', value: ({ user }) => user },
      { title: 'State', value: ({ state }) => state },
      { title: 'Computer script', value: ({ machineVersion }) => shownVersion(machineVersion) },
      { title: 'User script', value: ({ userVersion }) => shownVersion(userVersion) },
      { title: 'Values', value: ({ present, wrong }) => `${present}/${present + wrong.length}` },
      { title: 'Wrong', value: wrongSides },
    ]),
    section(addresses, [
      { title: 'Address', value: ({ url }) => url },
      { title: 'Side', value: ({ side }) => side },
      { title: 'Wrong', value: ({ wrong }) => wrong },
      { title: 'Computers', value: ({ computers }) => computers.join(' ') },
    ]),
    section(unreadable, [
      { title: 'Unreadable', value: ({ file }) => file },
      { title: 'Code', value: ({ code }) => code },
    ]),
  ]
  return parts.filter((part) => part !== '').join('\n')
}

function section<Row>(rows: readonly Row[], columns: Parameters<typeof table<Row>>[1]): string {
  return rows.length === 0 ? '' : table(rows, columns)
}

/** Text, since a version is no quantity. */
function shownVersion(version: number): string {
  return version === 0 ? '-' : String(version)
}

function wrongSides({ wrong }: CollectedClient): string {
  return [...new Set(wrong.map(({ part, software, side }) => `${part} ${software} ${side}`))].join(', ')
}
