/** `sealward template scope`: to whom a template is offered. */
import type { Command } from 'commander'
import { RightsError } from '@sealward/xrml'
import {
  administrationOptions,
  withAdministration,
  type AdministrationOptions,
} from '../../connection/administration-options.ts'
import { exitCodes } from '../../exit-codes.ts'
import { collect, examples, jsonOption, runs } from '../../terminal/command.ts'
import { agreed, changeOptions, type ChangeOptions } from '../../terminal/plan.ts'
import { findTemplate } from './find-template.ts'

interface ScopeOptions {
  readonly to?: readonly string[]
  readonly everybody?: boolean
}

export function templateScopeCommand(template: Command): void {
  const command = jsonOption(
    changeOptions(
      administrationOptions(
        template
          .command('scope')
          .description(
            'Offer a template to some people and groups only, or to everybody; opening does not depend on it',
          )
          .argument('<template>', 'name or identifier'),
      ),
    ),
  )
    .option(
      '--to <address>',
      'person or group to whom it is offered, instead of those before; may be repeated',
      collect,
    )
    .option('--everybody', 'offer it to everybody')
  examples(
    command,
    'sealward template scope "Board only" --to board@lakeside.example',
    'sealward template scope "Board only" --everybody --yes',
  )
  runs<AdministrationOptions & ChangeOptions & ScopeOptions>(command, ({ args, options, output }) =>
    withAdministration(options, async (administration) => {
      const scope = scopeOf(options)
      const { id, name } = findTemplate(await administration.call('listTemplates', { query: {} }), args[0] ?? '')
      const effect =
        scope.length === 0 ? `${name} is offered to everybody` : `${name} is offered only to ${scope.join(', ')}`
      const changed = await agreed([effect], options, output)
      if (changed) await administration.call('setTemplateScope', { parameters: { id }, body: { scope } })
      output.data(
        () => (changed ? effect : ''),
        () => ({ id, scope, changed }),
      )
      return exitCodes.done
    }),
  )
}

/** @throws RightsError `usage-invalid` */
function scopeOf({ to = [], everybody = false }: ScopeOptions): string[] {
  if (everybody === to.length > 0) throw new RightsError('usage-invalid', { detail: 'either --to or --everybody' })
  return [...to]
}
