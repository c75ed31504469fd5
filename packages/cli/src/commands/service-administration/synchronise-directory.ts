/** `sealward directory sync|release`: a directory in the service's own database takes over what its sources say. */
import type { Command } from 'commander'
import { RightsError } from '@sealward/xrml'
import type { Administration, AdminResult } from '../../connection/administration.ts'
import {
  administrationOptions,
  withAdministration,
  type AdministrationOptions,
} from '../../connection/administration-options.ts'
import { exitCodes } from '../../exit-codes.ts'
import { examples, jsonOption, runs } from '../../terminal/command.ts'
import { whileWaiting } from '../../terminal/elapsed.ts'
import { agreed, changeOptions, type ChangeOptions } from '../../terminal/plan.ts'
import { openLines } from './directory-state.ts'

interface SyncOptions extends AdministrationOptions, ChangeOptions {
  readonly whole?: boolean
  readonly allowDeletions?: string
}

type Result = AdminResult<'syncDirectory'>

export function syncCommand(directory: Command): void {
  const command = jsonOption(
    changeOptions(
      administrationOptions(
        directory.command('sync').description('Take over what the sources of a synchronised directory say'),
      ),
    ),
  )
    .option('--whole', 'read everything, also where the server tells what has changed')
    .option('--allow-deletions <n>', 'how many people, and how many groups, may disappear in this run')
  const example = 'sealward directory sync --data my-service'
  examples(command, `${example} --dry-run`, `${example} --yes --json`)
  runs<SyncOptions>(command, ({ options, output }) =>
    withAdministration(options, async (administration) => {
      const body = bodyOf(options)
      let result: Result
      if (options.yes === true && options.dryRun !== true) result = await synchronise(administration, body)
      else {
        result = await synchronise(administration, { ...body, dryRun: true })
        const steps = differences(result)
        if (await agreed(steps.length === 0 ? ['nothing but the time of the last run'] : steps, options, output)) {
          result = await synchronise(administration, body)
        }
      }
      const shown = result
      output.data(
        () => textOf(shown).join('\n'),
        () => shown,
      )
      return result.contested.length > 0 ? exitCodes.findings : exitCodes.done
    }),
  )
}

function bodyOf({ whole, allowDeletions }: SyncOptions): { whole?: boolean; deletionsAllowed?: number } {
  if (allowDeletions !== undefined && !/^\d{1,7}$/.test(allowDeletions)) {
    throw new RightsError('option-invalid', { detail: '--allow-deletions is a number' })
  }
  return {
    ...(whole === true ? { whole } : {}),
    ...(allowDeletions === undefined ? {} : { deletionsAllowed: Number(allowDeletions) }),
  }
}

function synchronise(
  administration: Administration,
  body: ReturnType<typeof bodyOf> & { dryRun?: boolean },
): Promise<Result> {
  return whileWaiting('reading the directory', administration.call('syncDirectory', { body }))
}

function differences({ counts, added, renamed, changed, deleted }: Result): readonly string[] {
  const rows = [
    ...added.map((name) => `added     ${name}`),
    ...renamed.map(({ from, to }) => `renamed   ${from} to ${to}`),
    ...changed.map((name) => `changed   ${name}`),
    ...deleted.map((name) => `deleted   ${name}`),
  ]
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0)
  return all > rows.length ? [...rows, `and ${all - rows.length} more`] : rows
}

function textOf(result: Result): readonly string[] {
  const { applied, sources, people, groups, standIns, counts } = result
  const { added, renamed, changed, deleted } = counts
  return [
    ...differences(result),
    ...openLines(result),
    ...sources.map(
      ({ source, whole, entries }) => `read      ${source}: ${whole ? 'everything' : 'changes'}, ${entries}`,
    ),
    `${applied ? 'done' : 'would be'}: ${added} added, ${renamed} renamed, ${changed} changed, ${deleted} deleted; ` +
      `${people} people, ${groups} groups, ${standIns} contacts and principals of elsewhere`,
  ]
}

export function releaseCommand(directory: Command): void {
  const command = changeOptions(
    administrationOptions(
      directory
        .command('release')
        .description('Give an address of somebody who was renamed or deleted to the one who has it now')
        .argument('<address>', 'mail address that `directory show` lists as waiting'),
    ),
  )
  const example = 'sealward directory release anna@lakeside.example --data my-service'
  examples(command, example, `${example} --yes`)
  runs<AdministrationOptions & ChangeOptions>(command, ({ args, options, output }) =>
    withAdministration(options, async (administration) => {
      const [address = ''] = args
      const effect = `documents for ${address} open for the one who has the address now, and not for whoever had it`
      if (!(await agreed([effect], options, output))) return exitCodes.done
      const released = await administration.call('releaseAddress', { body: { address } })
      output.say(`${released.address} is that of ${released.entry}, and no longer that of ${released.formerly}`)
      return exitCodes.done
    }),
  )
}
