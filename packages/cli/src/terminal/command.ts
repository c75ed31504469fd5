/** How every verb runs: options are typed, errors become one sentence of cause and one of cure, the exit code is the contract's. */
import type { Command } from 'commander'
import { createOutput, reportError, type Output } from './output.ts'

export interface CommandInput<Options> {
  readonly args: readonly string[]
  readonly options: Options
  readonly output: Output
}

/** @param run gives the exit code */
export function runs<Options extends object>(
  command: Command,
  run: (input: CommandInput<Options>) => number | Promise<number>,
): void {
  command.action(async () => {
    const options = command.opts<Options & { json?: boolean }>()
    const json = options.json === true
    try {
      process.exitCode = await run({ args: command.args, options, output: createOutput(json) })
    } catch (error) {
      process.exitCode = reportError(error, json)
    }
  })
}

export function jsonOption(command: Command): Command {
  return command.option('--json', 'one JSON document on standard output')
}

/** Two examples below the help of every verb. */
export function examples(command: Command, first: string, second: string): Command {
  return command.addHelpText('after', `\nExamples:\n  $ ${first}\n  $ ${second}`)
}

/** Collects an option that may be given several times. */
export function collect(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value]
}
