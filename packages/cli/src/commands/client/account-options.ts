/** The options that name one user of one service on this machine. */
import type { Command } from 'commander'

export interface AccountOptions {
  readonly user: string
  readonly connection?: string
  readonly service?: string
  readonly store?: string
}

export function accountOptions(command: Command): Command {
  return command
    .requiredOption('--user <address>', 'who you are, by mail address')
    .option('--connection <file>', 'how to reach the service (default: sealward-data/connection.json)')
    .option('--service <url>', 'address of the service, instead of the one in the connection file')
    .option('--store <dir>', 'folder for your keys, licences and tokens on this machine')
}
