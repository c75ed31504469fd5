/** `sealward rehearse`: which documents open with the exported keys, proved without changing anything. */
import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { writeFileSafely } from '@sealward/client'
import { createKeyRing, htmlReport } from '@sealward/migration'
import { RightsError } from '@sealward/xrml'
import { exitCodes } from '../exit-codes.ts'
import { exportOptions, readExports, type ExportOptions } from '../exports/read-exports.ts'
import { describeRehearsal } from '../rehearsal/describe-rehearsal.ts'
import { rehearseFolder } from '../rehearsal/rehearse-folder.ts'
import { examples, jsonOption, runs } from '../terminal/command.ts'

interface RehearseOptions extends ExportOptions {
  readonly documents: string
  readonly html?: string
}

export function rehearseCommand(program: Command): void {
  const command = jsonOption(
    exportOptions(
      program
        .command('rehearse')
        .description('Prove which documents open with exported keys; changes nothing')
        .requiredOption('--documents <dir>', 'folder of documents'),
    ).option('--html <file>', 'also write the report as one self-contained page, to a file that does not exist yet'),
  )
  examples(
    command,
    'sealward rehearse --tpd cluster.xml --documents /srv/share',
    'sealward rehearse --tpd old.xml --tpd new.xml --password-file p.txt --documents share --html report.html --json',
  )
  runs<RehearseOptions>(command, async ({ options, output }) => {
    const { html } = options
    // Asked before the work, which may take hours: a name that is taken may be a document's.
    if (html !== undefined && existsSync(html)) throw new RightsError('file-exists')
    const exports = await readExports(options, new Date())
    const keys = createKeyRing(exports.map(({ name, checked }) => ({ source: name, domain: checked })))
    const report = await rehearseFolder(keys, options.documents)
    if (html !== undefined) {
      const page = Buffer.from(htmlReport(report))
      writeFileSafely({ path: html, existing: 'refuse', write: (sink) => sink.write(page) })
      output.say(`report written to ${html}`)
    }
    output.data(
      () => describeRehearsal(report),
      () => report,
    )
    return report.summary.fails > 0 ? exitCodes.findings : exitCodes.done
  })
}
