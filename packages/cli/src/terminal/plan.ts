/**
 * What changes something shows its plan first and asks. Without a terminal nobody can be asked: then the command wants
 * `--yes`. With `--dry-run` the plan is all.
 */
import { confirm, isCancel } from '@clack/prompts'
import type { Command } from 'commander'
import { RightsError } from '@sealward/xrml'
import type { Output } from './output.ts'

export interface ChangeOptions {
  readonly yes?: boolean
  readonly dryRun?: boolean
}

export function changeOptions(command: Command): Command {
  return command
    .option('--yes', 'do it without asking')
    .option('--dry-run', 'show what would change, and change nothing')
}

/**
 * Shows the steps and says whether to go on.
 * @returns false for a dry run
 * @throws RightsError `confirmation-missing` without a terminal and without `--yes`; `not-confirmed` after a no
 */
export async function agreed(steps: readonly string[], options: ChangeOptions, output: Output): Promise<boolean> {
  if (options.yes !== true || options.dryRun === true) {
    for (const [index, step] of steps.entries()) output.say(`${index + 1}. ${step}`)
  }
  if (options.dryRun === true) {
    output.say('dry run: nothing was changed')
    return false
  }
  if (options.yes === true) return true
  if (!process.stdin.isTTY || !process.stderr.isTTY) throw new RightsError('confirmation-missing')
  const answer = await confirm({ message: 'Do this?', initialValue: false, output: process.stderr })
  if (isCancel(answer) || !answer) throw new RightsError('not-confirmed')
  return true
}
