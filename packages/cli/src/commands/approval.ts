/** `sealward approval …`: steps that need two people. One asks with a reason, another one decides. */
import type { Command } from 'commander'
import { approve, askApproval, projectStatus, type ApprovalRequest } from '@sealward/migration'
import { RightsError } from '@sealward/xrml'
import { exitCodes } from '../exit-codes.ts'
import { findStep, stepOption, type StepOption } from '../migration/find-step.ts'
import { projectOf, projectOptions, workOptions, type ProjectOptions } from '../migration/project-options.ts'
import { examples, jsonOption, runs } from '../terminal/command.ts'
import { agreed, changeOptions, type ChangeOptions } from '../terminal/plan.ts'
import { table } from '../terminal/table.ts'

export function approvalCommands(program: Command): void {
  const approval = program.command('approval').description('Steps of a migration that need a second person')
  listCommand(approval)
  askCommand(approval)
  decideCommand(approval)
}

function listCommand(approval: Command): void {
  const command = jsonOption(
    projectOptions(approval.command('list').description('List what was asked for and not used yet')),
  )
  examples(command, 'sealward approval list', 'sealward approval list --project migration --json')
  runs<ProjectOptions>(command, ({ options, output }) => {
    const { approvals } = projectStatus(projectOf(options))
    output.data(
      () => approvalsTable(approvals),
      () => ({ approvals }),
    )
    return exitCodes.done
  })
}

function approvalsTable(approvals: readonly ApprovalRequest[]): string {
  return table(approvals, [
    { title: 'Approval', value: ({ id }) => id },
    { title: 'Step', value: ({ step }) => step },
    { title: 'To', value: ({ work }) => work },
    { title: 'Asked by', value: ({ askedBy }) => askedBy },
    { title: 'At', value: ({ askedAt }) => askedAt },
    { title: 'Because', value: ({ reason }) => reason },
    { title: 'Approved by', value: ({ approvedBy }) => approvedBy ?? '' },
  ])
}

interface AskOptions extends ProjectOptions, StepOption {
  readonly reason: string
  readonly undo?: boolean
}

function askCommand(approval: Command): void {
  const command = jsonOption(
    stepOption(
      projectOptions(approval.command('ask').description('Ask for the approval of a step; valid for 24 hours')),
    )
      .requiredOption('--reason <text>', 'why, for the one who decides')
      .option('--undo', 'for taking the step back'),
  )
  examples(
    command,
    'sealward approval ask --step 8 --reason "fourteen quiet days"',
    'sealward approval ask --step 8 --undo --reason "a plant was forgotten" --json',
  )
  runs<AskOptions>(command, async ({ options, output }) => {
    if (options.step === undefined) throw new RightsError('usage-invalid', { detail: '--step says which' })
    const project = projectOf(options)
    const { id: step } = findStep(projectStatus(project), options.step, options.numbering)
    const question = {
      step,
      work: options.undo === true ? ('undo' as const) : ('run' as const),
      reason: options.reason,
    }
    const { id } = await askApproval(project, question, workOptions(options, output))
    output.data(
      () => `asked: somebody else decides with sealward approval decide ${id}`,
      () => ({ id, step }),
    )
    return exitCodes.done
  })
}

function decideCommand(approval: Command): void {
  const command = changeOptions(
    projectOptions(
      approval
        .command('decide')
        .description('Approve what another person asked for; what is not approved in 24 hours is refused')
        .argument('<approval>', 'identifier, as the list shows it'),
    ),
  )
  examples(
    command,
    'sealward approval decide 4c1f9a027be3',
    'sealward approval decide 4c1f9a027be3 --as "Emma Lund" --yes',
  )
  runs<ProjectOptions & ChangeOptions>(command, async ({ args, options, output }) => {
    const [id = ''] = args
    const project = projectOf(options)
    const request = projectStatus(project).approvals.find((each) => each.id === id)
    if (request === undefined) throw new RightsError('approval-refused', { detail: 'nobody asked for it' })
    const { step, work, askedBy, reason } = request
    if (!(await agreed([`approve: ${work} step ${step}, asked by ${askedBy}: ${reason}`], options, output)))
      return exitCodes.done
    await approve(project, id, workOptions(options, output))
    output.say(`approved: ${work} step ${step}`)
    return exitCodes.done
  })
}
