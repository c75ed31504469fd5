/** `sealward trust user-domain …`: other organisations whose people may ask this service with accounts of their own. */
import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { writeFileSafely } from '@sealward/client'
import type { AdminResult } from '../../connection/administration.ts'
import {
  administrationOptions,
  withAdministration,
  type AdministrationOptions,
} from '../../connection/administration-options.ts'
import { exitCodes } from '../../exit-codes.ts'
import { trustOptions } from '../../exports/read-exports.ts'
import type { TrustOptions } from '../../exports/trusted-roots.ts'
import { ownUserDomain, readUserDomainImport } from '../../exports/user-domain-import.ts'
import { collect, examples, jsonOption, runs } from '../../terminal/command.ts'
import { agreed, changeOptions, type ChangeOptions } from '../../terminal/plan.ts'
import { table } from '../../terminal/table.ts'

type UserDomain = AdminResult<'listUserDomains'>[number]

const domainArgument = 'fingerprint, or at least eight digits of its beginning'
const mailDomainOption =
  'mail domain whose people are accepted, children included; may be repeated; * for all that are nobody else’s'

export function trustCommands(program: Command): void {
  const trust = program.command('trust').description('Other organisations that this service trusts')
  const userDomain = trust.command('user-domain').description('Whose account certificates are accepted')
  listCommand(userDomain)
  exportCommand(userDomain)
  importCommand(userDomain)
  changeCommand(userDomain)
  removeCommand(userDomain)
}

function listCommand(userDomain: Command): void {
  const command = jsonOption(
    administrationOptions(userDomain.command('list').description('List the own and the trusted user domains')),
  )
  examples(command, 'sealward trust user-domain list', 'sealward trust user-domain list --data tenant --json')
  runs<AdministrationOptions>(command, ({ options, output }) =>
    withAdministration(options, async (administration) => {
      const userDomains = await administration.call('listUserDomains')
      output.data(
        () => domainsTable(userDomains),
        () => ({ userDomains }),
      )
      return exitCodes.done
    }),
  )
}

function domainsTable(userDomains: readonly UserDomain[]): string {
  return table(userDomains, [
    { title: 'User domain', value: ({ id }) => id, most: 20 },
    { title: 'Name', value: ({ displayName }) => displayName },
    { title: 'Mode', value: ({ mode }) => mode },
    { title: 'Mail domains', value: ({ own, mailDomains }) => (own ? 'own' : mailDomains.join(' ')) },
    { title: 'Federated', value: ({ federatedUsers }) => (federatedUsers ? 'yes' : 'no') },
    { title: 'Expires', value: ({ expiresAt }) => expiresAt.slice(0, 10) },
  ])
}

interface ExportOptions extends AdministrationOptions {
  readonly output: string
}

function exportCommand(userDomain: Command): void {
  const command = administrationOptions(
    userDomain
      .command('export')
      .description('Write the public certificates that another organisation imports to accept our people')
      .argument('[user-domain]', `${domainArgument}; the active key unless given`)
      .requiredOption('--output <file>', 'a file that does not exist yet'),
  )
  examples(
    command,
    'sealward trust user-domain export --output lakeside.bin',
    'sealward trust user-domain export 3f9a01c2 --output lakeside-old.bin --data cluster',
  )
  runs<ExportOptions>(command, ({ args, options, output }) =>
    withAdministration(options, async (administration) => {
      const id = args[0] ?? (await ownUserDomain(administration))
      const { file } = await administration.call('exportUserDomain', { parameters: { id } })
      writeFileSafely({
        path: options.output,
        existing: 'refuse',
        write: (sink) => sink.write(Buffer.from(file, 'base64')),
      })
      output.say(`${options.output}: user domain ${id}; nothing in it is secret`)
      return exitCodes.done
    }),
  )
}

interface ImportOptions extends AdministrationOptions, ChangeOptions, TrustOptions {
  readonly name: string
  readonly mailDomain: readonly string[]
  readonly federated?: boolean
}

function importCommand(userDomain: Command): void {
  const command = jsonOption(
    changeOptions(
      trustOptions(
        administrationOptions(
          userDomain
            .command('import')
            .description('Accept people of another organisation with accounts of their own')
            .argument('<file>', 'exported trusted user domain'),
        )
          .requiredOption('--name <name>', 'what administrators call the organisation')
          .requiredOption('--mail-domain <domain>', mailDomainOption, collect)
          .option('--federated', 'also accept accounts of tenants and of federated sign-in'),
      ),
    ),
  )
  examples(
    command,
    'sealward trust user-domain import harbour.bin --name Harbour --mail-domain harbour.example',
    'sealward trust user-domain import harbour.bin --name Harbour --mail-domain harbour.example --federated --data tenant --yes',
  )
  runs<ImportOptions>(command, ({ args: [path = ''], options, output }) =>
    withAdministration(options, async (administration) => {
      const { name: displayName, mailDomain: mailDomains, federated: federatedUsers = false } = options
      const { plan, request } = readUserDomainImport(
        { file: readFileSync(path), displayName, mailDomains, federatedUsers },
        { trust: options, now: new Date() },
      )
      if (!(await agreed(plan, options, output))) return exitCodes.done
      const imported = await administration.call('importUserDomain', { body: request })
      output.say(`people of ${imported.displayName} are accepted: ${imported.mailDomains.join(', ')}`)
      output.data(
        () => '',
        () => imported,
      )
      return exitCodes.done
    }),
  )
}

interface ChangeDomainOptions extends AdministrationOptions, ChangeOptions {
  readonly mailDomain: readonly string[]
}

function changeCommand(userDomain: Command): void {
  const command = changeOptions(
    administrationOptions(
      userDomain
        .command('change')
        .description('Replace the list of mail domains that are accepted')
        .argument('<user-domain>', domainArgument)
        .requiredOption('--mail-domain <domain>', mailDomainOption, collect),
    ),
  )
  const example = 'sealward trust user-domain change 3f9a01c2 --mail-domain harbour.example'
  examples(command, example, `${example} --mail-domain pier.example --yes`)
  runs<ChangeDomainOptions>(command, ({ args: [id = ''], options, output }) =>
    withAdministration(options, async (administration) => {
      const { mailDomain: mailDomains } = options
      if (!(await agreed([`accept ${mailDomains.join(', ')} from user domain ${id}`], options, output)))
        return exitCodes.done
      await administration.call('changeUserDomain', {
        parameters: { id },
        body: { mailDomains: [...mailDomains] },
      })
      output.say(`${mailDomains.join(', ')} are accepted`)
      return exitCodes.done
    }),
  )
}

function removeCommand(userDomain: Command): void {
  const command = changeOptions(
    administrationOptions(
      userDomain
        .command('remove')
        .description('Accept its people no longer; licences that they hold stay')
        .argument('<user-domain>', domainArgument),
    ),
  )
  const example = 'sealward trust user-domain remove 3f9a01c2'
  examples(command, example, `${example} --data cluster --yes`)
  runs<AdministrationOptions & ChangeOptions>(command, ({ args: [id = ''], options, output }) =>
    withAdministration(options, async (administration) => {
      if (!(await agreed([`accept the people of user domain ${id} no longer`], options, output))) return exitCodes.done
      await administration.call('removeUserDomain', { parameters: { id } })
      output.say(`${id} is trusted no longer`)
      return exitCodes.done
    }),
  )
}
