/** `sealward unprotect`: takes the protection off a file, or off all files of a folder. */
import { statSync } from 'node:fs'
import type { Command } from 'commander'
import { unprotectFile, type UnprotectedFile } from '@sealward/client'
import { clientFor, clientOptions, type ClientCommandOptions } from '../../connection/client-options.ts'
import { exitCodes } from '../../exit-codes.ts'
import { examples, jsonOption, runs } from '../../terminal/command.ts'
import type { Output } from '../../terminal/output.ts'
import { agreed, changeOptions, type ChangeOptions } from '../../terminal/plan.ts'
import { attempt, reportItems } from './reported-items.ts'
import { unprotectFolder } from './unprotect-folder.ts'

interface UnprotectOptions extends ClientCommandOptions, ChangeOptions {
  readonly output?: string
}

export function unprotectCommand(program: Command): void {
  const command = jsonOption(
    changeOptions(
      clientOptions(
        program
          .command('unprotect')
          .description('Take the protection off; needs a right to remove it, or a super user')
          .argument('<path>', 'a protected file, or a folder with all that is in it'),
      ).option('--output <path>', 'write the clear files there and keep the protected ones'),
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
    if (!(await agreed([planOf(path, isFolder, options.output)], options, output))) return exitCodes.done
    return isFolder
      ? unprotectFolder({ client: clientFor(options), root: path, outputRoot: options.output, output })
      : unprotectOne(path, options, output)
  })
}

function planOf(path: string, isFolder: boolean, target: string | undefined): string {
  const what = isFolder ? `take the protection off every file below ${path}` : `take the protection off ${path}`
  return target === undefined ? `${what}; clear files take the place of protected ones` : `${what}; write to ${target}`
}

async function unprotectOne(path: string, options: UnprotectOptions, output: Output): Promise<number> {
  const client = clientFor(options)
  const place = options.output === undefined ? { original: 'replace' as const } : { output: options.output }
  const item = await attempt<UnprotectedFile>(path, () => unprotectFile(client, path, place))
  return reportItems([item], output, (written) => `${written.path}, ${written.size} bytes without protection`)
}
