/**
 * `sealward explain`: every step of the decision about one file and one person, on this machine and in the service. The
 * second half is for administrators, since it tells in which groups somebody is. Nothing is issued.
 */
import type { Command } from 'commander'
import { RightsError } from '@sealward/xrml'
import { withAdministration } from '../connection/administration-options.ts'
import { clientConfiguration } from '../connection/client-configuration.ts'
import { connectionOptions } from '../connection/client-options.ts'
import type { ConnectionCommandOptions } from '../connection/client-configuration.ts'
import { exitCodes } from '../exit-codes.ts'
import { describeExplanation, type Explanation, type ServerSide } from '../explain/explanation.ts'
import { explainClientSide, readDocument } from '../explain/client-side.ts'
import { mayBeAsked } from './client/explain-document.ts'
import { examples, jsonOption, runs } from '../terminal/command.ts'

interface ExplainOptions extends ConnectionCommandOptions {
  readonly user: string
  readonly data?: string
  readonly adminTokenFile?: string
}

export function explainCommand(program: Command): void {
  const command = jsonOption(
    connectionOptions(
      program
        .command('explain')
        .description('Say why a person can or cannot open a file: every step of the decision, with code and cure')
        .argument('<file>', 'protected document')
        .requiredOption('--user <address>', 'who would open it'),
    )
      .option('--data <dir>', 'data directory of the service that decides')
      .option(
        '--admin-token-file <file>',
        'administration token of the service named with --service; reading is enough',
      ),
  )
  examples(
    command,
    'sealward explain report.docx --user li@lakeside.example --data sealward-data',
    'sealward explain report.docx --user li@lakeside.example --service https://rms.lakeside.example --admin-token-file token',
  )
  runs<ExplainOptions>(command, async ({ args, options, output }) => {
    const { user } = options
    if (!/^[^\s@]+@[^\s@]+$/.test(user)) {
      throw new RightsError('option-invalid', { detail: `--user ${user}: not a mail address` })
    }
    const path = args[0] ?? ''
    const document = readDocument(path)
    const client = await explainClientSide(path, document, user, clientConfiguration(options))
    const server = await askServer(options, document.serialized)
    const explanation: Explanation = { path, user, client, server: server ?? null }
    output.data(
      () => describeExplanation(explanation),
      () => explanation,
    )
    const fine = client.problems.length === 0 && client.document !== null && mayBeAsked(client.document)
    return server?.granted === false || (server === undefined && !fine) ? exitCodes.findings : exitCodes.done
  })
}

async function askServer(options: ExplainOptions, serialized: string): Promise<ServerSide | undefined> {
  const { user: address, data, service, adminTokenFile } = options
  if (data === undefined && adminTokenFile === undefined) return undefined
  const where = data === undefined ? { service, adminTokenFile } : { data, adminTokenFile }
  const given = Object.fromEntries(Object.entries(where).filter(([, value]) => value !== undefined))
  return withAdministration(given, ({ call }) => call('explainDecision', { body: { serialized, address } }))
}
