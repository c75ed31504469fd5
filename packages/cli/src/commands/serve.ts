/** `sealward serve`: runs a configured service, or several at once, until it is stopped; request lines go to standard output. */
import { dirname, resolve } from 'node:path'
import type { Command } from 'commander'
import type { Config, InstallationConfig } from '@sealward/service'
import { adminTokenFile, readServeFile } from '../data/data-directory.ts'
import { readMasterKey } from '../data/master-key.ts'
import { exitCodes } from '../exit-codes.ts'
import { runInstallation, runService, untilStopped } from '../start/running-service.ts'
import { readInstallationServices } from '../start/installation-services.ts'
import { examples, runs } from '../terminal/command.ts'
import type { Output } from '../terminal/output.ts'

interface ServeOptions {
  readonly config: string
  readonly masterKey?: string
  readonly passphraseFile?: string
}

export function serveCommand(program: Command): void {
  const command = program
    .command('serve')
    .description('Run a configured service, or an installation of several, until it is stopped')
    .requiredOption('--config <file>', 'configuration; relative paths in it start at its folder')
    .option('--master-key <file>', 'file with the master key (default: master.key beside each configuration)')
    .option(
      '--passphrase-file <file>',
      'file with the passphrase, where it is asked for otherwise; - for standard input',
    )
  examples(
    command,
    'sealward serve --config /etc/sealward/service.json',
    'sealward serve --config installation.json --master-key /run/secrets/sealward',
  )
  runs<ServeOptions>(command, async ({ options, output }) => {
    const file = readServeFile(options.config)
    if ('services' in file) await serveInstallation(file, options, output)
    else await serveOne(file, options, output)
    return exitCodes.done
  })
}

async function serveOne(config: Config, options: ServeOptions, output: Output): Promise<void> {
  const folder = dirname(resolve(options.config))
  const masterKey = await readMasterKey(folder, options)
  await runService({ config, masterKey, folder }, async (url) => {
    output.say(`sealward serves ${config.publicUrl} at ${url}`)
    output.say(`administration: ${url}/admin/v1, with the token in ${adminTokenFile(folder, config)}`)
    await untilStopped()
  })
}

async function serveInstallation(
  installation: InstallationConfig,
  options: ServeOptions,
  output: Output,
): Promise<void> {
  const folder = dirname(resolve(options.config))
  const services = await readInstallationServices(installation, folder, options)
  await runInstallation({ installation, folder, services }, async (url) => {
    for (const { config, folder: own } of services) {
      output.say(
        `sealward serves ${config.publicUrl} at ${url}, token of administration in ${adminTokenFile(own, config)}`,
      )
    }
    output.say(`administration: ${url}/admin/v1`)
    await untilStopped()
  })
}
