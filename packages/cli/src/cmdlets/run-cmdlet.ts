/** Runs one cmdlet: reads its parameters, opens the connection when it is needed, asks, and shows the answer. */
import { RightsError } from '@sealward/xrml'
import type { Administration } from '../connection/administration.ts'
import { withAdministration, type AdministrationOptions } from '../connection/administration-options.ts'
import { readSession } from '../connection/administration-session.ts'
import { exitCodes } from '../exit-codes.ts'
import { createOutput, reportError } from '../terminal/output.ts'
import { agreed } from '../terminal/plan.ts'
import { cmdletHelp } from './cmdlet-help.ts'
import { isAvailable, type AvailableCmdlet, type Cmdlet, type CmdletContext } from './cmdlet.ts'
import { changeParameters, commonParameters, parameterKey, type Parameters, type ValuesOf } from './parameters.ts'
import { readArguments } from './read-arguments.ts'
import { asJson, asText, type Shown } from './shown.ts'

interface FoundCmdlet {
  readonly name: string
  readonly cmdlet: Cmdlet
}

type CommonValues = ValuesOf<typeof commonParameters> & Partial<ValuesOf<typeof changeParameters>>

/** @returns the exit code */
export async function runCmdlet({ name, cmdlet }: FoundCmdlet, args: readonly string[]): Promise<number> {
  const asked = new Set(args.map((word) => (word === '-?' ? 'help' : parameterKey(word))))
  if (args.length === 1 && asked.has('help')) {
    process.stdout.write(cmdletHelp(name, cmdlet))
    return exitCodes.done
  }
  const json = asked.has('json')
  try {
    if (!isAvailable(cmdlet)) throw new RightsError('cmdlet-not-available', { detail: `${name}: ${cmdlet.instead}` })
    const shown = await answerOf(cmdlet, args)
    createOutput(json).data(
      () => asText(shown),
      () => asJson(shown),
    )
    return exitCodes.done
  } catch (error) {
    return reportError(error, json)
  }
}

/** The parameters that a cmdlet takes, with those that are common to many. */
export function allParameters({ parameters, changes }: AvailableCmdlet): Parameters {
  return { ...parameters, ...(changes ? changeParameters : {}), ...commonParameters }
}

async function answerOf(cmdlet: AvailableCmdlet, args: readonly string[]): Promise<Shown> {
  const values = readArguments(allParameters(cmdlet), args)
  const common = values as unknown as CommonValues
  const own = Object.fromEntries(Object.keys(cmdlet.parameters).map((name) => [name, values[name as never]]))
  const opening = openedOnce(namedService(common))
  const output = createOutput(false)
  const context: CmdletContext = {
    administration: opening.administration,
    named: namedService(common),
    force: common.Force === true,
    agreed: (steps) =>
      agreed(steps, { yes: common.Force === true || common.Confirm === false, dryRun: common.WhatIf === true }, output),
    say: (sentence) => output.say(sentence),
    detail: (sentence) => {
      if (common.Verbose) output.say(`VERBOSE: ${sentence}`)
    },
    now: new Date(),
  }
  return opening.during(() => cmdlet.run(own as ValuesOf<Parameters>, context))
}

function namedService({ Service, AdminTokenFile, Data }: CommonValues): AdministrationOptions {
  return {
    ...(Service === undefined ? {} : { service: Service }),
    ...(AdminTokenFile === undefined ? {} : { adminTokenFile: AdminTokenFile }),
    ...(Data === undefined ? {} : { data: Data }),
  }
}

interface Opening {
  /** @throws RightsError `not-connected` and those of the connection */
  readonly administration: () => Promise<Administration>
  /** Closes what was opened when the work is done. */
  readonly during: <T>(work: () => Promise<T>) => Promise<T>
}

/** The service is opened when it is asked for first, and stays open until the cmdlet has ended. */
function openedOnce(named: AdministrationOptions): Opening {
  const ended = Promise.withResolvers<undefined>()
  let closing: Promise<void> | undefined
  let opened: Promise<Administration> | undefined
  const open = (): Promise<Administration> =>
    new Promise((resolve, reject) => {
      closing = withAdministration(namedOrConnected(named), async (administration) => {
        resolve(administration)
        await ended.promise
      })
      closing.catch(reject)
    })
  return {
    administration: () => (opened ??= open()),
    async during(work) {
      try {
        return await work()
      } finally {
        ended.resolve(undefined)
        await closing?.catch(() => undefined)
      }
    },
  }
}

function namedOrConnected(named: AdministrationOptions): AdministrationOptions {
  if (Object.keys(named).length > 0) return named
  const session = readSession()
  if (session === undefined) throw new RightsError('not-connected')
  return session
}
