/** `sealward tpd split`: takes the private key out of an export as PEM, for a hardware module's own import tool. */
import { existsSync, readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { writeFileSafely } from '@sealward/client'
import { splitTpd, type PemForm } from '@sealward/keys'
import { RightsError } from '@sealward/xrml'
import { exitCodes } from '../../exit-codes.ts'
import { examples, runs } from '../../terminal/command.ts'
import { agreed, changeOptions, type ChangeOptions } from '../../terminal/plan.ts'
import { readSecret } from '../../terminal/secret.ts'

interface SplitOptions extends ChangeOptions {
  readonly passwordFile?: string
  readonly keyless?: string
  readonly pem?: string
  readonly form: string
}

export function tpdSplitCommand(tpd: Command): void {
  const command = changeOptions(
    tpd
      .command('split')
      .description('Split an export into a file without key and the key as PEM')
      .argument('<file>', 'exported trusted publishing domain')
      .option('--password-file <file>', 'file with the password; - for standard input')
      .option('--keyless <file>', 'where the file without key goes (default: name_keyless.xml)')
      .option('--pem <file>', 'where the key goes (default: name_key.pem)')
      .option('--form <form>', 'pkcs1 or pkcs8', 'pkcs1'),
  )
  examples(
    command,
    'sealward tpd split cluster.xml',
    'sealward tpd split cluster.xml --password-file password.txt --pem key.pem --form pkcs8 --yes',
  )
  runs<SplitOptions>(command, async ({ args, options, output }) => {
    const [path = ''] = args
    const form = pemForm(options.form)
    const base = path.replace(/\.xml$/i, '')
    const { keyless = `${base}_keyless.xml`, pem = `${base}_key.pem` } = options
    for (const target of [keyless, pem]) {
      if (existsSync(target)) throw new RightsError('file-exists', { detail: target })
    }
    const split = splitTpd(readFileSync(path), await readSecret(options.passwordFile, `Password of ${path}`), form)
    const steps = [`write the export without its key to ${keyless}`, `write the private key, not encrypted, to ${pem}`]
    if (!(await agreed(steps, options, output))) return exitCodes.done
    writeNew(keyless, split.keyless)
    writeNew(pem, Buffer.from(split.pem))
    output.say(`${keyless}: the export without its key`)
    output.say(`${pem}: the private key, not encrypted; erase it as soon as the hardware module holds it`)
    return exitCodes.done
  })
}

function pemForm(form: string): PemForm {
  if (form === 'pkcs1' || form === 'pkcs8') return form
  throw new RightsError('option-invalid', { detail: `--form ${form}: pkcs1 or pkcs8` })
}

/** Whole, only for the owner, and never over a file that is there. */
function writeNew(path: string, bytes: Uint8Array): void {
  writeFileSafely({ path, existing: 'refuse', write: (sink) => sink.write(bytes) })
}
