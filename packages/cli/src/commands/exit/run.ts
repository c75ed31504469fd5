/** `sealward exit run`: takes one of the four ways out. */
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Command } from 'commander'
import { writeFileSafely } from '@sealward/client'
import { checkNothingProtected, exitRun, type ExitResult } from '@sealward/migration'
import { administrationOptions, type AdministrationOptions } from '../../connection/administration-options.ts'
import { exitCheckOptions, exitChecks, type ExitCheck, type ExitCheckOptions } from '../../exit/exit-checks.ts'
import { exitWay, exitWayOptions, planOf, wayOf, type ExitWayOptions } from '../../exit/exit-ways.ts'
import { exitCodes } from '../../exit-codes.ts'
import { examples, jsonOption, runs } from '../../terminal/command.ts'
import { interruptible } from '../../terminal/interruption.ts'
import type { Output } from '../../terminal/output.ts'
import { agreed, changeOptions, type ChangeOptions } from '../../terminal/plan.ts'

interface RunOptions extends AdministrationOptions, ExitWayOptions, ExitCheckOptions, ChangeOptions {
  readonly output: string
}

export function exitRunCommand(exit: Command): void {
  const command = jsonOption(
    changeOptions(
      exitCheckOptions(
        exitWayOptions(
          administrationOptions(
            exit
              .command('run')
              .description(
                'Take a way out: A keep a cluster, B stop and decrypt, C keep a cluster for reading, D recover on request',
              )
              .argument('<way>', 'A, B, C or D'),
          ),
        ),
      ).option('--output <dir>', 'where the files for the computers of users go', 'exit-files'),
    ),
  )
  examples(
    command,
    'sealward exit run A --data tenant --cluster-url https://rms.lakeside.example --dry-run',
    'sealward exit run B --data tenant --super-user emma.lund@lakeside.example --folder /srv/share --yes',
  )
  runs<RunOptions>(command, async ({ args, options, output }) => {
    const way = wayOf(args[0] ?? '')
    if (!(await agreed(planOf(way, options), options, output))) return exitCodes.done
    const result = await interruptible((signal) => exitWay(way, options, { output, signal }, exitRun))
    writeFiles(options.output, result)
    const checks = await interruptible(() => exitChecks(way, options))
    return report(options, result, checks, output)
  })
}

function writeFiles(folder: string, { files }: ExitResult): void {
  for (const { path, content } of files) {
    const target = join(folder, path)
    mkdirSync(dirname(target), { recursive: true })
    writeFileSafely({ path: target, existing: 'overwrite', write: (sink) => sink.write(bytesOf(content)) })
  }
}

function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? Buffer.from(content) : content
}

async function report(
  options: RunOptions,
  { keys, files, decrypted }: ExitResult,
  checks: readonly ExitCheck[],
  output: Output,
): Promise<number> {
  const left = decrypted === undefined ? undefined : await checkNothingProtected(options.folder ?? [])
  for (const { keyId, file } of keys?.exported ?? []) output.say(`key ${keyId}: ${file}`)
  if (files.length > 0) output.say(`${files.length} files for the computers of users: ${options.output}`)
  if (decrypted !== undefined) output.say(`${decrypted.files} files, ${decrypted.outcomes.failed} failed`)
  if (left?.finding !== undefined) output.say(left.finding)
  for (const check of checks) output.say(sentenceOf(check))
  output.data(
    () => '',
    () => ({
      keys: (keys?.exported ?? []).map(({ keyId, file, sha256, state }) => ({ keyId, file, sha256, state })),
      files: files.map(({ path }) => path),
      decrypted:
        decrypted === undefined ? null : { ...decrypted, unknownKeys: Object.fromEntries(decrypted.unknownKeys) },
      left: left ?? null,
      checks,
    }),
  )
  const found = left?.ok === false || checks.some(({ outcome }) => outcome === 'failed')
  return found ? exitCodes.findings : exitCodes.done
}

function sentenceOf({ check, outcome, finding, cure }: ExitCheck): string {
  if (outcome === 'not-run') return `check ${check} was not run: ${finding ?? ''}`
  return [`check ${check}: ${outcome}`, ...(finding === null ? [] : [finding]), ...(cure === null ? [] : [cure])].join(
    '; ',
  )
}
