/**
 * Lakeside at full size as services of their own: three clusters with their current and archived keys, the tenant that they
 * move to, and the secrets of all of them in a folder.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createAdminClient, type AdminApi } from '@sealward/migration'
import type { ExpectedDocument } from '@sealward/sample'
import { freePort } from '../lakeside.ts'
import type { Program, ServiceProcess } from '../program.ts'

export const clusterNames = ['rms-old', 'rms', 'legal'] as const
export type ClusterName = (typeof clusterNames)[number]
export type ServiceName = ClusterName | 'tenant'

/** The first one signs; the others are archived, for what was published with them. */
export const keysOf: Readonly<Record<ClusterName, readonly string[]>> = {
  'rms-old': ['rms-old'],
  rms: ['rms', 'ferries'],
  legal: ['legal', 'legal-old'],
}

export const exportNames = clusterNames.flatMap((name) => keysOf[name])

export interface FullSize {
  readonly documents: number
  readonly templates: number
}

export interface FullSizeServices {
  readonly urls: Readonly<Record<ServiceName, string>>
  admin(name: ServiceName): AdminApi
  start(): Promise<void>
  stop(): Promise<void>
}

export interface ExpectedSample {
  readonly templates: readonly { readonly id: string; readonly state: 'published' | 'archived' | 'deleted' }[]
  readonly documents: readonly ExpectedDocument[]
}

export const anchorOptions = ['mode-1', 'mode-2'].flatMap((name) => ['--anchor', `lakeside/roots/${name}.json`])

export async function makeOrganisation({ done }: Program, { documents, templates }: FullSize): Promise<void> {
  const keys = String(exportNames.length)
  await done('sample', 'lakeside', '--documents', `${documents}`, '--templates', `${templates}`, '--keys', keys)
}

export function readExpected({ folder }: Program): ExpectedSample {
  return JSON.parse(readFileSync(join(folder, 'lakeside', 'expected.json'), 'utf8')) as ExpectedSample
}

export async function openServices(program: Program): Promise<FullSizeServices> {
  const { folder } = program
  const processes = new Map<ServiceName, ServiceProcess>()
  const create = async (name: ServiceName): Promise<string> => {
    const port = String(await freePort())
    const kind = name === 'tenant' ? 'tenant' : 'cluster'
    const people = ['--directory', 'lakeside/directory.json', '--domain', 'lakeside.example']
    await program.done(kind, 'create', '--data', name, '--port', port, '--organisation', 'Lakeside', ...people, '--yes')
    if (name !== 'tenant')
      for (const [index, key] of keysOf[name].entries()) await importKey(program, name, key, index === 0)
    const url = `http://127.0.0.1:${port}`
    processes.set(name, program.service(name, url))
    return url
  }
  const [old, rms, legal, tenant] = await Promise.all([
    create('rms-old'),
    create('rms'),
    create('legal'),
    create('tenant'),
  ])
  const urls = { 'rms-old': old, rms, legal, tenant }
  const each = (work: (service: ServiceProcess) => Promise<void>): Promise<unknown> =>
    Promise.all([...processes.values()].map(work))
  const services: FullSizeServices = {
    urls,
    admin: (name) => {
      const token = readFileSync(join(folder, name, 'admin-token'), 'utf8').trim()
      return createAdminClient({ url: urls[name], token, actor: 'ines' })
    },
    start: async () => void (await each((service) => service.start())),
    stop: async () => void (await each((service) => service.stop())),
  }
  return services
}

async function importKey({ done }: Program, cluster: ClusterName, key: string, active: boolean): Promise<void> {
  const password = ['--password-file', `lakeside/tpd/passwords/${key}.txt`]
  const more = [...anchorOptions, ...password, ...(active ? ['--activate'] : []), '--yes']
  await done('tpd', 'import', `lakeside/tpd/${key}.xml`, '--data', cluster, ...more)
}

/** Each cluster has a key of its own making besides, which never signed. */
export async function importedKeys(services: FullSizeServices, name: ClusterName) {
  return (await services.admin(name).keys()).filter(({ origin }) => origin === 'imported')
}

/** What the clusters of the sample offered is offered again. */
export async function offerTemplates(services: FullSizeServices, { templates }: ExpectedSample): Promise<void> {
  const offered = new Set(templates.filter(({ state }) => state === 'published').map(({ id }) => plain(id)))
  for (const name of clusterNames) {
    const admin = services.admin(name)
    for (const { id, state } of await admin.templates()) {
      if (state === 'archived' && offered.has(plain(id))) await admin.publishTemplate(id)
    }
  }
}

function plain(id: string): string {
  return id.replaceAll(/[{}]/g, '').toLowerCase()
}

/** Tokens and passwords, each in a file, as the program reads them. */
export function collectSecrets({ folder }: Program): void {
  mkdirSync(join(folder, 'secrets'), { mode: 0o700 })
  const copy = (from: string, to: string): void =>
    writeFileSync(join(folder, 'secrets', to), readFileSync(join(folder, from)), { mode: 0o600 })
  for (const name of [...clusterNames, 'tenant']) copy(join(name, 'admin-token'), `${name}.token`)
  for (const name of exportNames) copy(join('lakeside', 'tpd', 'passwords', `${name}.txt`), `${name}.txt`)
}
