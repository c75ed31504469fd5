/** Trusted publishing domain files named on the command line: opened with their passwords, checked, never stored here. */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { Command } from 'commander'
import { checkTpd, readTpd, type CheckedTpd, type TrustedPublishingDomain } from '@sealward/keys'
import { collect } from '../terminal/command.ts'
import { readSecret } from '../terminal/secret.ts'
import { trustedRoots, type TrustOptions } from './trusted-roots.ts'

export interface ExportOptions extends TrustOptions {
  readonly tpd: readonly string[]
  /** One for all exports, or one each in the same order. */
  readonly passwordFile?: readonly string[]
}

export function exportOptions(command: Command): Command {
  return trustOptions(
    command
      .requiredOption('--tpd <file>', 'exported trusted publishing domain; may be repeated', collect)
      .option('--password-file <file>', 'password of the exports: one for all, or one each in order', collect),
  )
}

export function trustOptions(command: Command): Command {
  return command
    .option('--trust <fingerprint>', 'root key to trust, hex SHA-256 of its modulus; may be repeated', collect)
    .option('--anchor <file>', 'root key file to trust; may be repeated', collect)
}

export interface OpenedExport {
  readonly path: string
  readonly name: string
  readonly domain: TrustedPublishingDomain
}

export interface CheckedExport extends OpenedExport {
  readonly checked: CheckedTpd
  /** Fingerprints of the roots that are accepted for its chain. */
  readonly trustedRoots: readonly string[]
}

/** @throws RightsError of `readTpd`; `secret-missing` */
export async function openExport(path: string, passwordFile: string | undefined): Promise<OpenedExport> {
  const file = readFileSync(path)
  return openExportWith(path, file, await readSecret(passwordFile, `Password of ${basename(path)}`))
}

/** @throws RightsError of `readTpd` */
export function openExportWith(path: string, file: Uint8Array, password: string): OpenedExport {
  return { path, name: basename(path), domain: readTpd({ file, password }) }
}

/** Opens and checks all exports before anything is done with one. @throws RightsError of `readTpd` and `checkTpd` */
export async function readExports(options: ExportOptions, now: Date): Promise<readonly CheckedExport[]> {
  const exports: CheckedExport[] = []
  for (const [index, path] of options.tpd.entries()) {
    const passwordFile = options.passwordFile?.[index] ?? options.passwordFile?.[0]
    const opened = await openExport(path, passwordFile)
    const roots = trustedRoots(opened.domain.licensorChain, options)
    const checked = await checkTpd(opened.domain, { anchors: roots, now })
    exports.push({ ...opened, checked, trustedRoots: roots.map(({ fingerprint }) => fingerprint) })
  }
  return exports
}

export function checkExport(domain: TrustedPublishingDomain, trust: TrustOptions, now: Date): Promise<CheckedTpd> {
  return checkTpd(domain, { anchors: trustedRoots(domain.licensorChain, trust), now })
}
