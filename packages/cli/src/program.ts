/**
 * The table of commands. Only the area that is asked for is loaded, so that `inspect` does not wait for the service; help
 * and unknown names load all.
 */
import { Command, CommanderError } from 'commander'
import { RightsError } from '@sealward/xrml'
import { exitCodes } from './exit-codes.ts'
import { programVersion } from './program-version.ts'
import { reportError } from './terminal/output.ts'

type Register = (program: Command) => void

const exitCodeHelp =
  'Exit codes: 0 done, 1 done with findings, 2 wrong call, 3 refused, 4 unreachable, 5 invalid input, 70 defect.'

const areas: Readonly<Record<string, () => Promise<Register>>> = {
  start: async () => (await import('./commands/start.ts')).startCommand,
  serve: async () => (await import('./commands/serve.ts')).serveCommand,
  directory: async () => (await import('./commands/service-administration/directory.ts')).directoryCommands,
  protect: async () => (await import('./commands/content/protect.ts')).protectCommand,
  open: async () => (await import('./commands/content/open.ts')).openCommand,
  unprotect: async () => (await import('./commands/content/unprotect.ts')).unprotectCommand,
  inspect: async () => (await import('./commands/inspect.ts')).inspectCommand,
  rehearse: async () => (await import('./commands/rehearse.ts')).rehearseCommand,
  sample: async () => (await import('./commands/sample.ts')).sampleCommand,
  key: async () => (await import('./commands/service-administration/key.ts')).keyCommands,
  template: async () => (await import('./commands/service-administration/template.ts')).templateCommands,
  'super-user': async () => (await import('./commands/service-administration/super-user.ts')).superUserCommands,
  log: async () => (await import('./commands/service-administration/log.ts')).logCommands,
  tpd: async () => (await import('./commands/tpd/index.ts')).tpdCommands,
  version: async () => (await import('./commands/version.ts')).versionCommand,
  xrml: async () => (await import('./commands/xrml/index.ts')).xrmlCommands,
}

/** @returns the exit code */
export async function run(args: readonly string[]): Promise<number> {
  const program = await createProgram(args[0])
  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    return error instanceof CommanderError ? usageCode(error, args) : reportError(error, args.includes('--json'))
  }
  return Number(process.exitCode ?? exitCodes.done)
}

/** @param area the only one needed; all when it is none of them */
export async function createProgram(area?: string): Promise<Command> {
  const program = new Command('sealward')
    .description('Open, self-hosted rights management, compatible with AD RMS and Azure RMS')
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .version(programVersion(), '--version', 'say which version this is')
    .addHelpText('after', `\nEvery command explains itself with --help.\n${exitCodeHelp}`)
  const wanted = area !== undefined && Object.hasOwn(areas, area) ? [area] : Object.keys(areas)
  for (const name of wanted) (await areas[name]?.())?.(program)
  return program
}

/** Help that was asked for is an answer; whatever else the parser stops at is a wrong call. */
function usageCode(error: CommanderError, args: readonly string[]): number {
  if (error.exitCode === 0) return exitCodes.done
  // The help of a command group that was called without a verb has been written already.
  if (error.code === 'commander.help') return exitCodes.usage
  const detail = error.message.replace(/^error: /, '')
  return reportError(new RightsError('usage-invalid', { detail }), args.includes('--json'))
}
