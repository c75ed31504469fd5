/** `sealward protect`: protects files with a template or with rights of their own. */
import type { Command } from 'commander'
import {
  protectFile,
  requireProtectionAllowed,
  type Client,
  type ProtectedCopy,
  type ProtectionPolicy,
} from '@sealward/client'
import { RightsError } from '@sealward/xrml'
import { clientFor, clientOptions, type ClientCommandOptions } from '../../connection/client-options.ts'
import { exitCodes } from '../../exit-codes.ts'
import { examples, jsonOption, runs } from '../../terminal/command.ts'
import { agreed, changeOptions, type ChangeOptions } from '../../terminal/plan.ts'
import { policyFor, policyOptions, type PolicyOptions } from './policy-options.ts'
import { attempt, reportItems, type Attempted } from './reported-items.ts'

interface ProtectOptions extends ClientCommandOptions, PolicyOptions, ChangeOptions {
  readonly offline?: boolean
  readonly output?: string
}

export function protectCommand(program: Command): void {
  const command = jsonOption(
    changeOptions(
      policyOptions(
        clientOptions(
          program
            .command('protect')
            .description('Protect files; the protected file takes the place of the clear one')
            .argument('<file...>', 'files that are not protected'),
        ),
      )
        .option('--offline', 'sign here with your own certificate instead of asking the service')
        .option('--output <file>', 'write there and keep the clear file; for one file'),
    ),
  )
  examples(
    command,
    'sealward protect report.docx --user anna@lakeside.example --template "Lakeside internal"',
    'sealward protect notes.txt --user anna@lakeside.example --grant board@lakeside.example=reviewer --output notes.ptxt',
  )
  runs<ProtectOptions>(command, async ({ args, options, output }) => {
    if (options.output !== undefined && args.length > 1) {
      throw new RightsError('option-invalid', { detail: '--output is for one file' })
    }
    const client = await clientFor(options)
    requireProtectionAllowed(client)
    const policy = await policyFor(client, options)
    const steps = args.map((path) => `protect ${path}; ${placeOf(options)}`)
    if (options.output === undefined || options.dryRun === true) {
      if (!(await agreed(steps, options, output))) return exitCodes.done
    }
    const items: Attempted<ProtectedCopy>[] = []
    for (const path of args) items.push(await attempt(path, () => protectOne(client, path, policy, options)))
    return reportItems(items, output, ({ path, owner }) => `protected, ${path}, owner ${owner}`)
  })
}

function placeOf({ output }: ProtectOptions): string {
  return output === undefined ? 'the protected file takes its place' : `the protected file is ${output}`
}

function protectOne(
  client: Client,
  path: string,
  policy: ProtectionPolicy,
  { output, offline }: ProtectOptions,
): Promise<ProtectedCopy> {
  return protectFile(client, path, policy, {
    publishing: offline === true ? 'offline' : 'online',
    ...(output === undefined ? { original: 'replace' } : { output }),
  })
}
