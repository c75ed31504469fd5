/** `sealward tenant create` and `sealward cluster create`: a new data directory for a service of either kind. */
import { existsSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import type { Command } from 'commander'
import { personalities } from '@sealward/service'
import { RightsError } from '@sealward/xrml'
import { administerData } from '../../data/data-administration.ts'
import { dataFiles, dataOption, hasData, type DataOptions } from '../../data/data-directory.ts'
import { createPassphrase } from '../../data/master-key.ts'
import { makeOwnData } from '../../data/own-data.ts'
import { exitCodes } from '../../exit-codes.ts'
import { portOf } from '../../start/free-port.ts'
import { collect, examples, runs } from '../../terminal/command.ts'
import { agreed, changeOptions, type ChangeOptions } from '../../terminal/plan.ts'
import { belowOptions, createBelow, rootOf, type BelowOptions } from './enrol-below-root.ts'

interface CreateOptions extends DataOptions, ChangeOptions, BelowOptions {
  readonly port?: string
  readonly publicUrl?: string
  readonly basePath?: string
  readonly directory?: string
  readonly organisation?: string
  readonly domain?: readonly string[]
  readonly askPassphrase?: boolean
  readonly passphraseFile?: string
  readonly name?: string
  readonly database?: string
}

const descriptions = {
  tenant: 'Make the data directory of a new tenant; it gets a key by import, or when it is enabled',
  cluster: 'Make the data directory of a new cluster with a key of its own',
} as const

export function createServiceCommand(parent: Command, personality: 'tenant' | 'cluster'): void {
  const command = changeOptions(
    dataOption(parent.command('create').description(descriptions[personality]))
      .option('--port <number>', 'port on this machine', '8443')
      .option('--public-url <url>', 'address that clients know; http://127.0.0.1 with the port unless given')
      .option('--base-path <path>', 'path below the address where the SOAP services are; /_wmcs unless given')
      .option('--directory <file>', 'people and groups; an empty file is made unless given')
      .option('--organisation <name>', 'name before those of default templates')
      .option('--domain <name>', 'mail domain of the organisation; may be repeated', collect)
      .option('--ask-passphrase', 'seal the keys under a passphrase that every start asks for, instead of a file')
      .option('--passphrase-file <file>', 'the same with the passphrase from a file; - for standard input')
      .option('--name <name>', 'name among the services of an installation, in the log and in the database')
      .option('--database <file>', 'database, which services with different names may share'),
  )
  if (personality === 'cluster') belowOptions(command)
  examples(
    command,
    `sealward ${personality} create --data ${personality} --port 8500`,
    `sealward ${personality} create --data ${personality} --directory people.json --domain lakeside.example --yes`,
  )
  runs<CreateOptions>(command, async ({ options, output }) => {
    const { data, publicUrl, basePath, directory, organisation, domain, name, database } = options
    if (hasData(data)) throw new RightsError('file-exists', { detail: data })
    if (directory !== undefined && !existsSync(directory))
      throw new RightsError('file-not-usable', { detail: directory })
    const port = portOf(options.port ?? '')
    const url = publicUrl ?? `http://127.0.0.1:${port}`
    const root = rootOf(options)
    const fromPassphrase = options.askPassphrase === true || options.passphraseFile !== undefined
    const sealed = fromPassphrase ? 'a master key from a passphrase' : 'a new master key'
    const steps = [
      `make the data directory ${data} with ${sealed}, for a ${personality} at ${url}`,
      ...(root === undefined
        ? []
        : [`let ${root.url} certify its key; it only licenses, and ${root.url} certifies people`]),
    ]
    if (!(await agreed(steps, options, output))) return exitCodes.done
    if (fromPassphrase) await createPassphrase(data, options.passphraseFile)
    const settings = {
      personality,
      publicUrl: url,
      ...(basePath === undefined ? {} : { basePath }),
      listener: { port },
      ...(directory === undefined ? {} : { directory: relative(resolve(data), resolve(directory)) }),
      ...(organisation === undefined ? {} : { organisation }),
      ...(name === undefined ? {} : { tenant: name }),
      ...(database === undefined ? {} : { database: relative(resolve(data), resolve(database)) }),
      ...(domain === undefined ? {} : { domains: [...domain] }),
    }
    const keyName = organisation ?? 'Cluster'
    if (root !== undefined) {
      const { keyId, rootCluster } = await createBelow(data, settings, { root, name: keyName })
      makeOwnData(data, { ...settings, rootCluster })
      output.say(`its key is ${keyId}, certified by ${root.url}`)
    } else makeOwnData(data, settings)
    if (personalities[personality].startsWithKey && root === undefined) {
      const body = { mode: 2 as const, name: keyName }
      const { keyId } = await administerData(data, (administration) => administration.call('generateKey', { body }))
      output.say(`its key is ${keyId}`)
    }
    output.say(`made ${data}; start the ${personality} with: sealward serve --config ${join(data, dataFiles.config)}`)
    return exitCodes.done
  })
}
