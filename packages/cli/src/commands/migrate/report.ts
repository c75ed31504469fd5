/** `sealward migrate report`: what was found, done, proved and left, signed; and whether a report is genuine. */
import type { Command } from 'commander'
import { verifyReport, writeReport } from '@sealward/migration'
import { RightsError } from '@sealward/xrml'
import { exitCodes } from '../../exit-codes.ts'
import { projectOf, projectOptions, workOptions, type ProjectOptions } from '../../migration/project-options.ts'
import { examples, jsonOption, runs } from '../../terminal/command.ts'

interface ReportOptions extends ProjectOptions {
  readonly verify?: string
  readonly publicKey?: string
}

export function migrateReportCommand(migrate: Command): void {
  const command = jsonOption(
    projectOptions(
      migrate.command('report').description('Write the signed report as a page and as JSON, or verify one'),
    )
      .option('--verify <dir>', 'folder of a report, instead of writing one')
      .option('--public-key <key>', 'base64, as it was shown when the project was planned'),
  )
  examples(
    command,
    'sealward migrate report --project migration',
    'sealward migrate report --verify migration/report --public-key 6wq2PV… --json',
  )
  runs<ReportOptions>(command, async ({ options, output }) => {
    const { verify, publicKey } = options
    if (verify !== undefined) {
      const verified = verifyReport(verify, publicKey)
      output.data(
        () => `genuine: ${verified.organisation}, ${verified.state}, signed with ${verified.publicKey}`,
        () => verified,
      )
      if (publicKey === undefined) output.say('compare the public key, or give it with --public-key')
      return exitCodes.done
    }
    if (publicKey !== undefined) throw new RightsError('usage-invalid', { detail: '--public-key goes with --verify' })
    const { report, json, html, signature } = await writeReport(projectOf(options), workOptions(options, output))
    output.say(`report written: ${html}`)
    output.data(
      () => [html, json, signature].join('\n'),
      () => ({ html, json, signature, report }),
    )
    return exitCodes.done
  })
}
