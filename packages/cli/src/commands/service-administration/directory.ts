/** `sealward directory …`: the people and groups of a service, in a file or on servers. */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { canonicalAddress, hashPassword, originOf, readDirectoryFile, type DirectoryFile } from '@sealward/service'
import { RightsError } from '@sealward/xrml'
import { dataOption, readDataConfig, writeDataFile, type DataOptions } from '../../data/data-directory.ts'
import { exitCodes } from '../../exit-codes.ts'
import { examples, runs } from '../../terminal/command.ts'
import { agreed, changeOptions, type ChangeOptions } from '../../terminal/plan.ts'
import { readSecret } from '../../terminal/secret.ts'
import { explainCommand, showCommand } from './explain-directory.ts'
import { flushCommand } from './flush-directory.ts'
import { releaseCommand, syncCommand } from './synchronise-directory.ts'
import { releaseSubjectsCommand, subjectsCommand } from './token-subjects.ts'

interface PasswordOptions extends DataOptions, ChangeOptions {
  readonly passwordFile?: string
}

export function directoryCommands(program: Command): void {
  const directory = program.command('directory').description('People and groups of the service')
  showCommand(directory)
  explainCommand(directory)
  flushCommand(directory)
  syncCommand(directory)
  releaseCommand(directory)
  subjectsCommand(directory)
  releaseSubjectsCommand(directory)
  setPasswordCommand(directory)
}

function setPasswordCommand(directory: Command): void {
  const command = changeOptions(
    dataOption(
      directory
        .command('set-password')
        .description('Give a person of the directory file a password')
        .argument('<address>', 'primary mail address')
        .option('--password-file <file>', 'file with the password; - for standard input'),
    ),
  )
  examples(
    command,
    'sealward directory set-password anna@lakeside.example',
    'sealward directory set-password anna@lakeside.example --data my-service --password-file p.txt --yes',
  )
  runs<PasswordOptions>(command, async ({ args, options, output }) => {
    const address = canonicalAddress(args[0] ?? '')
    const file = originOf(readDataConfig(options.data).directory)
    if (typeof file !== 'string')
      throw new RightsError('usage-invalid', { detail: 'passwords are kept by the servers' })
    const path = resolve(options.data, file)
    const text = readFileSync(path, 'utf8')
    readDirectoryFile(text)
    const content = JSON.parse(text) as DirectoryFile
    const user = content.users.find((candidate) => canonicalAddress(candidate.address) === address)
    if (user === undefined) throw new RightsError('user-not-in-directory', { detail: address })
    if (!(await agreed([`set the password of ${address} in ${path}`], options, output))) return exitCodes.done
    const password = await readSecret(options.passwordFile, `New password of ${address}`)
    const changed = { ...user, password: await hashPassword(password, (count) => randomBytes(count)) }
    const users = content.users.map((candidate) => (candidate === user ? changed : candidate))
    writeDataFile(path, `${JSON.stringify({ ...content, users }, null, 2)}\n`)
    output.say(`${address} has a new password`)
    return exitCodes.done
  })
}
