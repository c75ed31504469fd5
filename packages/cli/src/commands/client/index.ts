/** `sealward client …`: signs users in, and moves their computers from a cluster to a tenant. */
import type { Command } from 'commander'
import { clientCollectCommand } from './collect.ts'
import { clientSignInCommand } from './sign-in.ts'
import { clientSignOutCommand } from './sign-out.ts'
import { clientScriptsCommand } from './scripts.ts'

export function clientCommands(program: Command): void {
  const client = program
    .command('client')
    .description("Sign in; move users' computers to a new service, and see which have moved")
  clientSignInCommand(client)
  clientSignOutCommand(client)
  clientScriptsCommand(client)
  clientCollectCommand(client)
}
