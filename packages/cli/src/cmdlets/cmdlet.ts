/** What a cmdlet is: its names, its parameters and what it does. */
import type { Administration } from '../connection/administration.ts'
import type { AdministrationOptions } from '../connection/administration-options.ts'
import type { Parameters, ValuesOf } from './parameters.ts'
import type { Shown } from './shown.ts'

export interface CmdletContext {
  /** The service that is connected or named. @throws RightsError `not-connected` and those of the connection */
  readonly administration: () => Promise<Administration>
  /** What the common parameters name, for cmdlets that connect. */
  readonly named: AdministrationOptions
  /** `-Force` was given: not only the question is left out, but warnings are passed over. */
  readonly force: boolean
  /** Shows what will change and asks. @returns false when nothing shall change */
  readonly agreed: (steps: readonly string[]) => Promise<boolean>
  /** A sentence about the work. */
  readonly say: (sentence: string) => void
  /** A sentence for `-Verbose`. */
  readonly detail: (sentence: string) => void
  readonly now: Date
}

interface Described {
  /** In the spelling of PowerShell; all mean the same. */
  readonly names: readonly string[]
  readonly synopsis: string
}

export interface AvailableCmdlet extends Described {
  readonly parameters: Parameters
  readonly changes: boolean
  /** Arguments of the two examples in its help. */
  readonly examples: readonly [string, string]
  readonly run: (values: ValuesOf<Parameters>, context: CmdletContext) => Promise<Shown>
}

/** Known by name, so that it is not mistaken for a typing error. */
export interface UnavailableCmdlet extends Described {
  /** What to use, as a sentence. */
  readonly instead: string
}

export type Cmdlet = AvailableCmdlet | UnavailableCmdlet

interface CmdletDefinition<P extends Parameters> extends Described {
  readonly parameters?: P
  readonly changes?: boolean
  readonly examples?: readonly [string, string]
  readonly run: (values: ValuesOf<P>, context: CmdletContext) => Promise<Shown>
}

export function defineCmdlet<const P extends Parameters = Readonly<Record<never, never>>>(
  definition: CmdletDefinition<P>,
): AvailableCmdlet {
  const { names, synopsis, parameters, changes = false, run } = definition
  return {
    names,
    synopsis,
    parameters: parameters ?? {},
    changes,
    examples: definition.examples ?? ['', changes ? '-WhatIf' : '-Json'],
    // The values were read with these parameters and with no others.
    run: (values, context) => run(values as ValuesOf<P>, context),
  }
}

export function isAvailable(cmdlet: Cmdlet): cmdlet is AvailableCmdlet {
  return 'run' in cmdlet
}

/** The names in both modules for the tenant: AADRM, and AIPService that followed it. */
export function bothFamilies(verb: string, noun: string): readonly string[] {
  return [`${verb}-Aadrm${noun}`, `${verb}-AipService${noun}`]
}
