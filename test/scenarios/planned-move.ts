/** The plan of a move of some of the clusters, from what is there: keys, exports, addresses in licences. */
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openFileSource } from '@sealward/client'
import { openProtected } from '@sealward/formats'
import type { RehearsalReport } from '@sealward/migration'
import type { KnownDocument } from './known-documents.ts'
import type { ClusterName, LakesideServices } from './lakeside-services.ts'

export const allStaff = 'AllStaff-7184AB3F-CCD1-46F3-8233-3E09E9CF0E66@lakeside.example'

export type LicensingUrls = ReadonlyMap<ClusterName, readonly string[]>

/**
 * Rehearses the documents with the exports of the clusters.
 * @returns every address in licences, by the cluster that answers for it
 */
export async function rehearseDocuments(
  lakeside: LakesideServices,
  clusters: readonly ClusterName[],
): Promise<LicensingUrls> {
  const rehearsed = await lakeside.run(
    'rehearse',
    '--documents',
    'lakeside/documents',
    ...clusters.flatMap((name) => ['--tpd', `lakeside/tpd/${name}.xml`]),
    ...clusters.flatMap((name) => ['--password-file', `lakeside/tpd/passwords/${name}.txt`]),
    ...['mode-1', 'mode-2'].flatMap((name) => ['--anchor', `lakeside/roots/${name}.json`]),
    '--json',
  )
  assert.equal(rehearsed.code, 1, 'some documents of the sample are damaged')
  writeFileSync(join(lakeside.folder, 'rehearsal.json'), rehearsed.stdout)
  const { urls } = JSON.parse(rehearsed.stdout) as RehearsalReport
  const inLicences = [...new Set(urls.filter(({ mapped }) => mapped).map(({ url }) => url.trim()))]
  const others = new Map([
    ['rms', inLicences.filter((url) => !isOfLegal(url))],
    ['legal', inLicences.filter(isOfLegal)],
  ])
  return new Map(
    clusters.map((name) => [name, [`${lakeside.services[name].url}/_wmcs/licensing`, ...(others.get(name) ?? [])]]),
  )
}

function isOfLegal(url: string): boolean {
  return url.includes('//legal')
}

/** Licences of documents, for the comparison of rights. */
export function writeSamples(lakeside: LakesideServices, documents: readonly KnownDocument[]): void {
  mkdirSync(join(lakeside.folder, 'samples'))
  for (const [index, { path }] of documents.entries()) {
    const file = openFileSource(path)
    writeFileSync(join(lakeside.folder, 'samples', `${index}.xrml`), openProtected(file).licenseText)
    file.close()
  }
}

/** A plan in which everything has its usual value. */
export async function plannedMove(
  lakeside: LakesideServices,
  licensingUrls: LicensingUrls,
  source: ClusterName = 'rms',
) {
  const { tenant } = lakeside.services
  const names = [...licensingUrls.keys()]
  const roots = (await lakeside.admin(source).keys()).filter(({ origin }) => origin === 'imported')
  return {
    organisation: 'Lakeside',
    numbering: '2016',
    clusters: names.map((name) => ({
      name,
      role: name === 'legal' ? 'licensing-only' : 'root',
      system: 'sealward',
      mode: name === 'rms-old' ? 1 : 2,
      keyStorage: 'database',
      exportable: true,
      licensingUrls: licensingUrls.get(name) ?? [],
      adminUrl: lakeside.services[name].url,
      requestLog: `../${name}.csv`,
    })),
    tenant: { adminUrl: tenant.url, url: tenant.url, target: 'service-managed', domains: ['lakeside.example'] },
    exports: names.map((name) => ({ file: `../lakeside/tpd/${name}.xml`, cluster: name, active: name === 'rms' })),
    trustedRoots: [...new Set(roots.map(({ root }) => root))],
    anyone: { grantTo: [allStaff, 'nina.brandt@riverbank.example'] },
    watch: { quietDays: 14, macs: false },
    takeOver: names.map((name) => new URL(lakeside.services[name].url).host),
    directory: '../lakeside/directory.json',
    approvals: 'second-person',
  }
}
