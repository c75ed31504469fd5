/** `sealward open`: writes the content of a protected document to a file or into a pipe. */
import type { Command } from 'commander'
import { licenseDocument, openFileSource, requireAnyRight, writeFileSafely, type Client } from '@sealward/client'
import { openProtected, readPieces } from '@sealward/formats'
import { RightsError } from '@sealward/xrml'
import { clientFor, clientOptions, type ClientCommandOptions } from '../../connection/client-options.ts'
import { exitCodes } from '../../exit-codes.ts'
import { examples, jsonOption, runs } from '../../terminal/command.ts'

interface OpenOptions extends ClientCommandOptions {
  readonly output?: string
  readonly json?: boolean
}

export function openCommand(program: Command): void {
  const command = jsonOption(
    clientOptions(
      program
        .command('open')
        .description('Open a protected document: its content goes to a file, or into a pipe')
        .argument('<file>', 'protected document'),
    ).option('--output <file>', 'a file that does not exist yet, for your eyes only'),
  )
  examples(
    command,
    'sealward open report.docx --user anna@lakeside.example --output report-open.docx',
    'sealward open notes.ptxt --user anna@lakeside.example --password-file p.txt | less',
  )
  runs<OpenOptions>(command, async ({ args, options, output }) => {
    const [path = ''] = args
    const target = options.output
    if (target === undefined && (options.json === true || process.stdout.isTTY)) {
      throw new RightsError('usage-invalid', { detail: 'name a file with --output, or let the content go into a pipe' })
    }
    const opened = await openTo(await clientFor(options), path, target)
    const { rights, owner, from, size } = opened
    output.say(`${path}: ${size} bytes, rights ${rights.join(' ')}, owner ${owner ?? 'unknown'}, licence from ${from}`)
    output.data(
      () => '',
      () => opened,
    )
    return exitCodes.done
  })
}

async function openTo(client: Client, path: string, target: string | undefined) {
  const source = openFileSource(path)
  try {
    const file = openProtected(source)
    const { cipher, ...license } = await licenseDocument(client, file)
    requireAnyRight(license.rights, ['VIEW', 'EDIT'])
    const content = file.openContent(cipher)
    const writeTo = (write: (bytes: Uint8Array) => unknown): void => {
      for (const piece of readPieces(content)) write(piece)
    }
    const written =
      target === undefined
        ? undefined
        : writeFileSafely({ path: target, existing: 'refuse', write: (sink) => writeTo((bytes) => sink.write(bytes)) })
    if (written === undefined) writeTo((bytes) => process.stdout.write(bytes))
    const { expiresAt, ...held } = license
    return {
      path,
      output: target ?? null,
      format: file.format,
      extension: file.extension ?? null,
      size: content.size,
      sha256: written?.sha256 ?? null,
      endUnknown: content.endUnknown,
      ...held,
      owner: license.owner ?? null,
      expiresAt: expiresAt?.toISOString() ?? null,
    }
  } finally {
    source.close()
  }
}
