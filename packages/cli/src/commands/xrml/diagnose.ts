/**
 * `sealward xrml diagnose`: which readings of the sealing formats fit a genuine pair of key and document. Public sources
 * leave some of them open; whoever owns such a pair can settle them.
 */
import type { Command } from 'commander'
import {
  diagnoseSeal,
  parsePublishingLicense,
  publicKeyFromKeyObject,
  RightsError,
  samePublicKey,
} from '@sealward/xrml'
import type { SealDiagnosis } from '@sealward/xrml'
import { createPublicKey } from 'node:crypto'
import { exitCodes } from '../../exit-codes.ts'
import { openExport } from '../../exports/read-exports.ts'
import { examples, jsonOption, runs } from '../../terminal/command.ts'
import { table } from '../../terminal/table.ts'
import { readDocuments } from './read-documents.ts'

interface DiagnoseOptions {
  readonly tpd: string
  readonly passwordFile?: string
  readonly document: string
}

export function xrmlDiagnoseCommand(xrml: Command): void {
  const command = jsonOption(
    xrml
      .command('diagnose')
      .description('Say which readings of the sealing formats fit a genuine document and its key')
      .requiredOption('--tpd <file>', 'export with the private key of the cluster that protected the document')
      .requiredOption('--document <file>', 'a protected document, or its publishing licence')
      .option('--password-file <file>', 'file with the password of the export; - for standard input'),
  )
  examples(
    command,
    'sealward xrml diagnose --tpd cluster.xml --document report.docx',
    'sealward xrml diagnose --tpd cluster.xml --password-file password.txt --document notes.ptxt --json',
  )
  runs<DiagnoseOptions>(command, async ({ options, output }) => {
    const [leaf] = readDocuments(options.document)
    if (leaf === undefined) throw new RightsError('xrml-malformed', { detail: 'no licence' })
    const license = parsePublishingLicense(leaf)
    const { privateKey } = (await openExport(options.tpd, options.passwordFile)).domain
    if (privateKey === undefined) throw new RightsError('tpd-key-missing')
    if (!samePublicKey(publicKeyFromKeyObject(createPublicKey(privateKey)), license.server.publicKey)) {
      throw new RightsError('key-not-exported', { detail: license.server.publicKey.fingerprint })
    }
    const diagnosis = diagnoseSeal({ license, privateKey })
    output.data(
      () => describe(diagnosis),
      () => diagnosis,
    )
    return diagnosis.hashMatches.length > 0 && diagnosis.rightsData.opens ? exitCodes.done : exitCodes.findings
  })
}

function describe(diagnosis: SealDiagnosis): string {
  const { sealHeader, contentKeyHeader, hashMatches, rightsData } = diagnosis
  const matches = hashMatches.map(
    ({ hash, input }) => `${hash} over ${input.encoding}, ${input.scope}, ${input.enablingBits} enabling bits`,
  )
  const rows: (readonly [string, string])[] = [
    ['seal', `${diagnosis.sealType}, ${diagnosis.sealedBits} bits`],
    ['session key under RSA', diagnosis.transport],
    ['session key header', JSON.stringify(diagnosis.sessionKeyHeader ?? 'none')],
    ['seal header', JSON.stringify(sealHeader)],
    ['content key header', JSON.stringify(contentKeyHeader)],
    ['hash', `${diagnosis.hashBytes} bytes`],
    ...(matches.length === 0 ? ['fits no reading'] : matches).map((match) => ['hash input', match] as const),
    ['fill of the seal', diagnosis.sealFill === '' ? 'none' : diagnosis.sealFill],
    [
      'rights data',
      rightsData.opens ? `opens, fill ${rightsData.fill === '' ? 'none' : rightsData.fill}` : 'do not open',
    ],
  ]
  return table(rows, [
    { title: 'What', value: ([what]) => what },
    { title: 'Value', value: ([, value]) => value, most: 140 },
  ])
}
