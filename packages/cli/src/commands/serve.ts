/** `sealward serve`: runs a configured service until it is stopped; request lines go to standard output. */
import { dirname, join, resolve } from 'node:path'
import type { Command } from 'commander'
import { adminTokenFile, dataFiles, readConfigFile } from '../data/data-directory.ts'
import { readMasterKeyFile } from '../data/master-key-file.ts'
import { exitCodes } from '../exit-codes.ts'
import { runService, untilStopped } from '../start/running-service.ts'
import { examples, runs } from '../terminal/command.ts'

interface ServeOptions {
  readonly config: string
  readonly masterKey?: string
}

export function serveCommand(program: Command): void {
  const command = program
    .command('serve')
    .description('Run a configured service until it is stopped')
    .requiredOption('--config <file>', 'configuration; relative paths in it start at its folder')
    .option('--master-key <file>', 'file with the master key (default: master.key beside the configuration)')
  examples(
    command,
    'sealward serve --config /etc/sealward/service.json',
    'sealward serve --config service.json --master-key /run/secrets/sealward',
  )
  runs<ServeOptions>(command, async ({ options, output }) => {
    const folder = dirname(resolve(options.config))
    const config = readConfigFile(options.config)
    const masterKey = readMasterKeyFile(options.masterKey ?? join(folder, dataFiles.masterKey))
    await runService({ config, masterKey, folder }, async (url) => {
      output.say(`sealward serves ${config.publicUrl} at ${url}`)
      output.say(`administration: ${url}/admin/v1, with the token in ${adminTokenFile(folder, config)}`)
      await untilStopped()
    })
    return exitCodes.done
  })
}
