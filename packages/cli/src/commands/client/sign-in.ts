/** `sealward client sign-in`: gets tokens from the authority of a service and keeps them for `protect` and `open`. */
import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { signIn, type SignInWay } from '@sealward/client'
import { RightsError } from '@sealward/xrml'
import { clientFor } from '../../connection/client-options.ts'
import { exitCodes } from '../../exit-codes.ts'
import { collect, examples, jsonOption, runs } from '../../terminal/command.ts'
import { interruptible } from '../../terminal/interruption.ts'
import type { Output } from '../../terminal/output.ts'
import { accountOptions, type AccountOptions } from './account-options.ts'

interface SignInOptions extends AccountOptions {
  readonly device?: boolean
  readonly browser?: boolean
  readonly clientCredentialsFile?: string
  readonly clientId?: string
  readonly authorityHost?: readonly string[]
  readonly json?: boolean
}

export function clientSignInCommand(client: Command): void {
  const command = jsonOption(
    accountOptions(
      client
        .command('sign-in')
        .description('Sign in at the authority of the service; protect and open use the tokens from then on'),
    )
      .option('--device', 'show a code to type into a browser on any device (the way unless another is named)')
      .option('--browser', 'use a browser on this machine')
      .option('--client-credentials-file <file>', 'JSON file with clientId and clientSecret of an application')
      .option('--client-id <id>', 'how the authority knows this program', 'sealward')
      .option(
        '--authority-host <host>',
        'host of the authority, if it is not the one of the service; may be repeated',
        collect,
      ),
  )
  examples(
    command,
    'sealward client sign-in --user anna@lakeside.example',
    'sealward client sign-in --user anna@lakeside.example --browser --authority-host login.lakeside.example',
  )
  runs<SignInOptions>(command, async ({ options, output }) => {
    const way = wayOf(options, output)
    const { clientId, authorityHost } = options
    const account = await clientFor(options, { useSignIn: false })
    const { issuer, expiresAt, renewable } = await interruptible((signal) =>
      signIn(account, way, {
        signal,
        ...(clientId === undefined ? {} : { clientId }),
        ...(authorityHost === undefined ? {} : { authorityHosts: authorityHost }),
      }),
    )
    const until = renewable ? 'until you sign out or the authority ends it' : `until ${expiresAt.toISOString()}`
    output.say(`${options.user} is signed in at ${issuer}, ${until}`)
    output.data(
      () => '',
      () => ({ user: options.user, issuer, expiresAt: expiresAt.toISOString(), renewable }),
    )
    return exitCodes.done
  })
}

/** @throws RightsError `option-invalid` */
function wayOf({ device, browser, clientCredentialsFile }: SignInOptions, output: Output): SignInWay {
  const named = [device, browser, clientCredentialsFile].filter((way) => way !== undefined)
  if (named.length > 1) {
    throw new RightsError('option-invalid', { detail: 'one of --device, --browser and --client-credentials-file' })
  }
  if (clientCredentialsFile !== undefined) return { kind: 'application', ...readCredentials(clientCredentialsFile) }
  if (browser === true) {
    return {
      kind: 'browser',
      show(url) {
        output.say('Open this address in a browser on this machine; Ctrl-C stops waiting')
        output.say(url)
      },
    }
  }
  return {
    kind: 'device',
    show({ url, code, seconds }) {
      output.say(`Open ${url} in a browser and type the code ${code}`)
      output.say(`Waiting for that for ${Math.ceil(seconds / 60)} minutes; Ctrl-C stops it`)
    },
  }
}

/** @throws RightsError `option-invalid` */
function readCredentials(path: string): { readonly clientId: string; readonly secret: string } {
  const invalid = new RightsError('option-invalid', { detail: `${path} holds no clientId and clientSecret` })
  let content: { readonly clientId?: unknown; readonly clientSecret?: unknown } | null
  const text = readFileSync(path, 'utf8')
  try {
    content = JSON.parse(text) as typeof content
  } catch {
    // The parser's error quotes what it read.
    throw invalid
  }
  const { clientId, clientSecret } = content ?? {}
  if (typeof clientId !== 'string' || typeof clientSecret !== 'string') throw invalid
  return { clientId, secret: clientSecret }
}
