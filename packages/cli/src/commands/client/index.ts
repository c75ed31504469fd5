/** `sealward client …`: moves the computers of users from a cluster to a tenant. */
import type { Command } from 'commander'
import { clientCollectCommand } from './collect.ts'
import { clientScriptsCommand } from './scripts.ts'

export function clientCommands(program: Command): void {
  const client = program
    .command('client')
    .description("Move users' computers to a new service, and see which have moved")
  clientScriptsCommand(client)
  clientCollectCommand(client)
}
