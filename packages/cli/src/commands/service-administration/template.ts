/** `sealward template …`: rights policy templates of the service. */
import type { Command } from 'commander'
import type { AdminResult } from '../../connection/administration.ts'
import {
  administrationOptions,
  withAdministration,
  type AdministrationOptions,
} from '../../connection/administration-options.ts'
import { exitCodes } from '../../exit-codes.ts'
import { examples, jsonOption, runs } from '../../terminal/command.ts'
import { agreed, changeOptions, type ChangeOptions } from '../../terminal/plan.ts'
import { table } from '../../terminal/table.ts'
import { findTemplate } from './find-template.ts'
import { templateRevocationCommand } from './template-revocation.ts'
import { templateScopeCommand } from './template-scope.ts'

type Template = AdminResult<'listTemplates'>[number]

export function templateCommands(program: Command): void {
  const template = program.command('template').description('Rights policy templates of the service')
  listCommand(template)
  stateCommand(template, {
    verb: 'publish',
    description: 'Offer a template to people; an imported one is issued again under the active key',
    done: 'is published',
    operation: 'publishTemplate',
  })
  stateCommand(template, {
    verb: 'archive',
    description: 'Offer a template no longer; it still decides about documents made with it',
    done: 'is archived',
    operation: 'archiveTemplate',
  })
  templateRevocationCommand(template)
  templateScopeCommand(template)
}

function listCommand(template: Command): void {
  const command = jsonOption(administrationOptions(template.command('list').description('List the templates')))
  examples(command, 'sealward template list', 'sealward template list --data /var/lib/sealward --json')
  runs<AdministrationOptions>(command, ({ options, output }) =>
    withAdministration(options, async (administration) => {
      const templates = await administration.call('listTemplates', { query: {} })
      output.data(
        () => templatesTable(templates),
        () => ({ templates }),
      )
      return exitCodes.done
    }),
  )
}

function templatesTable(templates: readonly Template[]): string {
  return table(templates, [
    { title: 'Template', value: ({ names }) => names[0]?.name ?? '' },
    { title: 'Identifier', value: ({ id }) => id },
    { title: 'State', value: ({ state }) => state },
    { title: 'Offered to', value: ({ scope }) => scope?.join(', ') ?? 'everybody', most: 40 },
    { title: 'Came with key', value: ({ origin }) => origin, most: 20 },
    { title: 'Issued', value: ({ issuedAt }) => issuedAt.slice(0, 10) },
    { title: 'Languages', value: ({ names }) => names.length },
  ])
}

interface StateChange {
  readonly verb: string
  readonly description: string
  readonly done: string
  readonly operation: 'publishTemplate' | 'archiveTemplate'
}

function stateCommand(template: Command, { verb, description, done, operation }: StateChange): void {
  const command = changeOptions(
    administrationOptions(template.command(verb).description(description).argument('<template>', 'name or identifier')),
  )
  examples(command, `sealward template ${verb} "Lakeside internal"`, `sealward template ${verb} "Board only" --yes`)
  runs<AdministrationOptions & ChangeOptions>(command, ({ args, options, output }) =>
    withAdministration(options, async (administration) => {
      const { id, name } = findTemplate(await administration.call('listTemplates', { query: {} }), args[0] ?? '')
      if (!(await agreed([`${verb} template ${name} ${id}`], options, output))) return exitCodes.done
      await administration.call(operation, { parameters: { id } })
      output.say(`${name} ${done}`)
      return exitCodes.done
    }),
  )
}
