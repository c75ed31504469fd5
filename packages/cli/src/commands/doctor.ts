/** `sealward doctor`: what is wrong with a service and its surroundings, with code, cause and cure. It changes nothing. */
import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Command } from 'commander'
import { RightsError } from '@sealward/xrml'
import { dataFiles, hasData, readServeFile, usualData } from '../data/data-directory.ts'
import { readMasterKey, type MasterKeySource } from '../data/master-key.ts'
import { look } from '../doctor/check-store.ts'
import { checkNames, configurationCheckName, examine, type NamedFinding } from '../doctor/examine.ts'
import { fine, wrongBecause } from '../doctor/finding.ts'
import type { Installed, Patient } from '../doctor/patient.ts'
import { exitCodes } from '../exit-codes.ts'
import { collect, examples, jsonOption, runs } from '../terminal/command.ts'
import { printable } from '../terminal/printable.ts'

interface DoctorOptions extends MasterKeySource {
  readonly data?: string
  readonly config?: string
  readonly service?: string
  readonly caFile?: string
  readonly nameServer?: readonly string[]
  readonly only?: readonly string[]
}

export function doctorCommand(program: Command): void {
  const command = jsonOption(
    program
      .command('doctor')
      .description('Look for what is wrong with a service and its surroundings, and change nothing')
      .option('--data <dir>', `data directory of the service (default: "${usualData}")`)
      .option('--config <file>', 'configuration of the service, instead of a data directory')
      .option('--master-key <file>', 'file with the master key (default: master.key beside the configuration)')
      .option('--passphrase-file <file>', 'file with the passphrase instead; - for standard input')
      .option('--service <url>', 'address of the service; alone, only what is seen from outside is looked at')
      .option('--ca-file <file>', 'certificates that vouch for the service besides those of this machine, PEM')
      .option(
        '--name-server <address>',
        'name server to ask, instead of those of this machine; may be repeated',
        collect,
      )
      .option('--only <check>', `only this check; may be repeated: ${checkNames.join(', ')}`, collect),
  )
  examples(
    command,
    'sealward doctor --config /etc/sealward/service.json',
    'sealward doctor --service https://rms.lakeside.example --only clock --only certificate --json',
  )
  runs<DoctorOptions>(command, async ({ options, output }) => {
    const { only = [] } = options
    const unknown = only.find((name) => !checkNames.includes(name))
    if (unknown !== undefined) throw new RightsError('option-invalid', { detail: `--only ${unknown}: no such check` })
    const { patient, configuration } = await admit(options)
    const findings = [
      ...(only.length === 0 || only.includes(configurationCheckName) ? configuration : []),
      ...(await examine(patient, only)),
    ]
    const wrong = findings.filter(({ outcome }) => outcome === 'wrong').length
    output.data(
      () => describe(findings),
      () => ({ wrong, findings }),
    )
    output.say(wrong === 0 ? 'nothing is wrong' : `${wrong} ${wrong === 1 ? 'thing is' : 'things are'} wrong`)
    return wrong === 0 ? exitCodes.done : exitCodes.findings
  })
}

interface Admitted {
  readonly patient: Patient
  readonly configuration: readonly NamedFinding[]
}

async function admit(options: DoctorOptions): Promise<Admitted> {
  const { service, caFile, nameServer = [] } = options
  const named = service === undefined ? undefined : addressOf(service)
  const configFile = configFileOf(options)
  const outside = {
    authority: caFile === undefined ? undefined : readFileSync(caFile, 'utf8'),
    nameServers: nameServer,
    now: () => new Date(),
    urls: named === undefined ? [] : [named],
  }
  if (configFile === undefined) return { patient: outside, configuration: [] }
  try {
    const installed = install(configFile, options)
    const { publicUrl, externalUrl } = installed.config
    const own = [publicUrl, ...(externalUrl === undefined || externalUrl === publicUrl ? [] : [externalUrl])]
    return {
      patient: { ...outside, installed, urls: named === undefined ? own : [named] },
      configuration: [{ check: configurationCheckName, ...fine(configFile) }],
    }
  } catch (error) {
    return { patient: outside, configuration: [{ check: configurationCheckName, ...wrongBecause(error, configFile) }] }
  }
}

function configFileOf({ data, config, service }: DoctorOptions): string | undefined {
  if (data !== undefined && config !== undefined) {
    throw new RightsError('option-invalid', { detail: 'either a data directory or a configuration' })
  }
  if (config !== undefined) return resolve(config)
  const folder = data ?? usualData
  if (data === undefined && service !== undefined && !hasData(folder)) return undefined
  if (!hasData(folder)) throw new RightsError('data-directory-missing', { detail: folder })
  return resolve(join(folder, dataFiles.config))
}

/** @throws RightsError `configuration-invalid` */
function install(configFile: string, source: MasterKeySource): Installed {
  const config = readServeFile(configFile)
  if ('services' in config) {
    throw new RightsError('configuration-invalid', { detail: 'an installation; name the configuration of one service' })
  }
  const folder = dirname(configFile)
  const { masterKey, passphraseFile } = source
  const masterKeyOf = (): ReturnType<typeof readMasterKey> =>
    readMasterKey(folder, {
      ...(masterKey === undefined ? {} : { masterKey }),
      ...(passphraseFile === undefined ? {} : { passphraseFile }),
    })
  return {
    config,
    configFile,
    folder,
    masterKey: masterKeyOf,
    takenOver: () =>
      look({ config, folder, masterKey: masterKeyOf }).then(
        ({ tenant }) => tenant?.hostNames ?? [],
        () => [],
      ),
  }
}

function addressOf(text: string): string {
  const { protocol, origin } = URL.canParse(text) ? new URL(text) : new URL('none:')
  if (protocol === 'https:' || protocol === 'http:') return origin
  throw new RightsError('option-invalid', { detail: `--service ${text}: not the address of a service` })
}

function describe(findings: readonly NamedFinding[]): string {
  const width = Math.max(...checkNames.map((name) => name.length))
  const lines = findings.flatMap(({ check, outcome, found, code, cause, cure }) => {
    const first = `${outcome.padEnd(7)}  ${check.padEnd(width)}  ${printable(found)}`
    if (code === null) return [first]
    const indent = ' '.repeat(width + 11)
    return [first, `${indent}${printable(cause ?? '')} [${code}]`, `${indent}cure: ${printable(cure ?? '')}`]
  })
  return `${lines.join('\n')}\n`
}
