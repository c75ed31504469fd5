/** `sealward start`: from nothing to a running service in one command. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { dataOption, hasData, type DataOptions } from '../data/data-directory.ts'
import { exitCodes } from '../exit-codes.ts'
import { portOf } from '../start/free-port.ts'
import { createNarrator } from '../start/narrator.ts'
import { startOwn } from '../start/start-own.ts'
import { sampleFolder, startSample } from '../start/start-sample.ts'
import { examples, runs } from '../terminal/command.ts'

interface StartOptions extends DataOptions {
  readonly port?: string
  readonly exit?: boolean
}

export function startCommand(program: Command): void {
  const command = dataOption(
    program
      .command('start')
      .description('Start a service on this machine; the first time with a sample organisation, rehearsed and imported')
      .option('--port <number>', 'port to listen on (default: 8443, or a free one)')
      .option('--exit', 'open an old and a new document through the service, then stop'),
  )
  examples(command, 'sealward start', 'sealward start --data my-service --port 9443')
  runs<StartOptions>(command, async ({ options }) => {
    const input = {
      data: resolve(options.data),
      port: options.port === undefined ? undefined : portOf(options.port),
      exit: options.exit === true,
      narrator: createNarrator(),
    }
    const isOwn = hasData(input.data) && !existsSync(sampleFolder(input.data))
    await (isOwn ? startOwn(input) : startSample(input))
    return exitCodes.done
  })
}
