/** `sealward sample`: an invented organisation with exports and documents, to try everything on. */
import type { Command } from 'commander'
import { RightsError } from '@sealward/xrml'
import { exitCodes } from '../exit-codes.ts'
import { makeSample } from '../sample/make-sample.ts'
import { examples, jsonOption, runs } from '../terminal/command.ts'
import type { ChangeOptions } from '../terminal/plan.ts'

interface SampleOptions extends Pick<ChangeOptions, 'dryRun'> {
  readonly documents?: string
}

/** Some twenty gigabytes. */
const documentsMost = 1_000_000

export function sampleCommand(program: Command): void {
  const command = jsonOption(
    program
      .command('sample')
      .description('Make a sample organisation: exports, people, templates and protected documents')
      .argument('<dir>', 'a folder that does not exist yet, or is empty')
      .option('--documents <count>', 'how many documents; every kind occurs once by default')
      .option('--dry-run', 'show what would be written, and write nothing'),
  )
  examples(command, 'sealward sample lakeside', 'sealward sample /srv/load-test --documents 10000')
  runs<SampleOptions>(command, async ({ args, options, output }) => {
    const [directory = ''] = args
    const documents = options.documents === undefined ? undefined : countOf(options.documents)
    if (options.dryRun === true) {
      output.say(`would make ${documents ?? 'one of every kind of'} documents in ${directory}; nothing was written`)
      return exitCodes.done
    }
    const written = await makeSample(directory, documents)
    output.say(`${written.documents} documents in ${directory}; README.txt there says what is what`)
    output.data(
      () => '',
      () => ({ directory, documents: written.documents, tpdFiles: written.tpdFiles }),
    )
    return exitCodes.done
  })
}

function countOf(text: string): number {
  const count = /^\d{1,7}$/.test(text) ? Number(text) : 0
  if (count < 1 || count > documentsMost) {
    throw new RightsError('option-invalid', { detail: `--documents takes a number from 1 to ${documentsMost}` })
  }
  return count
}
