/** `sealward tpd import`: takes the key and the templates of an older cluster into the service. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { checkTpd, readPrivateKeyPem, type CheckedTpd } from '@sealward/keys'
import { activateKey, importTrustedPublishingDomain, type ImportResult } from '@sealward/service'
import { softwareKeyHandle } from '@sealward/xrml'
import {
  dataFiles,
  dataOption,
  ensureDataFolder,
  hasData,
  writeDataConfig,
  writeDataFile,
  type DataOptions,
} from '../../data/data-directory.ts'
import { administer } from '../../data/in-process-service.ts'
import { exitCodes } from '../../exit-codes.ts'
import { openExportWith, trustOptions } from '../../exports/read-exports.ts'
import { trustedRoots, type TrustOptions } from '../../exports/trusted-roots.ts'
import { examples, jsonOption, runs } from '../../terminal/command.ts'
import { agreed, changeOptions, type ChangeOptions } from '../../terminal/plan.ts'
import { readSecret } from '../../terminal/secret.ts'

interface ImportOptions extends DataOptions, TrustOptions, ChangeOptions {
  readonly passwordFile?: string
  readonly key?: string
  readonly activate?: boolean
  readonly refuseMode1?: boolean
}

export function tpdImportCommand(tpd: Command): void {
  const command = jsonOption(
    changeOptions(
      trustOptions(
        dataOption(
          tpd
            .command('import')
            .description('Take key and templates of an export into the service')
            .argument('<file>', 'exported trusted publishing domain'),
        ).option('--password-file <file>', 'file with the password; - for standard input'),
      )
        .option('--key <file>', 'the private key as PEM, for an export without one')
        .option('--activate', 'let the key sign from now on')
        .option('--refuse-mode-1', 'refuse RSA 1024 with SHA-1'),
    ),
  )
  examples(
    command,
    'sealward tpd import cluster.xml --data my-service --activate',
    'sealward tpd import old.xml --password-file password.txt --dry-run',
  )
  runs<ImportOptions>(command, async ({ args, options, output }) => {
    const [path = ''] = args
    const file = readFileSync(path)
    const password = await readSecret(options.passwordFile, `Password of ${path}`)
    const { domain } = openExportWith(path, file, password)
    const roots = trustedRoots(domain.licensorChain, options)
    const privateKey = options.key === undefined ? undefined : readPrivateKeyPem(readFileSync(options.key, 'utf8'))
    const checked = await checkTpd(domain, {
      anchors: roots,
      now: new Date(),
      refuseMode1: options.refuseMode1 === true,
      ...(privateKey === undefined ? {} : { keyOverride: softwareKeyHandle(privateKey) }),
    })
    if (!(await agreed(planOf(path, checked, options), options, output))) return exitCodes.done
    ensureData(options.data)
    const result = await administer(options.data, async ({ administration }) => {
      const imported = await importTrustedPublishingDomain(administration, {
        file,
        password,
        trustedRoots: roots.map(({ fingerprint }) => fingerprint),
        refuseMode1: options.refuseMode1 === true,
        ...(privateKey === undefined ? {} : { privateKey }),
      })
      if (options.activate === true) await activateKey(administration, { keyId: imported.keyId })
      return imported
    })
    output.say(sentenceOf(result, options))
    for (const { detail } of result.warnings) output.say(`warning: ${detail}`)
    output.data(
      () => '',
      () => ({ ...result, state: options.activate === true ? 'active' : 'archived' }),
    )
    return exitCodes.done
  })
}

function planOf(path: string, checked: CheckedTpd, { data, activate }: ImportOptions): readonly string[] {
  const { publicKey, mode, templates } = checked
  return [
    ...(hasData(data) ? [] : [`make the data directory ${data} with a new master key and an empty database`]),
    `import key ${publicKey.fingerprint} of ${path}, mode ${mode.number}, with ${templates.length} templates`,
    activate === true ? 'let this key sign from now on' : 'the key only opens documents that were made for it',
  ]
}

/** A data directory for an organisation of one's own: the people who are there already, listening on this machine only. */
function ensureData(data: string): void {
  if (hasData(data)) return
  ensureDataFolder(data)
  const people = join(data, dataFiles.directory)
  if (!existsSync(people)) writeDataFile(people, `${JSON.stringify({ users: [], groups: [] }, null, 2)}\n`)
  writeDataConfig(data, {
    publicUrl: 'http://127.0.0.1:8443',
    database: dataFiles.database,
    directory: dataFiles.directory,
  })
}

function sentenceOf({ keyId, mode, templates }: ImportResult, { activate }: ImportOptions): string {
  const state = activate === true ? 'it signs from now on' : 'archived: it opens what was made for it'
  return `imported key ${keyId}, mode ${mode}, ${templates.length} templates; ${state}`
}
