/** `sealward client scripts`: everything that redirects clients, made from one plan. */
import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { decodeText, RightsError } from '@sealward/xrml'
import {
  clientScripts,
  clusterUrlsOfReport,
  hostsOf,
  readPlanFile,
  warningSentences,
  type ClientScripts,
  type ClusterUrl,
  type PlanWarning,
  type RedirectionPlan,
  type UrlVariant,
} from '@sealward/migration'
import { exitCodes } from '../../exit-codes.ts'
import { collect, examples, jsonOption, runs } from '../../terminal/command.ts'
import { table } from '../../terminal/table.ts'
import { unresolvableHosts } from './unresolvable-hosts.ts'
import { requireNewFolder, writeScriptFolder } from './script-folder.ts'

interface ScriptsOptions {
  readonly plan?: string
  readonly tenantUrl?: string
  readonly clusterUrl?: readonly string[]
  readonly report?: string
  readonly except?: readonly string[]
  readonly batch: string
  readonly scriptVersion?: string
  readonly stayingUrl?: string
  readonly mailDomain?: readonly string[]
  readonly anchor?: readonly string[]
  readonly output: string
  readonly dryRun?: boolean
}

export function clientScriptsCommand(client: Command): void {
  const command = jsonOption(
    client
      .command('scripts')
      .description('Write scripts, policies, zone fragments and client files that redirect clients, each with its undo')
      .option('--plan <file>', 'JSON with all of the following; plan.json of an earlier run is one')
      .option('--tenant-url <url>', 'the service that answers from now on')
      .option('--cluster-url <url>', 'address of a cluster that is replaced; may be repeated', collect)
      .option('--report <file>', 'rehearsal report (JSON): adds every address that licences carry')
      .option('--except <url>', 'address of the report to leave out, as it is written there; may be repeated', collect)
      .option('--batch <name>', 'name of the batch, stamped on each computer', 'all')
      .option('--script-version <YYYYMMDD>', 'scripts run again only when it is raised (default: today)')
      .option('--staying-url <url>', 'cluster address for those who stay (default: the first --cluster-url)')
      .option('--mail-domain <domain>', 'mail domain with a mobile discovery record; may be repeated', collect)
      .option('--anchor <fingerprint>', 'root key for our own client, hex SHA-256; may be repeated', collect)
      .requiredOption('--output <dir>', 'new or empty folder')
      .option('--dry-run', 'check everything and say what would be written'),
  )
  examples(
    command,
    'sealward client scripts --tenant-url https://rights.lakeside.example --cluster-url https://rms.lakeside.test --output scripts',
    'sealward client scripts --plan plan.json --report rehearsal.json --output scripts --dry-run --json',
  )
  runs<ScriptsOptions>(command, async ({ options, output }) => {
    const { plan, warnings: reportWarnings } = planOf(options)
    const scripts = clientScripts(plan)
    requireNewFolder(options.output)
    const warnings = [...reportWarnings, ...scripts.warnings, ...(await unresolvableHosts(hostsOf(scripts.plan)))]
    if (options.dryRun !== true) writeScriptFolder(options.output, scripts.files)
    for (const { code, subject } of warnings) output.say(`look at ${subject}: ${warningSentences[code]}`)
    output.say(
      options.dryRun === true
        ? 'dry run: nothing was written'
        : `${scripts.files.length} files written to ${options.output}`,
    )
    output.data(
      () => describe(scripts),
      () => summary(scripts, warnings, options.dryRun === true),
    )
    return exitCodes.done
  })
}

/** @throws RightsError `option-invalid`, `redirection-plan-invalid`, and the codes for addresses */
function planOf(options: ScriptsOptions): {
  readonly plan: RedirectionPlan
  readonly warnings: readonly PlanWarning[]
} {
  const plan = options.plan === undefined ? planOfOptions(options) : planOfFile(options.plan, options)
  if (options.report === undefined) return { plan, warnings: [] }
  const { clusterUrls, warnings } = clusterUrlsOfReport({
    report: decodeText(readFileSync(options.report)),
    tenantUrl: plan.tenantUrl,
    known: plan.clusterUrls,
    except: options.except ?? [],
  })
  return { plan: { ...plan, clusterUrls: [...plan.clusterUrls, ...clusterUrls] }, warnings }
}

function planOfFile(path: string, options: ScriptsOptions): RedirectionPlan {
  const others = [options.tenantUrl, options.clusterUrl, options.scriptVersion, options.stayingUrl, options.mailDomain]
  if (others.some((other) => other !== undefined)) {
    throw new RightsError('option-invalid', { detail: '--plan and options for single parts of it' })
  }
  return readPlanFile(decodeText(readFileSync(path)))
}

function planOfOptions(options: ScriptsOptions): RedirectionPlan {
  const { tenantUrl, clusterUrl = [], stayingUrl, mailDomain, anchor } = options
  if (tenantUrl === undefined) throw new RightsError('option-invalid', { detail: '--tenant-url or --plan is needed' })
  return {
    tenantUrl,
    clusterUrls: clusterUrl.map((url): ClusterUrl => ({ url, source: 'typed' })),
    batch: options.batch,
    version: options.scriptVersion ?? new Date().toISOString().slice(0, 10).replaceAll('-', ''),
    ...(stayingUrl === undefined ? {} : { stayingUrl }),
    ...(mailDomain === undefined ? {} : { mailDomains: mailDomain }),
    ...(anchor === undefined ? {} : { anchors: anchor }),
  }
}

const origins: Readonly<Record<string, string>> = {
  licence: 'seen in licences',
  server: 'named by a server',
  typed: 'typed',
  derived: 'derived',
}

function describe({ plan, variants }: ClientScripts): string {
  const rows = table(variants, [
    { title: 'Address that is redirected', value: ({ url }) => url },
    { title: 'Where it comes from', value: ({ origin }) => origins[origin] ?? origin },
    ...(plan.partners.length === 0
      ? []
      : [{ title: 'Leads to', value: ({ to = plan.tenant.licensing }: UrlVariant) => to }]),
  ])
  const target = plan.partners.length === 0 ? 'All' : 'Those of our clusters'
  return `${rows}\n${target} lead to ${plan.tenant.licensing}\nThose who stay ask ${plan.staying}\n`
}

function summary({ plan, variants, files }: ClientScripts, warnings: readonly PlanWarning[], dryRun: boolean): unknown {
  return {
    tenantUrl: plan.tenant.url,
    stayingUrl: plan.staying,
    batch: plan.batch,
    version: plan.version,
    addresses: variants,
    warnings,
    files: files.map(({ path, content }) => ({ path, size: content.length })),
    dryRun,
  }
}
