/** `sealward key …`: the licensor keys of the service. */
import type { Command } from 'commander'
import { archiveKey } from '@sealward/service'
import type { AdminResult } from '../../connection/administration.ts'
import {
  administrationOptions,
  withAdministration,
  type AdministrationOptions,
} from '../../connection/administration-options.ts'
import { dataOption, type DataOptions } from '../../data/data-directory.ts'
import { administer } from '../../data/in-process-service.ts'
import { exitCodes } from '../../exit-codes.ts'
import { examples, jsonOption, runs } from '../../terminal/command.ts'
import { agreed, changeOptions, type ChangeOptions } from '../../terminal/plan.ts'
import { table } from '../../terminal/table.ts'

type Key = AdminResult<'listKeys'>[number]

export function keyCommands(program: Command): void {
  const key = program.command('key').description('The keys of the service: one signs, the others open old documents')
  listCommand(key)
  createCommand(key)
  activateCommand(key)
  archiveCommand(key)
}

function listCommand(key: Command): void {
  const command = jsonOption(administrationOptions(key.command('list').description('List the keys')))
  examples(command, 'sealward key list', 'sealward key list --data /var/lib/sealward --json')
  runs<AdministrationOptions>(command, ({ options, output }) =>
    withAdministration(options, async (administration) => {
      const keys = await administration.call('listKeys')
      output.data(
        () => keysTable(keys),
        () => ({ keys }),
      )
      return exitCodes.done
    }),
  )
}

function keysTable(keys: readonly Key[]): string {
  return table(keys, [
    { title: 'Key', value: ({ id }) => id, most: 20 },
    { title: 'State', value: ({ state }) => state },
    { title: 'Mode', value: ({ mode }) => mode },
    { title: 'Origin', value: ({ origin }) => origin },
    { title: 'Name', value: ({ friendlyName, name }) => friendlyName ?? name ?? '' },
    { title: 'Address', value: ({ url }) => url ?? '' },
    { title: 'Templates', value: ({ templates }) => templates },
  ])
}

interface CreateOptions extends AdministrationOptions, ChangeOptions {
  readonly name: string
}

function createCommand(key: Command): void {
  const command = jsonOption(
    changeOptions(
      administrationOptions(
        key
          .command('create')
          .description('Make a new key of 2048 bits; it waits until it is activated, unless it is the first')
          .requiredOption('--name <name>', 'name that clients see'),
      ),
    ),
  )
  examples(
    command,
    'sealward key create --name "Lakeside 2026"',
    'sealward key create --name Lakeside --data tenant --yes',
  )
  runs<CreateOptions>(command, ({ options, output }) =>
    withAdministration(options, async (administration) => {
      const { name } = options
      if (!(await agreed([`make a key with the name ${name} at ${administration.where}`], options, output))) {
        return exitCodes.done
      }
      const { keyId } = await administration.call('generateKey', { body: { mode: 2, name } })
      output.say(`made key ${keyId}`)
      output.data(
        () => '',
        () => ({ keyId }),
      )
      return exitCodes.done
    }),
  )
}

function activateCommand(key: Command): void {
  const command = changeOptions(
    administrationOptions(
      key
        .command('activate')
        .description('Let a key sign from now on; the one before only opens what was made for it')
        .argument('<key>', 'fingerprint, or at least eight digits of its beginning'),
    ),
  )
  examples(command, 'sealward key activate 3f9a01c2', 'sealward key activate 3f9a01c2 --data /var/lib/sealward --yes')
  runs<AdministrationOptions & ChangeOptions>(command, ({ args, options, output }) =>
    withAdministration(options, async (administration) => {
      const [id = ''] = args
      const steps = [`key ${id} signs from now on, the active one is archived; published templates are issued again`]
      if (!(await agreed(steps, options, output))) return exitCodes.done
      const { keyId, replaced } = await administration.call('activateKey', { parameters: { id } })
      output.say(`${keyId} is active${replaced === undefined ? '' : `, ${replaced} is archived`}`)
      return exitCodes.done
    }),
  )
}

function archiveCommand(key: Command): void {
  const command = changeOptions(
    dataOption(
      key
        .command('archive')
        .description('Keep a pending key for opening only')
        .argument('<key>', 'fingerprint, or at least eight digits of its beginning'),
    ),
  )
  examples(command, 'sealward key archive 3f9a01c2', 'sealward key archive 3f9a01c2 --dry-run')
  runs<DataOptions & ChangeOptions>(command, ({ args, options, output }) =>
    administer(options.data, async ({ administration }) => {
      const [keyId = ''] = args
      if (!(await agreed([`archive key ${keyId}`], options, output))) return exitCodes.done
      await archiveKey(administration, { keyId })
      output.say(`${keyId} is archived`)
      return exitCodes.done
    }),
  )
}
