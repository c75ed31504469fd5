/** `sealward version`. */
import type { Command } from 'commander'
import { exitCodes } from '../exit-codes.ts'
import { programVersion } from '../program-version.ts'
import { examples, jsonOption, runs } from '../terminal/command.ts'

export function versionCommand(program: Command): void {
  const command = jsonOption(program.command('version').description('Say which version this is'))
  examples(command, 'sealward version', 'sealward version --json')
  runs(command, ({ output }) => {
    const shown = {
      version: programVersion(),
      node: process.versions.node,
      openssl: process.versions.openssl,
      platform: `${process.platform}-${process.arch}`,
    }
    output.data(
      () => `sealward ${shown.version} (Node.js ${shown.node}, OpenSSL ${shown.openssl}, ${shown.platform})`,
      () => shown,
    )
    return exitCodes.done
  })
}
