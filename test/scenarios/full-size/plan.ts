/** The plan of the migration at full size, made from what the rehearsal found, and the reports of machines that steps want. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RehearsalReport } from '@sealward/migration'
import type { Program } from '../program.ts'
import { clusterNames, importedKeys, keysOf, type ClusterName, type FullSizeServices } from './services.ts'

export type LicensingUrls = Readonly<Record<ClusterName, readonly string[]>>

const allStaff = 'AllStaff-7184AB3F-CCD1-46F3-8233-3E09E9CF0E66@lakeside.example'

/** Every address letter by letter; a plan holds no blank at the end. */
export function licensingUrlsOf({ urls }: RehearsalReport, services: FullSizeServices): LicensingUrls {
  const found = urls.filter(({ mapped }) => mapped).map(({ url }) => url.trim())
  const own = (name: ClusterName): string => `${services.urls[name]}/_wmcs/licensing`
  return {
    'rms-old': [own('rms-old')],
    rms: [own('rms'), ...new Set(found.filter((url) => !url.includes('//legal')))],
    legal: [own('legal'), ...new Set(found.filter((url) => url.includes('//legal')))],
  }
}

/** The key of this cluster was never exported: it stays for reading. */
export const plant = {
  name: 'plant',
  role: 'licensing-only',
  system: '2008-r2',
  mode: 1,
  keyStorage: 'other-provider',
  exportable: false,
  licensingUrls: ['http://plantsrv2.lakeside.example/_wmcs/licensing'],
}

export async function fullSizePlan(
  services: FullSizeServices,
  licensingUrls: LicensingUrls,
  nameServer: string,
): Promise<object> {
  const { urls } = services
  const cluster = (name: ClusterName) => ({
    name,
    role: name === 'legal' ? 'licensing-only' : 'root',
    system: 'sealward',
    mode: name === 'rms-old' ? 1 : 2,
    keyStorage: 'database',
    exportable: true,
    licensingUrls: licensingUrls[name],
    adminUrl: urls[name],
    requestLog: `../${name}.csv`,
  })
  const keys = await Promise.all(clusterNames.map((name) => importedKeys(services, name)))
  return {
    organisation: 'Lakeside',
    numbering: '2016',
    clusters: [...clusterNames.map(cluster), plant],
    tenant: { adminUrl: urls.tenant, url: urls.tenant, target: 'service-managed', domains: ['lakeside.example'] },
    exports: clusterNames.flatMap((name) =>
      keysOf[name].map((key) => ({ file: `../lakeside/tpd/${key}.xml`, cluster: name, active: key === 'rms' })),
    ),
    trustedRoots: [...new Set(keys.flat().map(({ root }) => root))],
    anyone: { grantTo: [allStaff, 'nina.brandt@riverbank.example'] },
    batches: [{ name: 'Everybody', users: [], machines: ['PC-17'] }],
    mail: { place: 'hosted', version: '2016' },
    readOnly: { clusters: ['plant'] },
    watch: { quietDays: 14, macs: false },
    takeOver: [...clusterNames.map((name) => new URL(urls[name]).host), 'rms.lakeside.example', 'rms'],
    rekey: { key: 'new' },
    rehearsal: '../rehearsal.json',
    directory: '../lakeside/directory.json',
    samples: '../samples',
    dns: { mailDomains: ['lakeside.example'], servers: [nameServer] },
    approvals: 'none',
  }
}

export async function exportLogs({ folder, done }: Program): Promise<void> {
  for (const name of clusterNames) {
    rmSync(join(folder, `${name}.csv`), { force: true })
    await done('log', 'export', 'requests', '--data', name, '--output', `${name}.csv`)
  }
}

/** The quiet days pass in the exported logs: their times are set back. */
export function setLogsBack({ folder }: Program): void {
  const earlier = new Date(Date.now() - 20 * 86_400_000).toISOString().slice(0, 10)
  for (const name of clusterNames) {
    const path = join(folder, `${name}.csv`)
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(/\d{4}-\d\d-\d\d(?=[ T]\d\d:\d\d:\d\d)/g, earlier))
  }
}

function collect({ folder }: Program, kind: string, name: string, report: object): void {
  const collected = join(folder, 'migration', 'collected', kind)
  mkdirSync(collected, { recursive: true })
  writeFileSync(join(collected, `${name}.json`), JSON.stringify(report))
}

/** As the check script on a Windows machine reports. */
export function collectClient(program: Program, licensingUrls: LicensingUrls): void {
  const checkedAt = new Date().toISOString()
  const version = Number(checkedAt.slice(0, 10).replaceAll('-', ''))
  const sides = ['', 'Wow6432Node\\'].map((side) => `SOFTWARE\\${side}Microsoft\\MSIPC\\ServiceLocation`)
  collect(program, 'clients', 'PC-17', {
    format: 'sealward-client-check-1',
    scriptVersion: version,
    batch: 'everybody',
    checkedAt: `${checkedAt.slice(0, 19)}Z`,
    computer: 'PC-17',
    user: 'LAKESIDE\\anna',
    machineVersion: version,
    userVersion: version,
    preparedMachineVersion: 0,
    preparedUserVersion: 0,
    values: sides.flatMap((side) =>
      Object.values(licensingUrls)
        .flat()
        .map((name) => ({ hive: 'HKLM', key: `${side}\\LicensingRedirection`, name, state: 'right' })),
    ),
  })
  collect(program, 'machines', 'PC-17', { machine: 'PC-17', checkedAt, kind: 'windows', storesCleaned: true })
}

/** As the check script on a mail server reports. */
export function collectMailServer(program: Program, licensingUrls: LicensingUrls, tenantUrl: string): void {
  collect(program, 'mail-servers', 'mail1', {
    server: 'mail1',
    checkedAt: new Date().toISOString(),
    licensingLocations: [
      `${tenantUrl}/_wmcs/licensing`,
      ...Object.values(licensingUrls).flat(),
      ...plant.licensingUrls,
    ],
    internalLicensingEnabled: true,
    redirections: [],
    machineCertificatesDeleted: true,
    testResult: 'PASS',
    oldDomainsRemoved: true,
  })
}
