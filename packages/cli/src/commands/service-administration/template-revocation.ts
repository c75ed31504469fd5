/** `sealward template revocation`: the revocation list that readers of a template's documents must have seen. */
import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { RightsError } from '@sealward/xrml'
import type { AdminCall } from '../../connection/administration.ts'
import {
  administrationOptions,
  withAdministration,
  type AdministrationOptions,
} from '../../connection/administration-options.ts'
import { exitCodes } from '../../exit-codes.ts'
import { examples, runs } from '../../terminal/command.ts'
import { agreed, changeOptions, type ChangeOptions } from '../../terminal/plan.ts'
import { findTemplate } from './find-template.ts'

type Demanded = AdminCall<'setTemplateRevocation'>['body']

interface ListOptions {
  readonly days?: string
  readonly off?: boolean
  readonly listUrl?: string
  readonly listId?: string
  readonly listKey?: string
}

export function templateRevocationCommand(template: Command): void {
  const command = changeOptions(
    administrationOptions(
      template
        .command('revocation')
        .description('Let documents of a template open only beside a revocation list that is not too old')
        .argument('<template>', 'name or identifier'),
    ),
  )
    .option('--days <days>', 'how old the list may be')
    .option('--off', 'demand no list')
    .option('--list-url <url>', 'where the list is, if it is not that of the service')
    .option('--list-id <guid>', 'identifier of that list')
    .option('--list-key <file>', 'public key that signs that list, in PEM')
  examples(
    command,
    'sealward template revocation "Board only" --days 1',
    'sealward template revocation "Board only" --off --yes',
  )
  runs<AdministrationOptions & ChangeOptions & ListOptions>(command, ({ args, options, output }) =>
    withAdministration(options, async (administration) => {
      const body = demandedBy(options)
      const { id, name } = findTemplate(await administration.call('listTemplates', { query: {} }), args[0] ?? '')
      const effect =
        body === null
          ? `documents of ${name} open without a revocation list`
          : `documents of ${name} open only beside a revocation list that is not older than ${body.refreshDays} days`
      if (!(await agreed([effect], options, output))) return exitCodes.done
      await administration.call('setTemplateRevocation', { parameters: { id }, body })
      output.say(effect)
      return exitCodes.done
    }),
  )
}

/** @throws RightsError `usage-invalid` */
function demandedBy({ days, off, listUrl, listId, listKey }: ListOptions): Demanded {
  if (off === true && days === undefined) return null
  if (off === true || days === undefined || !/^[1-9]\d{0,3}$/.test(days)) {
    throw new RightsError('usage-invalid', { detail: 'either --days with a number from 1 to 9999, or --off' })
  }
  const refreshDays = Number(days)
  if (listUrl === undefined && listId === undefined && listKey === undefined) return { refreshDays }
  if (listUrl === undefined || listId === undefined || listKey === undefined) {
    throw new RightsError('usage-invalid', { detail: '--list-url, --list-id and --list-key belong together' })
  }
  return { refreshDays, elsewhere: { url: listUrl, listId, publicKey: readFileSync(listKey, 'utf8') } }
}
