/** For tests: a plan that moves the exports of the sample into a tenant, from a cluster that is only known by them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ServedService } from '../../service.fixture.ts'

export type Plan = Readonly<Record<string, unknown>>

/** An export of the sample, below the folder of the project. */
export const exported = (name: string, active = false) => ({ file: `../exports/${name}.xml`, cluster: 'rms', active })

/** @param cwd holds the sample in `lakeside` and its exports in `exports` */
export function planFor(cwd: string, { url }: ServedService, change: Plan = {}): Plan {
  const root = (mode: number): string => {
    const text = readFileSync(join(cwd, `lakeside/roots/mode-${mode}.json`), 'utf8')
    return (JSON.parse(text) as { fingerprint: string }).fingerprint
  }
  return {
    organisation: 'Lakeside',
    numbering: '2016',
    clusters: [
      {
        name: 'rms',
        role: 'root',
        system: '2012-r2',
        mode: 2,
        keyStorage: 'database',
        exportable: true,
        licensingUrls: ['https://rms.lakeside.example/_wmcs/licensing'],
      },
    ],
    tenant: { adminUrl: url, url, target: 'service-managed', domains: ['lakeside.example'] },
    exports: [exported('rms', true), exported('rms-old')],
    trustedRoots: [root(1), root(2)],
    anyone: 'drop',
    approvals: 'none',
    keyRegistry: '../imported-keys.json',
    ...change,
  }
}
