/** `sealward key …`: the licensor keys of the service. */
import type { Command } from 'commander'
import { activateKey, archiveKey, listKeys, type ListedKey } from '@sealward/service'
import { dataOption, type DataOptions } from '../../data/data-directory.ts'
import { administer } from '../../data/in-process-service.ts'
import { exitCodes } from '../../exit-codes.ts'
import { examples, jsonOption, runs } from '../../terminal/command.ts'
import { agreed, changeOptions, type ChangeOptions } from '../../terminal/plan.ts'
import { table } from '../../terminal/table.ts'

export function keyCommands(program: Command): void {
  const key = program.command('key').description('The keys of the service: one signs, the others open old documents')
  listCommand(key)
  activateCommand(key)
  archiveCommand(key)
}

function listCommand(key: Command): void {
  const command = jsonOption(dataOption(key.command('list').description('List the keys')))
  examples(command, 'sealward key list', 'sealward key list --data /var/lib/sealward --json')
  runs<DataOptions>(command, ({ options, output }) =>
    administer(options.data, async ({ administration }) => {
      const keys = await listKeys(administration)
      output.data(
        () => keysTable(keys),
        () => ({ keys }),
      )
      return exitCodes.done
    }),
  )
}

function keysTable(keys: readonly ListedKey[]): string {
  return table(keys, [
    { title: 'Key', value: ({ id }) => id, most: 20 },
    { title: 'State', value: ({ state }) => state },
    { title: 'Mode', value: ({ mode }) => mode },
    { title: 'Origin', value: ({ origin }) => origin },
    { title: 'Name', value: ({ name }) => name ?? '' },
    { title: 'Address', value: ({ url }) => url ?? '' },
    { title: 'Templates', value: ({ templates }) => templates },
  ])
}

function activateCommand(key: Command): void {
  const command = changeOptions(
    dataOption(
      key
        .command('activate')
        .description('Let a key sign from now on; the one before only opens what was made for it')
        .argument('<key>', 'fingerprint, or at least eight digits of its beginning'),
    ),
  )
  examples(command, 'sealward key activate 3f9a01c2', 'sealward key activate 3f9a01c2 --data /var/lib/sealward --yes')
  runs<DataOptions & ChangeOptions>(command, ({ args, options, output }) =>
    administer(options.data, async ({ administration }) => {
      const [keyId = ''] = args
      const steps = [`key ${keyId} signs from now on, the active one is archived; published templates are issued again`]
      if (!(await agreed(steps, options, output))) return exitCodes.done
      const { keyId: active, replaced } = await activateKey(administration, { keyId })
      output.say(`${active} is active${replaced === undefined ? '' : `, ${replaced} is archived`}`)
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
