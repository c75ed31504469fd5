/** `sealward client reset`: forgets certificates, licences and templates, so that the next use asks for them anew. */
import type { Command } from 'commander'
import { carryOutReset, listStoredIdentities, planReset, type ResetPlan, type StoredKind } from '@sealward/client'
import { normalizeLicensingUrl } from '@sealward/protocol'
import { clientConfiguration } from '../../connection/client-configuration.ts'
import { exitCodes } from '../../exit-codes.ts'
import { examples, jsonOption, runs } from '../../terminal/command.ts'
import { agreed, changeOptions, type ChangeOptions } from '../../terminal/plan.ts'

interface ResetCommandOptions extends ChangeOptions {
  readonly user?: string
  readonly service?: string
  readonly store?: string
  readonly connection?: string
  readonly all?: boolean
  readonly keepLicences?: boolean
}

const kindNames: Readonly<Record<StoredKind, string>> = {
  certificate: 'certificates',
  'machine-key': 'the key of this machine',
  'revocation-list': 'revocation lists',
  licence: 'licences',
  location: 'the address of licensing',
  template: 'lists of templates',
  'sign-in': 'tokens of a sign-in',
  anchors: 'the root that was trusted at first use',
  'highest-time': 'the highest time seen',
  account: 'the name of the account',
}

export function clientResetCommand(client: Command): void {
  const command = changeOptions(
    jsonOption(
      client
        .command('reset')
        .description('Forget what this machine keeps of users, so that the service is asked for it anew')
        .option('--user <address>', 'only of this user')
        .option('--service <url>', 'only for this service')
        .option('--store <dir>', 'folder of keys and licences')
        .option('--connection <file>', 'connection file that names the folder (default: sealward-data/connection.json)')
        .option('--all', "also the machine's key, the root trusted at first use, and the highest time seen")
        .option('--keep-licences', 'licences stay: documents that were opened here open without the service'),
    ),
  )
  examples(
    command,
    'sealward client reset --user anna@lakeside.example --dry-run',
    'sealward client reset --user anna@lakeside.example --service https://rights.lakeside.example --all --yes',
  )
  runs<ResetCommandOptions>(command, async ({ options, output }) => {
    const { all = false, keepLicences: keepLicenses = false } = options
    const { connection, store } = options
    const { storeDirectory } = clientConfiguration({
      ...(connection === undefined ? {} : { connection }),
      ...(store === undefined ? {} : { store }),
    })
    const plans = listStoredIdentities(storeDirectory)
      .filter(({ user }) => options.user === undefined || user === options.user.toLowerCase())
      .filter(({ service }) => options.service === undefined || service === normalizeLicensingUrl(options.service))
      .map((identity) => planReset(identity, { all, keepLicenses }))
    const steps = plans.flatMap(describe)
    for (const { identity } of plans)
      for (const path of identity.foreign) output.say(`${path} is not of this client and stays`)
    const done = steps.length > 0 && (await agreed(steps, options, output))
    if (done) for (const plan of plans) carryOutReset(plan)
    if (steps.length === 0) output.say(`nothing to remove in ${storeDirectory}`)
    else if (done) output.say('removed; the next use asks the service for it anew')
    output.data(
      () => '',
      () => ({ store: storeDirectory, identities: plans.map(summary), done, dryRun: options.dryRun === true }),
    )
    return exitCodes.done
  })
}

function describe(plan: ResetPlan): readonly string[] {
  const { service, user } = plan.identity
  return totals(plan.remove).map(
    ({ kind, count, bytes }) => `remove ${kindNames[kind]} of ${user} at ${service}: ${count} files, ${bytes} bytes`,
  )
}

function summary({ identity, remove, keep }: ResetPlan): unknown {
  const { folder, service, user, foreign } = identity
  return { folder, service, user, remove: totals(remove), keep: totals(keep), foreign }
}

function totals(
  files: ResetPlan['remove'],
): readonly { readonly kind: StoredKind; readonly count: number; readonly bytes: number }[] {
  const kinds = [...new Set(files.map(({ kind }) => kind))].sort()
  return kinds.map((kind) => {
    const these = files.filter((file) => file.kind === kind)
    return { kind, count: these.length, bytes: these.reduce((sum, { bytes }) => sum + bytes, 0) }
  })
}
