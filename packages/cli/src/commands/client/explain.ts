/** `sealward client explain`: which service a client would use and why, and where the licence of a document is asked for. */
import type { Command } from 'commander'
import { checkService, discoverService, requireTicket, type DiscoveredService, type Discovery } from '@sealward/client'
import { RightsError } from '@sealward/xrml'
import {
  clientConfiguration,
  discoveryOf,
  type ClientConfiguration,
  type ConnectionCommandOptions,
} from '../../connection/client-configuration.ts'
import { connectionOptions } from '../../connection/client-options.ts'
import { exitCodes } from '../../exit-codes.ts'
import { examples, jsonOption, runs } from '../../terminal/command.ts'
import { describeError } from '../../terminal/output.ts'
import { explainDocument, mayBeAsked } from './explain-document.ts'
import { explainStore } from './explain-store.ts'
import { describeExplanation, type ClientExplanation, type ExplainedTicket, type OnlineAnswer } from './explanation.ts'

interface ExplainOptions extends ConnectionCommandOptions {
  readonly user?: string
  readonly online?: boolean
  readonly ticket?: boolean
}

export function clientExplainCommand(client: Command): void {
  const command = jsonOption(
    connectionOptions(
      client
        .command('explain')
        .description('Say which service is used and why, who is trusted, and who is asked about a document')
        .argument('[file]', 'protected document')
        .option('--user <address>', 'whose mail domain is looked at, and whose certificates')
        .option('--online', 'ask the service too, without credentials')
        .option('--ticket', 'look for a Kerberos ticket to sign in with'),
    ),
  )
  examples(
    command,
    'sealward client explain --user anna@lakeside.example',
    'sealward client explain report.docx --user anna@lakeside.example --online --json',
  )
  runs<ExplainOptions>(command, async ({ args, options, output }) => {
    const { user, online = false } = options
    const configuration = clientConfiguration(options)
    const discovery = await discover(configuration, { user, online })
    const [path] = args
    const document = path === undefined ? undefined : await explainDocument(path, configuration, discovery, online)
    const answer = online && isOnline(discovery) ? await ask(discovery.service.url, configuration) : undefined
    const explanation: ClientExplanation = {
      connectionFile: configuration.path ?? null,
      steps: discovery.steps,
      service: discovery.service ?? null,
      serviceLocation: configuration.file?.serviceLocation ?? discovery.service?.serviceLocation ?? null,
      allowedHosts: configuration.rules.allowedHosts,
      trustedServers: configuration.file?.trustedServers ?? [],
      trustedServersOnly: configuration.file?.trustedServersOnly === true,
      anchors: configuration.anchors,
      protectionDisabledBy: configuration.file?.protectionDisabledBy ?? null,
      redirections: configuration.file?.redirections.length ?? 0,
      document: document ?? null,
      store: explainStore(configuration.storeDirectory, user, new Date()),
      online: answer ?? null,
      ticket: options.ticket === true ? await lookForTicket() : null,
    }
    output.data(
      () => describeExplanation(explanation),
      () => explanation,
    )
    const fine =
      isOnline(discovery) &&
      (document === undefined || document.addresses.length === 0 || mayBeAsked(document)) &&
      (answer === undefined || answer.trusted) &&
      explanation.store.problem === null &&
      (explanation.ticket?.error ?? null) === null
    return fine ? exitCodes.done : exitCodes.findings
  })
}

async function discover(
  configuration: ClientConfiguration,
  { user, online }: { readonly user: string | undefined; readonly online: boolean },
): Promise<Discovery> {
  if (user !== undefined && !/^[^\s@]+@[^\s@]+$/.test(user)) {
    throw new RightsError('option-invalid', { detail: `--user ${user}: not a mail address` })
  }
  return discoverService(discoveryOf({ ...configuration, rules: { ...configuration.rules, askHosts: online } }, user))
}

async function lookForTicket(): Promise<ExplainedTicket> {
  try {
    await requireTicket()
    return { error: null }
  } catch (error) {
    return { error: describeError(error) }
  }
}

function isOnline(discovery: Discovery): discovery is Discovery & { readonly service: DiscoveredService } {
  return discovery.service !== undefined && discovery.service.admission !== 'offline'
}

async function ask(service: string, { anchors }: ClientConfiguration): Promise<OnlineAnswer> {
  try {
    const { root, trusted } = await checkService({ service, anchors, now: new Date() })
    return { root, trusted, error: null }
  } catch (error) {
    return { root: null, trusted: false, error: describeError(error) }
  }
}
