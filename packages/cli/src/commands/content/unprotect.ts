/** `sealward unprotect`: takes the protection off a file, or off all files of a folder. */
import { statSync } from 'node:fs'
import type { Command } from 'commander'
import type { LicenseFunction } from '@sealward/bulk'
import { licenseDocument, recoverDocument, unprotectFile, type UnprotectedFile } from '@sealward/client'
import { removalRights } from '@sealward/xrml'
import { clientFor, clientOptions, type ClientCommandOptions } from '../../connection/client-options.ts'
import { exitCodes } from '../../exit-codes.ts'
import { examples, jsonOption, runs } from '../../terminal/command.ts'
import type { Output } from '../../terminal/output.ts'
import { agreed, changeOptions, type ChangeOptions } from '../../terminal/plan.ts'
import { attempt, reportItems } from './reported-items.ts'
import { unprotectFolder } from './unprotect-folder.ts'

interface UnprotectOptions extends ClientCommandOptions, ChangeOptions {
  readonly output?: string
  readonly decommissioned?: boolean
}

export function unprotectCommand(program: Command): void {
  const command = jsonOption(
    changeOptions(
      clientOptions(
        program
          .command('unprotect')
          .description('Take the protection off; needs a right to remove it, or a super user')
          .argument('<path>', 'a protected file, or a folder with all that is in it'),
      )
        .option('--output <path>', 'write the clear files there and keep the protected ones')
        .option('--decommissioned', 'ask a decommissioned cluster for the keys; it must have listed you'),
    ),
  )
  examples(
    command,
    'sealward unprotect report.docx --user anna@lakeside.example',
    'sealward unprotect /srv/share --user super@lakeside.example --password-file p.txt --output /srv/clear --yes',
  )
  runs<UnprotectOptions>(command, async ({ args, options, output }) => {
    const [path = ''] = args
    const isFolder = statSync(path).isDirectory()
    if (!(await agreed(planOf(path, isFolder, options), options, output))) return exitCodes.done
    return isFolder
      ? unprotectFolder({ license: await licenseFor(options), root: path, outputRoot: options.output, output })
      : unprotectOne(path, options, output)
  })
}

function planOf(path: string, isFolder: boolean, options: UnprotectOptions): readonly string[] {
  const { output: target, decommissioned } = options
  const what = isFolder ? `take the protection off every file below ${path}` : `take the protection off ${path}`
  const where = target === undefined ? 'clear files take the place of protected ones' : `write to ${target}`
  const keys = 'the keys come from a decommissioned cluster, which asks no policy and logs every one'
  return [`${what}; ${where}`, ...(decommissioned === true ? [keys] : [])]
}

async function licenseFor(options: UnprotectOptions): Promise<LicenseFunction> {
  const client = await clientFor(options)
  if (options.decommissioned === true) return (content) => recoverDocument(client, content)
  return (content) => licenseDocument(client, content, removalRights)
}

async function unprotectOne(path: string, options: UnprotectOptions, output: Output): Promise<number> {
  const client = await clientFor(options)
  const { output: target, decommissioned = false } = options
  const place = target === undefined ? { original: 'replace' as const } : { output: target }
  const item = await attempt<UnprotectedFile>(path, () => unprotectFile(client, path, { ...place, decommissioned }))
  return reportItems([item], output, (written) => `${written.path}, ${written.size} bytes without protection`)
}
