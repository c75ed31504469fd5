/** `sealward client import`: a connection file from the settings of Windows clients. */
import { readFileSync, statSync } from 'node:fs'
import type { Command } from 'commander'
import {
  applyRegistration,
  readRegistrationFile,
  windowsSettings,
  writeFileSafely,
  type RegistryInstruction,
  type WindowsSettings,
} from '@sealward/client'
import { isRightsError, RightsError } from '@sealward/xrml'
import type { ConnectionFile } from '../../connection/connection-file.ts'
import { exitCodes } from '../../exit-codes.ts'
import { readAnchor } from '../../exports/trusted-roots.ts'
import { collect, examples, jsonOption, runs } from '../../terminal/command.ts'
import { agreed, changeOptions, type ChangeOptions } from '../../terminal/plan.ts'
import { table } from '../../terminal/table.ts'

interface ImportOptions extends ChangeOptions {
  readonly output: string
  readonly overwrite?: boolean
  readonly trust?: readonly string[]
  readonly anchor?: readonly string[]
  readonly allowedHost?: readonly string[]
}

/** Beyond what the reader takes; a device or a pipe is no registration file. */
const bytesMost = 16 * 2 ** 20

export function clientImportCommand(client: Command): void {
  const command = changeOptions(
    jsonOption(
      client
        .command('import')
        .description('Make a connection file of the settings of Windows clients (.reg)')
        .argument('<file...>', 'registration files; what a later one says counts')
        .option('--output <file>', 'connection file to write', 'connection.json')
        .option('--overwrite', 'also over a file that is there')
        .option('--trust <fingerprint>', 'root key to trust, hex SHA-256 of its modulus; may be repeated', collect)
        .option('--anchor <file>', 'root key file to trust; may be repeated', collect)
        .option('--allowed-host <host>', 'a further host of your organisation; may be repeated', collect),
    ),
  )
  examples(
    command,
    'sealward client import clients.reg --anchor root.json --output connection.json --dry-run',
    'sealward client import machine.reg user.reg --anchor root.json --yes',
  )
  runs<ImportOptions>(command, async ({ args, options, output }) => {
    const settings = windowsSettings(applyRegistration(args.flatMap(instructionsIn)))
    const connection = connectionOf(settings, options)
    const unusable = settings.ignored.filter(({ code }) => code !== undefined).length
    const { taken, ignored } = settings
    output.data(
      () => describe(settings),
      () => ({ connection, taken, ignored, output: options.output, dryRun: options.dryRun === true }),
    )
    if (taken.length === 0) {
      output.say('nothing in it is a setting of this client; no file was written')
      return exitCodes.findings
    }
    if (connection.service === undefined) output.say('it names no service: add "service" or "discovery" to the file')
    if (connection.anchors.length === 0) output.say('no root is trusted: give --anchor or --trust, or add "anchors"')
    if (await agreed([`write ${options.output}`], options, output)) {
      const existing = options.overwrite === true ? 'overwrite' : 'refuse'
      const text = `${JSON.stringify(connection, null, 2)}\n`
      writeFileSafely({ path: options.output, existing, write: (sink) => sink.write(Buffer.from(text, 'utf8')) })
      output.say(`written to ${options.output}`)
    }
    return unusable === 0 ? exitCodes.done : exitCodes.findings
  })
}

/** @throws RightsError `registration-file-invalid` with the name of the file */
function instructionsIn(path: string): readonly RegistryInstruction[] {
  const stats = statSync(path)
  if (!stats.isFile() || stats.size > bytesMost) {
    throw new RightsError('registration-file-invalid', { detail: `${path}: not a file of reasonable size` })
  }
  try {
    return readRegistrationFile(readFileSync(path))
  } catch (cause) {
    if (!isRightsError(cause)) throw cause
    throw new RightsError(cause.code, { detail: `${path}, ${cause.detail ?? ''}`, cause })
  }
}

function connectionOf(settings: WindowsSettings, options: ImportOptions): ConnectionFile {
  const { serviceLocation, redirections, trustedServers, trustedServersOnly, protectionDisabledBy } = settings
  const named = serviceLocation.licensing ?? serviceLocation.certification
  const { trust = [], anchor = [], allowedHost = [] } = options
  return {
    ...(named === undefined ? {} : { service: new URL(named).origin }),
    anchors: [...trust.map((each) => each.toLowerCase()), ...anchor.map((path) => readAnchor(path).fingerprint)],
    redirections,
    ...(named === undefined ? {} : { serviceLocation }),
    ...(allowedHost.length === 0 ? {} : { allowedHosts: allowedHost }),
    ...(trustedServers.length === 0 ? {} : { trustedServers }),
    ...(trustedServersOnly ? { trustedServersOnly } : {}),
    ...(protectionDisabledBy === undefined ? {} : { protectionDisabledBy }),
  }
}

function describe({ taken, ignored }: WindowsSettings): string {
  const settings = table(taken, [
    { title: 'Setting', value: ({ setting }) => setting },
    { title: 'Value', value: ({ value }) => value },
    { title: 'From', value: ({ from }) => from },
  ])
  if (ignored.length === 0) return settings
  const others = table(ignored, [
    { title: 'Line', value: ({ line }) => line },
    { title: 'Left out', value: ({ from }) => from },
    { title: 'Why', value: ({ why, code }) => (code === undefined ? why : `${why} [${code}]`) },
  ])
  return taken.length === 0 ? others : `${settings}\n${others}`
}
