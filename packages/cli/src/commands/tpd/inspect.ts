/** `sealward tpd inspect`: what an export holds, and whether it could be imported, without importing it. */
import type { Command } from 'commander'
import type { CheckedTpd } from '@sealward/keys'
import { isRightsError } from '@sealward/xrml'
import { exitCodes } from '../../exit-codes.ts'
import { checkExport, openExport, trustOptions, type OpenedExport } from '../../exports/read-exports.ts'
import type { TrustOptions } from '../../exports/trusted-roots.ts'
import { examples, runs } from '../../terminal/command.ts'
import { table } from '../../terminal/table.ts'

interface InspectOptions extends TrustOptions {
  readonly passwordFile?: string
}

export function tpdInspectCommand(tpd: Command): void {
  const command = trustOptions(
    tpd
      .command('inspect')
      .description('Say what an export holds and whether it could be imported; imports nothing')
      .argument('<file>', 'exported trusted publishing domain')
      .option('--password-file <file>', 'file with the password; - for standard input'),
  ).option('--json', 'one JSON document on standard output')
  examples(
    command,
    'sealward tpd inspect cluster.xml',
    'sealward tpd inspect cluster.xml --password-file password.txt --json',
  )
  runs<InspectOptions>(command, async ({ args, options, output }) => {
    const opened = await openExport(args[0] ?? '', options.passwordFile)
    const verdict = await verdictOf(opened, options)
    const shown = describe(opened, verdict)
    output.data(
      () => inspectTable(shown),
      () => shown,
    )
    return verdict.error === undefined ? exitCodes.done : exitCodes.findings
  })
}

interface Verdict {
  readonly checked: CheckedTpd | undefined
  readonly error: { readonly code: string; readonly cause: string; readonly cure: string } | undefined
}

async function verdictOf(opened: OpenedExport, options: TrustOptions): Promise<Verdict> {
  try {
    return { checked: await checkExport(opened.domain, options, new Date()), error: undefined }
  } catch (error) {
    if (!isRightsError(error)) throw error
    return { checked: undefined, error: { code: error.code, cause: error.message, cure: error.cure } }
  }
}

function describe({ path, domain }: OpenedExport, { checked, error }: Verdict) {
  return {
    path,
    sha256: domain.fileSha256,
    id: domain.id,
    idType: domain.idType,
    cspType: domain.cspType,
    cspName: domain.cspName ?? null,
    keyless: domain.privateKey === undefined,
    derivation: domain.derivations.info,
    certificates: domain.licensorChain.length,
    key: checked?.publicKey.fingerprint ?? null,
    mode: checked?.mode.number ?? null,
    url: checked?.licensor.url ?? null,
    templates: (checked?.templates ?? []).map(({ policy, refusal }) => ({
      id: policy?.id ?? null,
      names: policy?.names ?? [],
      usable: refusal === undefined,
    })),
    warnings: (checked?.warnings ?? []).map(({ kind, detail }) => ({ kind, detail })),
    importable: checked !== undefined,
    error: error ?? null,
  }
}

function inspectTable(shown: ReturnType<typeof describe>): string {
  const rows: (readonly [string, string])[] = [
    ['file', shown.path],
    ['SHA-256', shown.sha256],
    ['identity', `${shown.id} (${shown.idType})`],
    ['provider', `${shown.cspName ?? 'default'}, type ${shown.cspType}`],
    ['private key', shown.keyless ? 'not in the file' : 'in the file'],
    ['encryption', shown.derivation === 'A' ? 'current' : 'older exports'],
    ['certificates', String(shown.certificates)],
  ]
  if (shown.key !== null) rows.push(['key', shown.key], ['mode', String(shown.mode)], ['address', shown.url ?? ''])
  for (const { id, names, usable } of shown.templates) {
    rows.push(['template', `${names[0]?.name ?? ''} ${id ?? ''}${usable ? '' : ' (not usable)'}`])
  }
  for (const { detail } of shown.warnings) rows.push(['warning', detail])
  rows.push(['importable', shown.error === null ? 'yes' : `no: ${shown.error.cause} [${shown.error.code}]`])
  if (shown.error !== null) rows.push(['cure', shown.error.cure])
  return table(rows, [
    { title: 'What', value: ([what]) => what },
    { title: 'Value', value: ([, value]) => value, most: 140 },
  ])
}
