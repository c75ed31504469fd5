/** `sealward inspect`: what files are and what their licences say, without any key. */
import type { Command } from 'commander'
import { openFileSource } from '@sealward/client'
import { detectFormat, openProtected, type ProtectedFile } from '@sealward/formats'
import { isRightsError, parseXrmlChain } from '@sealward/xrml'
import { exitCodes } from '../exit-codes.ts'
import { examples, jsonOption, runs } from '../terminal/command.ts'
import { describeError, type ReportedError } from '../terminal/output.ts'
import { table } from '../terminal/table.ts'
import { summariseLicense, type LicenseSummary } from './license-summary.ts'

interface InspectedFile {
  readonly path: string
  readonly format: string
  readonly protected: boolean
  readonly size: number
  readonly contentSize: number | null
  readonly extension: string | null
  readonly cipher: { readonly mode: string | null; readonly keyBits: number | null } | null
  readonly licence: LicenseSummary | null
  readonly useLicences: readonly { readonly user: string }[]
  readonly labels: readonly { readonly id: string }[]
  readonly error: ReportedError | null
}

export function inspectCommand(program: Command): void {
  const command = jsonOption(
    program
      .command('inspect')
      .description('Say what files are and what their licences say; needs no key')
      .argument('<file...>', 'files of any kind'),
  )
  examples(command, 'sealward inspect report.docx', 'sealward inspect --json *.ptxt')
  runs(command, ({ args, output }) => {
    const files = args.map(inspectFile)
    output.data(
      () => files.map(describe).join('\n'),
      () => ({ files }),
    )
    return files.some((file) => file.error !== null) ? exitCodes.findings : exitCodes.done
  })
}

/** One file that cannot be read is a finding, not the end of the list. */
function inspectFile(path: string): InspectedFile {
  const base: InspectedFile = {
    path,
    format: 'unknown',
    protected: false,
    size: 0,
    contentSize: null,
    extension: null,
    cipher: null,
    licence: null,
    useLicences: [],
    labels: [],
    error: null,
  }
  let found = base
  try {
    const source = openFileSource(path)
    try {
      found = { ...base, size: source.size }
      found = { ...found, ...detectFormat(source) }
      return found.protected ? { ...found, ...protectedPart(openProtected(source)) } : found
    } finally {
      source.close()
    }
  } catch (error) {
    if (!isRightsError(error)) throw error
    return { ...found, error: describeError(error) }
  }
}

function protectedPart(file: ProtectedFile): Partial<InspectedFile> {
  const licence = summariseLicense(parseXrmlChain(file.licenseText))
  return {
    contentSize: file.contentSize ?? null,
    extension: file.extension ?? null,
    cipher: { mode: cipherModeOf(file), keyBits: licence.keyBits },
    licence: licence.summary,
    useLicences: file.useLicenses.map(({ license }) => ({ user: license?.user.name ?? '' })),
    labels: file.labels.map(({ id }) => ({ id })),
  }
}

/** The licence hides the mode; the container shows it where sizes leave one possibility. */
function cipherModeOf(file: ProtectedFile): string | null {
  if (file.cipherRule === 'always-cbc4k') return 'cbc4k'
  if (file.format === 'pfile' || file.contentSize === undefined) return null
  const fillsBlock = file.ciphertextSize === Math.ceil(file.contentSize / 16) * 16
  const fillsChunk = file.ciphertextSize === Math.ceil(file.contentSize / 4096) * 4096
  if (fillsBlock === fillsChunk) return null
  return fillsBlock ? 'ecb' : 'cbc4k-nopad'
}

function describe(file: InspectedFile): string {
  const { licence } = file
  const rows: (readonly [string, string])[] = [
    ['file', file.path],
    ['format', `${file.format}${file.protected ? ', protected' : ''}`],
    ['size', `${file.size.toLocaleString('en-GB')} bytes`],
  ]
  if (file.contentSize !== null) rows.push(['content', `${file.contentSize.toLocaleString('en-GB')} bytes`])
  if (file.extension !== null) rows.push(['extension', file.extension])
  if (file.cipher !== null) {
    const bits = file.cipher.keyBits === null ? 'AES' : `AES-${file.cipher.keyBits}`
    rows.push(['cipher', `${bits}, ${file.cipher.mode ?? 'mode is in the licence'}`])
  }
  if (licence !== null) {
    rows.push(
      ['policy', licence.policyNames[0]?.name ?? licence.policyId ?? 'custom'],
      ['owner', licence.owner ?? ''],
      ['published', `${licence.issuedAt}, ${licence.kind}, mode ${licence.cryptographicMode}`],
      ['server key', licence.serverKey],
      ['licensing', [...licence.licensingUrls, ...licence.extranetUrls].join(' ')],
      ['chain', licence.chain.map((link) => `${link.type} ${link.signature}`).join(', ')],
    )
  }
  for (const { user } of file.useLicences) rows.push(['use licence of', user])
  for (const { id } of file.labels) rows.push(['label', id])
  if (file.error !== null) rows.push(['error', `${file.error.cause} [${file.error.code}]`])
  return table(rows, [
    { title: 'What', value: ([what]) => what },
    { title: 'Value', value: ([, value]) => value, most: 120 },
  ])
}
