/** Where things lie in the sample organisation, and what it says about itself. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ExpectedDocument, SampleTemplate } from '@sealward/sample'
import type { ExportOptions } from '../exports/read-exports.ts'

export interface SampleFiles {
  readonly folder: string
  readonly documents: string
  readonly directory: string
  /** As options of a command: the exports with their passwords and the roots to trust. */
  readonly exports: ExportOptions & { readonly passwordFile: readonly string[] }
}

export interface SampleAccount {
  readonly address: string
  readonly password: string
}

/** The parts of `expected.json` that are needed here. */
export interface SampleExpectations {
  readonly templates: readonly Pick<SampleTemplate, 'id' | 'cluster' | 'state' | 'names'>[]
  readonly documents: readonly ExpectedDocument[]
}

/** Its key signs: the Mode 2 cluster that came last. */
export const activeExport = 'rms.xml'

export function sampleFiles(folder: string): SampleFiles {
  const names = readdirSync(join(folder, 'tpd'))
    .filter((name) => name.endsWith('.xml'))
    .sort()
  return {
    folder,
    documents: join(folder, 'documents'),
    directory: join(folder, 'directory.json'),
    exports: {
      tpd: names.map((name) => join(folder, 'tpd', name)),
      passwordFile: names.map((name) => join(folder, 'tpd', 'passwords', name.replace(/xml$/, 'txt'))),
      anchor: readdirSync(join(folder, 'roots'))
        .sort()
        .map((name) => join(folder, 'roots', name)),
    },
  }
}

export function readSampleAccounts({ folder }: SampleFiles): readonly SampleAccount[] {
  return readFileSync(join(folder, 'people.txt'), 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [address, password] = line.trim().split(/\s+/)
      return address === undefined || password === undefined ? [] : [{ address, password }]
    })
}

export function readSampleExpectations({ folder }: SampleFiles): SampleExpectations {
  return JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as SampleExpectations
}
