/**
 * The master key of a data directory: from its file, or from a passphrase that is asked for at every start and kept
 * nowhere. Which of them it is shows in what lies there; the parameters of the derivation are no secret.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { randomBytes } from 'node:crypto'
import { masterKeyFromPassphrase, newScryptParameters, type MasterKey, type ScryptParameters } from '@sealward/keys'
import { RightsError } from '@sealward/xrml'
import { readSecret } from '../terminal/secret.ts'
import { dataFiles, writeDataFile } from './data-directory.ts'
import { readMasterKeyFile } from './master-key-file.ts'

/** Of this process, by folder: a command that opens the service twice asks once. */
const derived = new Map<string, Promise<MasterKey>>()

/** From where the key comes, if not from the folder itself or from whoever is asked. */
export interface MasterKeySource {
  /** File with the key. */
  readonly masterKey?: string
  /** File with the passphrase; `-` for standard input. */
  readonly passphraseFile?: string
}

/**
 * @throws RightsError `master-key-refused`, `secret-missing`, `usage-invalid` for two sources, `option-invalid` for a
 * passphrase where the key is in a file
 */
export async function readMasterKey(
  folder: string,
  { masterKey, passphraseFile }: MasterKeySource = {},
): Promise<MasterKey> {
  if (masterKey !== undefined && passphraseFile !== undefined) {
    throw new RightsError('usage-invalid', { detail: 'a master key, or a passphrase for it, and not both' })
  }
  if (masterKey !== undefined) return readMasterKeyFile(masterKey)
  const parametersFile = join(folder, dataFiles.masterKeyParameters)
  const keyFile = join(folder, dataFiles.masterKey)
  if (existsSync(keyFile) || !existsSync(parametersFile)) {
    if (passphraseFile !== undefined) throw new RightsError('option-invalid', { detail: `${folder} has no passphrase` })
    return readMasterKeyFile(keyFile)
  }
  const known = derived.get(resolve(folder))
  if (known !== undefined) return known
  const parameters = readParameters(parametersFile)
  return remember(folder, await readSecret(passphraseFile, `Passphrase of ${folder}`), parameters)
}

/**
 * Lets a new data directory have its master key from a passphrase.
 * @throws RightsError `file-exists` where a master key is already, `master-key-refused`, `secret-missing`
 */
export async function createPassphrase(folder: string, passphraseFile?: string): Promise<void> {
  const parametersFile = join(folder, dataFiles.masterKeyParameters)
  for (const file of [parametersFile, join(folder, dataFiles.masterKey)]) {
    if (existsSync(file)) throw new RightsError('file-exists', { detail: file })
  }
  const passphrase = await readSecret(passphraseFile, `New passphrase of ${folder}, at least 12 characters`)
  if (passphraseFile === undefined && (await readSecret(undefined, 'Once more')) !== passphrase) {
    throw new RightsError('secret-missing', { detail: 'the two passphrases differ' })
  }
  const parameters = newScryptParameters((count) => randomBytes(count))
  await remember(folder, passphrase, parameters)
  const { salt, ...cost } = parameters
  const content = { derivation: 'scrypt', ...cost, salt: Buffer.from(salt).toString('base64') }
  writeDataFile(parametersFile, `${JSON.stringify(content, null, 2)}\n`)
}

function remember(folder: string, passphrase: string, parameters: ScryptParameters): Promise<MasterKey> {
  const key = masterKeyFromPassphrase(passphrase, parameters)
  derived.set(resolve(folder), key)
  return key
}

/** The bounds of the numbers are checked where they are used. */
function readParameters(path: string): ScryptParameters {
  const refused = (cause?: unknown): RightsError =>
    new RightsError('master-key-refused', { detail: `${path} does not hold the parameters of scrypt`, cause })
  let content: unknown
  try {
    content = JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw cause instanceof SyntaxError ? refused(cause) : cause
  }
  if (typeof content !== 'object' || content === null) throw refused()
  const { derivation, cost, blockSize, parallelization, salt } = content as Readonly<Record<string, unknown>>
  if (derivation !== 'scrypt' || typeof salt !== 'string') throw refused()
  return {
    cost: Number(cost),
    blockSize: Number(blockSize),
    parallelization: Number(parallelization),
    salt: Buffer.from(salt, 'base64'),
  }
}
