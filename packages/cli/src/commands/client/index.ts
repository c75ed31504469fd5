/** `sealward client …`: signs users in, moves their computers from a cluster to a tenant, and looks after our own client. */
import type { Command } from 'commander'
import { clientCollectCommand } from './collect.ts'
import { clientExplainCommand } from './explain.ts'
import { clientImportCommand } from './import.ts'
import { clientResetCommand } from './reset.ts'
import { clientSignInCommand } from './sign-in.ts'
import { clientSignOutCommand } from './sign-out.ts'
import { clientScriptsCommand } from './scripts.ts'

export function clientCommands(program: Command): void {
  const client = program
    .command('client')
    .description("Sign in; move users' computers to a new service, see which have moved, and look after our own client")
  clientSignInCommand(client)
  clientSignOutCommand(client)
  clientScriptsCommand(client)
  clientCollectCommand(client)
  clientImportCommand(client)
  clientExplainCommand(client)
  clientResetCommand(client)
}
