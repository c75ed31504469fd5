/** `sealward sample`: an invented organisation with exports and documents, to try everything on. */
import type { Command } from 'commander'
import { sampleKeys, sampleTemplates } from '@sealward/sample'
import { RightsError } from '@sealward/xrml'
import { exitCodes } from '../exit-codes.ts'
import { makeSample } from '../sample/make-sample.ts'
import { examples, jsonOption, runs } from '../terminal/command.ts'
import type { ChangeOptions } from '../terminal/plan.ts'

interface SampleOptions extends Pick<ChangeOptions, 'dryRun'> {
  readonly documents?: string
  readonly templates?: string
  readonly keys?: string
}

/** A million documents are some twenty gigabytes. */
const limits = { documents: { least: 1, most: 1_000_000 }, templates: sampleTemplates, keys: sampleKeys }

export function sampleCommand(program: Command): void {
  const command = jsonOption(
    program
      .command('sample')
      .description('Make a sample organisation: exports, people, templates and protected documents')
      .argument('<dir>', 'a folder that does not exist yet, or is empty')
      .option('--documents <count>', 'how many documents; every kind occurs once by default')
      .option('--templates <count>', `how many templates the exports hold; ${limits.templates.least} by default`)
      .option(
        '--keys <count>',
        `how many keys are exported, archived ones beyond ${limits.keys.least}; at most ${limits.keys.most}`,
      )
      .option('--dry-run', 'show what would be written, and write nothing'),
  )
  examples(
    command,
    'sealward sample lakeside',
    'sealward sample /srv/load-test --documents 10000 --templates 200 --keys 5',
  )
  runs<SampleOptions>(command, async ({ args, options, output }) => {
    const [directory = ''] = args
    const size = { ...countOf(options, 'documents'), ...countOf(options, 'templates'), ...countOf(options, 'keys') }
    if (options.dryRun === true) {
      output.say(
        `would make ${size.documents ?? 'one of every kind of'} documents in ${directory}; nothing was written`,
      )
      return exitCodes.done
    }
    const written = await makeSample(directory, size)
    output.say(`${written.documents} documents in ${directory}; README.txt there says what is what`)
    output.data(
      () => '',
      () => ({ directory, documents: written.documents, tpdFiles: written.tpdFiles }),
    )
    return exitCodes.done
  })
}

/** Nothing for what was not asked for. @throws RightsError `option-invalid` */
function countOf<Name extends keyof typeof limits>(
  options: SampleOptions,
  name: Name,
): Partial<Readonly<Record<Name, number>>> {
  const text = options[name]
  if (text === undefined) return {}
  const { least, most } = limits[name]
  const count = /^\d{1,7}$/.test(text) ? Number(text) : 0
  if (count < least || count > most) {
    throw new RightsError('option-invalid', { detail: `--${name} takes a number from ${least} to ${most}` })
  }
  return { [name]: count } as Partial<Record<Name, number>>
}
