/** `sealward tpd export`: the way out, a file that an AD RMS cluster can import. */
import type { Command } from 'commander'
import { writeFileSafely } from '@sealward/client'
import {
  administrationOptions,
  withAdministration,
  type AdministrationOptions,
} from '../../connection/administration-options.ts'
import { exitCodes } from '../../exit-codes.ts'
import { examples, runs } from '../../terminal/command.ts'
import { agreed, changeOptions, type ChangeOptions } from '../../terminal/plan.ts'
import { readSecret } from '../../terminal/secret.ts'

interface ExportOptions extends AdministrationOptions, ChangeOptions {
  readonly output: string
  readonly passwordFile?: string
}

export function tpdExportCommand(tpd: Command): void {
  const command = changeOptions(
    administrationOptions(
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
    withAdministration(options, async (administration) => {
      const [keyId = ''] = args
      const steps = [`write the private key ${keyId} to ${options.output}, encrypted with the password`]
      if (!(await agreed(steps, options, output))) return exitCodes.done
      const password = await readSecret(options.passwordFile, 'Password for the export, at least 16 characters')
      const { file } = await administration.call('exportKey', { parameters: { id: keyId }, body: { password } })
      writeFileSafely({
        path: options.output,
        existing: 'refuse',
        write: (sink) => sink.write(Buffer.from(file, 'base64')),
      })
      output.say(`${options.output}: key ${keyId}; only as safe as its password`)
      return exitCodes.done
    }),
  )
}
