/**
 * Makes the data directory for the sample organisation: master key, database, keys, templates, passwords. Every step finds
 * what an interrupted run has done already; the configuration is written last, so that half a directory is never taken
 * for a whole one.
 */
import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import {
  activateKey,
  importTrustedPublishingDomain,
  listKeys,
  publishTemplate,
  readConfig,
  type AdministrationContext,
  type ConfigInput,
} from '@sealward/service'
import { dataFiles, ensureDataFolder, writeDataConfig, writeDataFile } from '../data/data-directory.ts'
import { withService } from '../data/in-process-service.ts'
import type { CheckedExport } from '../exports/read-exports.ts'
import { readSecret } from '../terminal/secret.ts'
import { activeExport, readSampleAccounts, readSampleExpectations, type SampleFiles } from './sample-files.ts'

const passwordFolder = 'passwords'

export interface PrepareInput {
  readonly data: string
  readonly sample: SampleFiles
  readonly exports: readonly CheckedExport[]
  readonly publicUrl: string
  readonly port: number
}

/** @throws RightsError of the import */
export async function prepareData(input: PrepareInput): Promise<void> {
  const { data, sample, exports } = input
  ensureDataFolder(data)
  for (const { address, password } of readSampleAccounts(sample)) {
    writeDataFile(passwordFileOf(data, address), `${password}\n`)
  }
  const config: ConfigInput = {
    publicUrl: input.publicUrl,
    database: dataFiles.database,
    directory: relative(data, sample.directory),
    listener: { port: input.port },
    // For the people of the sample, on this machine alone.
    authentication: { embeddedProvider: {} },
  }
  await withService(data, readConfig(config), async ({ administration }) => {
    await importKeys(administration, exports, sample)
    const active = exports.find(({ name }) => name === activeExport)
    if (active !== undefined) {
      await activateKey(administration, { keyId: active.checked.publicKey.fingerprint })
    }
    for (const { id, state } of readSampleExpectations(sample).templates) {
      if (state === 'published') await publishTemplate(administration, { id })
    }
  })
  writeDataConfig(data, config)
}

export function passwordFileOf(data: string, address: string): string {
  return join(data, passwordFolder, `${address}.txt`)
}

async function importKeys(
  administration: AdministrationContext,
  exports: readonly CheckedExport[],
  sample: SampleFiles,
): Promise<void> {
  const known = new Set((await listKeys(administration)).map(({ id }) => id))
  for (const [index, { path, checked, trustedRoots }] of exports.entries()) {
    if (known.has(checked.publicKey.fingerprint)) continue
    await importTrustedPublishingDomain(administration, {
      file: readFileSync(path),
      password: await readSecret(sample.exports.passwordFile[index], path),
      trustedRoots,
    })
  }
}
