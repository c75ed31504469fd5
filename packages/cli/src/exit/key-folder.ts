/** The folder with the exported keys of a service, and the password that they share. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import type { ExportKeysInput } from '@sealward/migration'
import { readSecret } from '../terminal/secret.ts'

export interface KeyFolderOptions {
  readonly keys: string
  readonly passwordFile?: string
}

export function keyFolderOptions(command: Command): Command {
  return command
    .option('--keys <dir>', 'folder of exported keys; those that are missing are exported', 'exit-keys')
    .option(
      '--password-file <file>',
      'file with the password of the exports, at least 16 characters; - for standard input',
    )
}

export const exportedKeysQuestion = 'Password of the exported keys, at least 16 characters'

/** Asked for once. */
export function keyFolder(options: KeyFolderOptions): Omit<ExportKeysInput, 'admin'> {
  let password: Promise<string> | undefined
  return {
    folder: options.keys,
    passwordOf: () => (password ??= readSecret(options.passwordFile, exportedKeysQuestion)),
    now: new Date(),
  }
}

export function isExported({ keys }: KeyFolderOptions, keyId: string): boolean {
  return existsSync(join(keys, `${keyId}.xml`))
}
