/** `sealward scp …`: where the clients of a forest find their cluster. Needs a domain controller, and no cluster. */
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { isBasePath, usualBasePath } from '@sealward/protocol'
import { openServiceConnectionPoints, type Registration, type ServiceConnectionPoints } from '@sealward/service'
import { RightsError } from '@sealward/xrml'
import { exitCodes } from '../../exit-codes.ts'
import { collect, examples, jsonOption, runs } from '../../terminal/command.ts'
import { agreed, changeOptions, type ChangeOptions } from '../../terminal/plan.ts'
import { readSecret } from '../../terminal/secret.ts'

interface ForestOptions {
  readonly directory: readonly string[]
  readonly account: string
  readonly passwordFile?: string
  readonly caFile?: string
}

interface RegistrationOptions extends ForestOptions, ChangeOptions {
  readonly foreign?: boolean
}

export function scpCommands(program: Command): void {
  const scp = program.command('scp').description('Where clients of an Active Directory forest find their cluster')
  showCommand(scp)
  registerCommand(scp)
  unregisterCommand(scp)
}

const server = '--directory ldaps://dc1.corp.example --account admin@corp.example'

function forestOptions(command: Command): Command {
  return command
    .requiredOption(
      '--directory <url>',
      'domain controller, ldaps:// or ldap:// with StartTLS; repeat for others',
      collect,
    )
    .requiredOption('--account <name>', 'principal name or DN of the account to sign in with')
    .option('--password-file <file>', 'file with its password; - for standard input')
    .option('--ca-file <file>', 'certificates that vouch for the domain controller, PEM')
}

function showCommand(scp: Command): void {
  const command = jsonOption(forestOptions(scp.command('show').description('Show the cluster that is registered')))
  examples(command, `sealward scp show ${server}`, `sealward scp show ${server} --json`)
  runs<ForestOptions>(command, ({ options, output }) =>
    withForest(options, async (points) => {
      const found = await points.list()
      output.data(
        () => (found.length === 0 ? 'no cluster is registered' : found.map(describe).join('\n')),
        () => ({ registrations: found }),
      )
      // Clients would take any of several.
      return found.length > 1 ? exitCodes.findings : exitCodes.done
    }),
  )
}

function registerCommand(scp: Command): void {
  const description = 'Let the clients of the forest find this cluster'
  const command = registrationCommand(scp.command('register').description(description))
  const example = `sealward scp register https://rms.corp.example ${server}`
  examples(command, example, `${example} --foreign --yes`)
  runs<RegistrationOptions>(command, ({ args, options, output }) =>
    withForest(options, async (points) => {
      const url = certificationUrl(args[0] ?? '')
      const foreign = options.foreign === true
      const plan = await points.planned(url)
      if (plan === 'nothing') {
        output.say(`${url} is registered already`)
        return exitCodes.done
      }
      const former = plan === 'replace' ? (await points.list()).map((each) => each.url).join(', ') : ''
      const step = plan === 'create' ? `register ${url}` : `register ${url} instead of ${former}`
      if (plan === 'replace' && !foreign) throw new RightsError('scp-foreign', { detail: former })
      if (!(await agreed([step], options, output))) return exitCodes.done
      await points.register(url, { foreign })
      output.say(`registered ${url}`)
      return exitCodes.done
    }),
  )
}

function unregisterCommand(scp: Command): void {
  const description = 'Let the clients of the forest find this cluster no more'
  const command = registrationCommand(scp.command('unregister').description(description))
  const example = `sealward scp unregister https://rms.corp.example ${server}`
  examples(command, example, `${example} --yes`)
  runs<RegistrationOptions>(command, ({ args, options, output }) =>
    withForest(options, async (points) => {
      const url = certificationUrl(args[0] ?? '')
      const known = await points.list()
      if (known.length === 0) {
        output.say('no cluster is registered')
        return exitCodes.done
      }
      const steps = known.map((each) => `remove ${describe(each)}`)
      if (!(await agreed(steps, options, output))) return exitCodes.done
      const removed = await points.unregister(url, { foreign: options.foreign === true })
      for (const each of removed) output.say(`removed ${describe(each)}`)
      return exitCodes.done
    }),
  )
}

function registrationCommand(command: Command): Command {
  return changeOptions(
    forestOptions(
      command.argument(
        '<url>',
        'address of the cluster, such as https://rms.corp.example or https://rms.corp.example/rights/_wmcs',
      ),
    ),
  ).option('--foreign', 'also if the entry names another cluster')
}

async function withForest(
  { directory, account, passwordFile, caFile }: ForestOptions,
  work: (points: ServiceConnectionPoints) => Promise<number>,
): Promise<number> {
  const urls = directory.map(serverUrl)
  const password = await readSecret(passwordFile, `Password of ${account}`)
  const authority = caFile === undefined ? {} : { caFile: resolve(caFile) }
  const settings = { urls, bindDn: account, plaintext: false, password: () => Promise.resolve(password), ...authority }
  const points = openServiceConnectionPoints(settings)
  try {
    return await work(points)
  } finally {
    await points.close()
  }
}

function serverUrl(text: string): string {
  if (/^ldaps?:\/\/[^/?#@\s]+\/?$/.test(text) && URL.canParse(text)) return text
  throw new RightsError('option-invalid', {
    detail: `--directory ${text}: ldaps:// or ldap:// with host and port only`,
  })
}

/**
 * The address of a cluster or, written out, that of its certification. A path that does not end in either may be mistyped, and
 * clients of the whole forest would go there.
 */
function certificationUrl(text: string): string {
  const { protocol, origin, pathname, search, hash } = URL.canParse(text) ? new URL(text) : new URL('none:')
  const path = pathname.replace(/\/$/, '')
  const basePath = path === '' ? usualBasePath : path.replace(/\/certification$/i, '')
  const known = basePath !== path || path.toLowerCase().endsWith(usualBasePath)
  if (known && isBasePath(basePath) && search + hash === '' && (protocol === 'https:' || protocol === 'http:')) {
    return `${origin}${basePath}/certification`
  }
  throw new RightsError('option-invalid', { detail: `${text}: not the address of a cluster` })
}

function describe({ url, dn }: Registration): string {
  return `${url} (${dn})`
}
