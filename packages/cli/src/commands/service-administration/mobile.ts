/** `sealward mobile …`: which REST clients are served, and whether they may publish offline. */
import type { Command } from 'commander'
import { devicePlatforms } from '@sealward/service'
import { RightsError } from '@sealward/xrml'
import type { Administration } from '../../connection/administration.ts'
import {
  administrationOptions,
  withAdministration,
  type AdministrationOptions,
} from '../../connection/administration-options.ts'
import { exitCodes } from '../../exit-codes.ts'
import { examples, jsonOption, runs } from '../../terminal/command.ts'
import type { Output } from '../../terminal/output.ts'
import { agreed, changeOptions, type ChangeOptions } from '../../terminal/plan.ts'

export function mobileCommands(program: Command): void {
  const mobile = program
    .command('mobile')
    .description('Clients of the REST protocol: which are served, and whether they may publish offline')
  showCommand(mobile)
  servedCommand(mobile, 'refuse')
  servedCommand(mobile, 'serve')
  offlineCommand(mobile)
}

function showCommand(mobile: Command): void {
  const command = jsonOption(administrationOptions(mobile.command('show').description('Show what is set')))
  examples(command, 'sealward mobile show --data cluster', 'sealward mobile show --data cluster --json')
  runs<AdministrationOptions>(command, ({ options, output }) =>
    withAdministration(options, async (administration) => {
      await show(administration, output)
      return exitCodes.done
    }),
  )
}

async function show(administration: Administration, output: Output): Promise<void> {
  const set = await administration.call('getMobileClients')
  const applications = set.refusedApplications.map(({ name, below }) =>
    below === undefined ? name : `${name} before ${below}`,
  )
  output.data(
    () =>
      [
        `refused platforms: ${set.refusedPlatforms.join(', ') || 'none'}`,
        `refused applications: ${applications.join(', ') || 'none'}`,
        `publishing offline: ${set.offlinePublishing ? 'on' : 'off'}`,
      ].join('\n'),
    () => set,
  )
}

interface ServedOptions extends AdministrationOptions, ChangeOptions {
  readonly platform?: string
  readonly application?: string
  readonly below?: string
}

function servedCommand(mobile: Command, verb: 'refuse' | 'serve'): void {
  const described = mobile
    .command(verb)
    .description(
      verb === 'refuse'
        ? 'Give a kind of device or an application no licences and no templates'
        : 'Serve it again; everything is served unless it is refused',
    )
    .option('--platform <name>', devicePlatforms.join(', '))
    .option('--application <name>', 'as it names itself')
  if (verb === 'refuse') described.option('--below <version>', 'only versions of the application before this one')
  const command = changeOptions(administrationOptions(described))
  const example = `sealward mobile ${verb} --platform Android --data cluster`
  examples(command, example, `sealward mobile ${verb} --application "Lakeside Reader" --data cluster --yes`)
  runs<ServedOptions>(command, ({ options, output }) =>
    withAdministration(options, async (administration) => {
      const served = verb === 'serve'
      const { what, apply } = target(options, served)
      const effect = `${what} ${served ? 'is served' : 'gets no licences and no templates'}`
      if (!(await agreed([effect], options, output))) return exitCodes.done
      await apply(administration)
      output.say(effect)
      return exitCodes.done
    }),
  )
}

interface Target {
  readonly what: string
  readonly apply: (administration: Administration) => Promise<unknown>
}

function target({ platform: named, application: name, below }: ServedOptions, served: boolean): Target {
  if ((named === undefined) === (name === undefined)) {
    throw new RightsError('option-invalid', { detail: 'give one of --platform and --application' })
  }
  if (name !== undefined) {
    const body = { name, served, ...(below === undefined ? {} : { below }) }
    return {
      what: `application ${name}${below === undefined ? '' : ` before ${below}`}`,
      apply: (administration) => administration.call('setApplicationServed', { body }),
    }
  }
  const platform = devicePlatforms.find((each) => each.toLowerCase() === named?.toLowerCase())
  if (platform === undefined || below !== undefined) {
    const detail =
      below === undefined ? `--platform takes ${devicePlatforms.join(', ')}` : '--below is for applications'
    throw new RightsError('option-invalid', { detail })
  }
  return {
    what: `platform ${platform}`,
    apply: (administration) => administration.call('setPlatformServed', { parameters: { platform }, body: { served } }),
  }
}

function offlineCommand(mobile: Command): void {
  const command = changeOptions(
    administrationOptions(
      mobile
        .command('offline')
        .description('Let clients publish without asking, with licences that only this service can open')
        .argument('<switch>', 'on or off'),
    ),
  )
  examples(command, 'sealward mobile offline on --data cluster', 'sealward mobile offline off --data cluster --yes')
  runs<AdministrationOptions & ChangeOptions>(command, ({ args, options, output }) =>
    withAdministration(options, async (administration) => {
      const [named = ''] = args
      if (named !== 'on' && named !== 'off') throw new RightsError('usage-invalid', { detail: 'say on or off' })
      const effect =
        named === 'on'
          ? 'REST clients may publish offline; what they publish opens with the database of this service and no other'
          : 'REST clients publish online only; what they published offline still opens'
      if (!(await agreed([effect], options, output))) return exitCodes.done
      await administration.call('setOfflinePublishing', { body: { enabled: named === 'on' } })
      output.say(effect)
      return exitCodes.done
    }),
  )
}
