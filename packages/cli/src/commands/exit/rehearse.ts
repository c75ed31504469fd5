/** `sealward exit rehearse`: proves that the exported keys open everything in an empty instance, for the same people. */
import type { Command } from 'commander'
import { exitRehearse, exportAllKeys, type ExitRehearsal } from '@sealward/migration'
import { dataOption, type DataOptions } from '../../data/data-directory.ts'
import { withExitRehearsal } from '../../exit/exit-rehearsal.ts'
import { keyFolder, keyFolderOptions, type KeyFolderOptions } from '../../exit/key-folder.ts'
import { exitCodes } from '../../exit-codes.ts'
import { collect, examples, jsonOption, runs } from '../../terminal/command.ts'
import { interruptible } from '../../terminal/interruption.ts'
import { table } from '../../terminal/table.ts'

interface RehearseOptions extends DataOptions, KeyFolderOptions {
  readonly documents: string
  readonly person: readonly string[]
}

export function exitRehearseCommand(exit: Command): void {
  const command = jsonOption(
    keyFolderOptions(
      dataOption(
        exit
          .command('rehearse')
          .description('Prove that the exported keys open everything in an empty instance, with equal rights'),
      )
        .requiredOption('--documents <dir>', 'folder of documents')
        .requiredOption('--person <address>', 'who tries a sample of them; may be repeated', collect),
    ),
  )
  const people = '--person anna.berg@lakeside.example'
  examples(
    command,
    `sealward exit rehearse --data tenant --documents /srv/share ${people}`,
    `sealward exit rehearse --data tenant --documents share ${people} --password-file p.txt --json`,
  )
  runs<RehearseOptions>(command, async ({ options, output }) => {
    const rehearsal = await interruptible(() => rehearse(options))
    output.data(
      () => describe(rehearsal),
      () => rehearsal,
    )
    return rehearsal.ready ? exitCodes.done : exitCodes.findings
  })
}

function rehearse({ data, documents, person, ...options }: RehearseOptions): Promise<ExitRehearsal> {
  return withExitRehearsal({ data, documents, people: person, keys: keyFolder(options) }, async (input) =>
    exitRehearse({ ...input, keys: await exportAllKeys(input) }),
  )
}

function describe({ ready, checks, report, sample }: ExitRehearsal): string {
  const { documents, opens, fails, unprotected } = report.summary
  return [
    table(Object.entries(checks), [
      { title: 'Check', value: ([name]) => name },
      { title: 'Outcome', value: ([, { outcome }]) => outcome },
      { title: 'Finding', value: ([, { finding }]) => finding ?? '', most: 400 },
    ]),
    `${documents} documents: ${opens} open with the exported keys, ${fails} fail, ${unprotected} unprotected\n`,
    `${sample.length} attempts through the empty instance, ${sample.filter(({ equal }) => equal).length} as today\n`,
    ready ? 'the way out is open\n' : 'the way out is not open yet\n',
  ].join('')
}
