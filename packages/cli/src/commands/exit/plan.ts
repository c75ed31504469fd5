/** `sealward exit plan`: which of the four ways out fits, and what stands in its way. */
import type { Command } from 'commander'
import { exitPlan, type ExitPlan } from '@sealward/migration'
import {
  administrationOptions,
  withAdministration,
  type AdministrationOptions,
} from '../../connection/administration-options.ts'
import { isExported } from '../../exit/key-folder.ts'
import { exitCodes } from '../../exit-codes.ts'
import { examples, jsonOption, runs } from '../../terminal/command.ts'
import { table } from '../../terminal/table.ts'

interface PlanOptions extends AdministrationOptions {
  readonly keys: string
  readonly clusterUrl?: string
  readonly stop?: boolean
  readonly unknownFiles?: boolean
  readonly helpOnRequest?: boolean
  readonly expired?: boolean
}

export function exitPlanCommand(exit: Command): void {
  const command = jsonOption(
    administrationOptions(
      exit.command('plan').description('Say which of the four ways out fits, and what stands in its way'),
    )
      .option('--keys <dir>', 'folder of exported keys', 'exit-keys')
      .option('--cluster-url <url>', 'the cluster that takes over, if there is one')
      .option('--stop', 'nothing shall be protected any more')
      .option('--unknown-files', 'protected files may be where nobody looks')
      .option('--help-on-request', 'missed files are opened by a few people on request')
      .option('--expired', 'the subscription has ended, and keys are no longer given out'),
  )
  examples(
    command,
    'sealward exit plan --data tenant --cluster-url https://rms.lakeside.example',
    'sealward exit plan --data tenant --stop --unknown-files --help-on-request --json',
  )
  runs<PlanOptions>(command, ({ options, output }) =>
    withAdministration(options, async (administration) => {
      const { clusterUrl } = options
      const [{ state }, keys, superUsers, { offlineKeys }] = [
        await administration.call('getConfiguration'),
        await administration.call('listKeys'),
        await administration.call('getSuperUsers'),
        await administration.call('getMobileClients'),
      ]
      const plan = exitPlan({
        state,
        expired: options.expired === true,
        keys: keys.map(({ id }) => ({ keyId: id, exported: isExported(options, id) })),
        keepsProtecting: options.stop !== true,
        allFilesKnown: options.unknownFiles !== true,
        helpOnRequest: options.helpOnRequest === true,
        offlineKeys,
        superUser: superUsers.users.length > 0 || superUsers.group !== undefined,
        ...(clusterUrl === undefined ? {} : { clusterUrl }),
      })
      output.data(
        () => describe(plan),
        () => plan,
      )
      const chosen = plan.options.find(({ option }) => option === plan.recommended)
      return (chosen?.blockers.length ?? 0) > 0 ? exitCodes.findings : exitCodes.done
    }),
  )
}

function describe({ recommended, options, first }: ExitPlan): string {
  const chosen = options.find(({ option }) => option === recommended)
  const numbered = [...first, ...(chosen?.steps ?? [])].map((step, index) => `${index + 1}. ${step}\n`)
  return [
    table(options, [
      { title: 'Way', value: ({ option }) => option },
      { title: 'What', value: ({ title }) => title },
      { title: 'Fits', value: ({ fits }) => (fits ? 'yes' : 'no') },
      { title: 'In its way', value: ({ blockers }) => blockers.map(({ finding }) => finding).join('; '), most: 60 },
    ]),
    `\n${recommended}: ${chosen?.title ?? ''}\n`,
    ...numbered,
    ...(chosen?.blockers ?? []).map(({ finding, cure }) => `first: ${finding}. ${cure}\n`),
  ].join('')
}
