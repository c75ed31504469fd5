/** `sealward client sign-out`: forgets the tokens of a sign-in, here and at the authority. */
import type { Command } from 'commander'
import { signOut } from '@sealward/client'
import { clientFor } from '../../connection/client-options.ts'
import { exitCodes } from '../../exit-codes.ts'
import { examples, jsonOption, runs } from '../../terminal/command.ts'
import { accountOptions, type AccountOptions } from './account-options.ts'

export function clientSignOutCommand(client: Command): void {
  const command = jsonOption(
    accountOptions(client.command('sign-out').description('Delete the tokens of a sign-in; keys and licences stay')),
  )
  examples(
    command,
    'sealward client sign-out --user anna@lakeside.example',
    'sealward client sign-out --user anna@lakeside.example --connection connection.json --json',
  )
  runs<AccountOptions>(command, async ({ options, output }) => {
    const { signedIn, revoked } = await signOut((await clientFor(options, { useSignIn: false })).store)
    const told = revoked ? '; the authority has ended it' : '; tokens that somebody copied count until they expire'
    output.say(signedIn ? `${options.user} is signed out${told}` : `${options.user} was not signed in`)
    output.data(
      () => '',
      () => ({ user: options.user, signedIn, revoked }),
    )
    return exitCodes.done
  })
}
