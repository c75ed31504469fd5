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

const cmdletName = /^[a-z]+-(?:aadrm|aipservice|rms)/i

const areas: Readonly<Record<string, () => Promise<Register>>> = {
  start: async () => (await import('./commands/start.ts')).startCommand,
  serve: async () => (await import('./commands/serve.ts')).serveCommand,
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand,
  explain: async () => (await import('./commands/explain.ts')).explainCommand,
  directory: async () => (await import('./commands/service-administration/directory.ts')).directoryCommands,
  scp: async () => (await import('./commands/service-administration/scp.ts')).scpCommands,
  protect: async () => (await import('./commands/content/protect.ts')).protectCommand,
  open: async () => (await import('./commands/content/open.ts')).openCommand,
  unprotect: async () => (await import('./commands/content/unprotect.ts')).unprotectCommand,
  inspect: async () => (await import('./commands/inspect.ts')).inspectCommand,
  rehearse: async () => (await import('./commands/rehearse.ts')).rehearseCommand,
  sample: async () => (await import('./commands/sample.ts')).sampleCommand,
  tenant: async () => (await import('./commands/service-administration/tenant.ts')).tenantCommands,
  cluster: async () => (await import('./commands/service-administration/cluster.ts')).clusterCommands,
  admission: async () => (await import('./commands/service-administration/admission.ts')).admissionCommands,
  exclusion: async () => (await import('./commands/service-administration/exclusion.ts')).exclusionCommands,
  revoke: async () => (await import('./commands/service-administration/revoke.ts')).revokeCommands,
  unrevoke: async () => (await import('./commands/service-administration/revoke.ts')).unrevokeCommands,
  onboarding: async () => (await import('./commands/service-administration/onboarding.ts')).onboardingCommands,
  mobile: async () => (await import('./commands/service-administration/mobile.ts')).mobileCommands,
  key: async () => (await import('./commands/service-administration/key.ts')).keyCommands,
  template: async () => (await import('./commands/service-administration/template.ts')).templateCommands,
  'super-user': async () => (await import('./commands/service-administration/super-user.ts')).superUserCommands,
  trust: async () => (await import('./commands/service-administration/trust.ts')).trustCommands,
  log: async () => (await import('./commands/service-administration/log.ts')).logCommands,
  tpd: async () => (await import('./commands/tpd/index.ts')).tpdCommands,
  client: async () => (await import('./commands/client/index.ts')).clientCommands,
  migrate: async () => (await import('./commands/migrate/index.ts')).migrateCommands,
  exit: async () => (await import('./commands/exit/index.ts')).exitCommands,
  approval: async () => (await import('./commands/approval.ts')).approvalCommands,
  version: async () => (await import('./commands/version.ts')).versionCommand,
  xrml: async () => (await import('./commands/xrml/index.ts')).xrmlCommands,
}

/** @returns the exit code */
export async function run(args: readonly string[]): Promise<number> {
  const [word = '', named = ''] = args
  // Only cmdlets have names of this form, and only they take parameters in the form of PowerShell.
  if (cmdletName.test(word)) return runCmdletNamed(word, args.slice(1))
  if (word === 'help' && cmdletName.test(named)) return runCmdletNamed(named, ['--help'])
  const program = await createProgram(args[0])
  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    return error instanceof CommanderError ? usageCode(error, args) : reportError(error, args.includes('--json'))
  }
  return Number(process.exitCode ?? exitCodes.done)
}

async function runCmdletNamed(word: string, args: readonly string[]): Promise<number> {
  const [{ findCmdlet }, { runCmdlet }] = await Promise.all([
    import('./cmdlets/cmdlet-table.ts'),
    import('./cmdlets/run-cmdlet.ts'),
  ])
  const found = findCmdlet(word)
  if (found !== undefined) return runCmdlet(found, args)
  return reportError(new RightsError('cmdlet-unknown', { detail: word }), args.includes('--json'))
}

/** @param area the only one needed; all when it is none of them */
export async function createProgram(area?: string): Promise<Command> {
  const program = new Command('sealward')
    .description('Open, self-hosted rights management, compatible with AD RMS and Azure RMS')
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .version(programVersion(), '--version', 'say which version this is')
    .addHelpText(
      'after',
      `\nEvery command explains itself with --help. Cmdlets of AADRM and AIPService work by name: sealward help Import-AadrmTpd\n${exitCodeHelp}`,
    )
  const wanted = area !== undefined && Object.hasOwn(areas, area) ? [area] : Object.keys(areas)
  for (const name of wanted) (await areas[name]?.())?.(program)
  return program
}

/** Help that was asked for is an answer; whatever else the parser stops at is a wrong call. */
function usageCode(error: CommanderError, args: readonly string[]): number {
  if (error.exitCode === 0) return exitCodes.done
  // The help of a command group that was called without a verb has been written already.
  if (error.code === 'commander.help') return exitCodes.usage
  // The parser guesses what was meant in a line of its own.
  const detail = error.message.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' ')
  return reportError(new RightsError('usage-invalid', { detail }), args.includes('--json'))
}
