/** `sealward tpd export`: the way out, a file that an AD RMS cluster can import. */
import type { Command } from 'commander'
import { writeFileSafely } from '@sealward/client'
import { exportTrustedPublishingDomain } from '@sealward/service'
import { dataOption, type DataOptions } from '../../data/data-directory.ts'
import { administer } from '../../data/in-process-service.ts'
import { exitCodes } from '../../exit-codes.ts'
import { examples, runs } from '../../terminal/command.ts'
import { agreed, changeOptions, type ChangeOptions } from '../../terminal/plan.ts'
import { readSecret } from '../../terminal/secret.ts'

interface ExportOptions extends DataOptions, ChangeOptions {
  readonly output: string
  readonly passwordFile?: string
}

export function tpdExportCommand(tpd: Command): void {
  const command = changeOptions(
    dataOption(
      tpd
        .command('export')
        .description('Write a key with its templates to a file that an AD RMS cluster can import')
        .argument('<key>', 'fingerprint, or at least eight digits of its beginning')
        .requiredOption('--output <file>', 'a file that does not exist yet')
        .option('--password-file <file>', 'file with the password for the export, at least 16 characters'),
    ),
  )
  examples(
    command,
    'sealward tpd export 3f9a01c2 --output cluster.xml',
    'sealward tpd export 3f9a01c2 --output cluster.xml --password-file password.txt --yes',
  )
  runs<ExportOptions>(command, ({ args, options, output }) =>
    administer(options.data, async ({ administration }) => {
      const [keyId = ''] = args
      const steps = [`write the private key ${keyId} to ${options.output}, encrypted with the password`]
      if (!(await agreed(steps, options, output))) return exitCodes.done
      const password = await readSecret(options.passwordFile, 'Password for the export, at least 16 characters')
      const file = await exportTrustedPublishingDomain(administration, { keyId, password })
      writeFileSafely({ path: options.output, existing: 'refuse', write: (sink) => sink.write(file) })
      output.say(`${options.output}: key ${keyId}; only as safe as its password`)
      return exitCodes.done
    }),
  )
}
