/** `sealward serve`: runs a configured service until it is stopped; request lines go to standard output. */
import { dirname, resolve } from 'node:path'
import type { Command } from 'commander'
import { RightsError } from '@sealward/xrml'
import { adminTokenFile, readConfigFile } from '../data/data-directory.ts'
import { readMasterKeyFile } from '../data/master-key-file.ts'
import { readMasterKey } from '../data/master-key.ts'
import { exitCodes } from '../exit-codes.ts'
import { runService, untilStopped } from '../start/running-service.ts'
import { examples, runs } from '../terminal/command.ts'

interface ServeOptions {
  readonly config: string
  readonly masterKey?: string
  readonly passphraseFile?: string
}

export function serveCommand(program: Command): void {
  const command = program
    .command('serve')
    .description('Run a configured service until it is stopped')
    .requiredOption('--config <file>', 'configuration; relative paths in it start at its folder')
    .option('--master-key <file>', 'file with the master key (default: master.key beside the configuration)')
    .option(
      '--passphrase-file <file>',
      'file with the passphrase, where it is asked for otherwise; - for standard input',
    )
  examples(
    command,
    'sealward serve --config /etc/sealward/service.json',
    'sealward serve --config service.json --master-key /run/secrets/sealward',
  )
  runs<ServeOptions>(command, async ({ options, output }) => {
    const folder = dirname(resolve(options.config))
    const config = readConfigFile(options.config)
    if (options.masterKey !== undefined && options.passphraseFile !== undefined) {
      throw new RightsError('usage-invalid', { detail: 'a master key, or a passphrase for it, and not both' })
    }
    const masterKey =
      options.masterKey === undefined
        ? await readMasterKey(folder, options.passphraseFile)
        : readMasterKeyFile(options.masterKey)
    await runService({ config, masterKey, folder }, async (url) => {
      output.say(`sealward serves ${config.publicUrl} at ${url}`)
      output.say(`administration: ${url}/admin/v1, with the token in ${adminTokenFile(folder, config)}`)
      await untilStopped()
    })
    return exitCodes.done
  })
}
