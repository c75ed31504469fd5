/** `sealward tpd import`: takes the key and the templates of an older cluster into the service. */
import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { suggestedFormerSites } from '@sealward/service'
import {
  administrationOptions,
  withAdministration,
  type AdministrationOptions,
} from '../../connection/administration-options.ts'
import type { Administration, AdminResult } from '../../connection/administration.ts'
import { hasData, usualData } from '../../data/data-directory.ts'
import { makeOwnData } from '../../data/own-data.ts'
import { exitCodes } from '../../exit-codes.ts'
import { trustOptions } from '../../exports/read-exports.ts'
import { anyoneOf, readTpdImport } from '../../exports/tpd-import.ts'
import type { TrustOptions } from '../../exports/trusted-roots.ts'
import { collect, examples, jsonOption, runs } from '../../terminal/command.ts'
import { agreed, changeOptions, type ChangeOptions } from '../../terminal/plan.ts'
import { readSecret } from '../../terminal/secret.ts'

interface ImportOptions extends AdministrationOptions, TrustOptions, ChangeOptions {
  readonly passwordFile?: string
  readonly key?: string
  readonly friendlyName?: string
  readonly anyone?: readonly string[]
  readonly activate?: boolean
  readonly refuseMode1?: boolean
  readonly shareKey?: boolean
}

export function tpdImportCommand(tpd: Command): void {
  const command = jsonOption(
    changeOptions(
      trustOptions(
        administrationOptions(
          tpd
            .command('import')
            .description('Take key and templates of an export into the service')
            .argument('<file>', 'exported trusted publishing domain'),
        ).option('--password-file <file>', 'file with the password; - for standard input'),
      )
        .option('--key <file>', 'the private key as PEM, for an export without one')
        .option('--friendly-name <name>', 'name that clients see; the one in the certificate unless given')
        .option('--anyone <rule>', 'rights of ANYONE in templates: refuse, drop, or an address that gets them', collect)
        .option('--activate', 'let the key sign from now on')
        .option('--refuse-mode-1', 'refuse RSA 1024 with SHA-1')
        .option('--share-key', 'take the key although another tenant of the installation has it'),
    ),
  )
  examples(
    command,
    'sealward tpd import cluster.xml --data my-service --activate',
    'sealward tpd import old.xml --password-file password.txt --dry-run',
  )
  runs<ImportOptions>(command, async ({ args, options, output }) => {
    const [path = ''] = args
    const { key, friendlyName, anyone } = options
    const { plan, request } = await readTpdImport({
      path,
      password: await readSecret(options.passwordFile, `Password of ${path}`),
      trust: options,
      now: new Date(),
      refuseMode1: options.refuseMode1 === true,
      active: options.activate === true,
      ...(options.shareKey === true ? { shareKey: true } : {}),
      ...(key === undefined ? {} : { privateKeyPem: readFileSync(key, 'utf8') }),
      ...(friendlyName === undefined ? {} : { friendlyName }),
      ...(anyone === undefined ? {} : { anyone: anyoneOf(anyone) }),
    })
    const newData = options.service === undefined ? missingData(options) : undefined
    const steps =
      newData === undefined
        ? plan
        : [`make the data directory ${newData} with a new master key and an empty database`, ...plan]
    if (!(await agreed(steps, options, output))) return exitCodes.done
    if (newData !== undefined) makeOwnData(newData, { publicUrl: 'http://127.0.0.1:8443' })
    const { result, formerSites } = await withAdministration(options, async (administration) => {
      const imported = await administration.call('importKey', { body: request })
      return { result: imported, formerSites: await formerSitesOf(administration, imported.keyId) }
    })
    output.say(sentenceOf(result))
    for (const warning of result.warnings) output.say(`warning: ${warning}`)
    if (formerSites.length > 0) {
      output.say(`its licences name ${formerSites.join(', ')}; once that cluster is gone: sealward tenant take-over`)
    }
    output.data(
      () => '',
      () => ({ ...result, formerSites, state: result.active ? 'active' : 'archived' }),
    )
    return exitCodes.done
  })
}

/** What the tenant would have to answer for, by the addresses that came with the key. */
async function formerSitesOf(administration: Administration, keyId: string): Promise<readonly string[]> {
  const keys = await administration.call('listKeys')
  const { hostNames: entries, licensingUrl, externalLicensingUrl } = await administration.call('getConfiguration')
  const own = [licensingUrl, ...(externalLicensingUrl === undefined ? [] : [externalLicensingUrl])]
  return suggestedFormerSites(keys.find(({ id }) => id === keyId)?.licensingUrls ?? [], { entries, own })
}

function missingData({ data = usualData }: AdministrationOptions): string | undefined {
  return hasData(data) ? undefined : data
}

function sentenceOf({ keyId, mode, templates, active }: AdminResult<'importKey'>): string {
  const state = active ? 'it signs from now on' : 'archived: it opens what was made for it'
  return `imported key ${keyId}, mode ${mode}, ${templates.length} templates; ${state}`
}
