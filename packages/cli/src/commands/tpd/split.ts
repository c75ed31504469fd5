/** `sealward tpd split`: takes the private key out of an export as PEM, for a hardware module's own import tool. */
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import type { Command } from 'commander'
import { splitTpd, type PemForm } from '@sealward/keys'
import { RightsError } from '@sealward/xrml'
import { exitCodes } from '../../exit-codes.ts'
import { examples, runs } from '../../terminal/command.ts'
import { readSecret } from '../../terminal/secret.ts'

interface SplitOptions {
  readonly passwordFile?: string
  readonly keyless?: string
  readonly pem?: string
  readonly form: string
}

export function tpdSplitCommand(tpd: Command): void {
  const command = tpd
    .command('split')
    .description('Split an export into a file without key and the key as PEM')
    .argument('<file>', 'exported trusted publishing domain')
    .option('--password-file <file>', 'file with the password; - for standard input')
    .option('--keyless <file>', 'where the file without key goes (default: name_keyless.xml)')
    .option('--pem <file>', 'where the key goes (default: name_key.pem)')
    .option('--form <form>', 'pkcs1 or pkcs8', 'pkcs1')
  examples(
    command,
    'sealward tpd split cluster.xml',
    'sealward tpd split cluster.xml --password-file password.txt --pem key.pem --form pkcs8',
  )
  runs<SplitOptions>(command, async ({ args, options, output }) => {
    const path = args[0] ?? ''
    const base = path.replace(/\.xml$/i, '')
    const file = readFileSync(path)
    const split = splitTpd(file, await readSecret(options.passwordFile, `Password of ${path}`), pemForm(options.form))
    const keyless = options.keyless ?? `${base}_keyless.xml`
    const pem = options.pem ?? `${base}_key.pem`
    writeNewFile(keyless, split.keyless)
    writeNewFile(pem, Buffer.from(split.pem))
    output.say(`${keyless}: the export without its key`)
    output.say(`${pem}: the private key, not encrypted; erase it as soon as the hardware module holds it`)
    return exitCodes.done
  })
}

function pemForm(form: string): PemForm {
  if (form === 'pkcs1' || form === 'pkcs8') return form
  throw new RightsError('option-invalid', { detail: `--form ${form}: pkcs1 or pkcs8` })
}

/** Only for the owner, and never over a file that is there. */
function writeNewFile(path: string, bytes: Uint8Array): void {
  const descriptor = openSync(path, 'wx', 0o600)
  try {
    writeSync(descriptor, bytes)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
