/** How the files of way B are opened: by a super user through the service, or with the exported keys when none answers. */
import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { licenseWithKeys } from '@sealward/bulk'
import { createClient, licenseDocument, type Client } from '@sealward/client'
import { createKeyRing, type DecryptFoldersInput } from '@sealward/migration'
import { serviceUrlOf } from '@sealward/protocol'
import { removalRights } from '@sealward/xrml'
import type { Administration } from '../connection/administration.ts'
import { readExports } from '../exports/read-exports.ts'
import type { TrustOptions } from '../exports/trusted-roots.ts'
import type { Output } from '../terminal/output.ts'
import { createProgress } from '../terminal/progress.ts'
import { readSecret } from '../terminal/secret.ts'
import type { KeyFolderOptions } from './key-folder.ts'

interface DecryptOptions {
  readonly folders: readonly string[]
  readonly journals: string
  readonly output: Output
  readonly signal: AbortSignal
}

interface SuperUserOptions extends DecryptOptions {
  readonly administration: Administration
  readonly user: string
  readonly passwordFile: string | undefined
}

export async function decryptingAsSuperUser(options: SuperUserOptions): Promise<DecryptFoldersInput> {
  const client = await superUserClient(options)
  return decrypting(options, (content) => licenseDocument(client, content, removalRights))
}

/** @throws RightsError of exports that do not open, or whose chain ends at no root that is trusted */
export async function decryptingWithKeys(
  options: DecryptOptions,
  keys: KeyFolderOptions & TrustOptions,
): Promise<DecryptFoldersInput> {
  const files = readdirSync(keys.keys).filter((name) => name.endsWith('.xml'))
  const exports = await readExports(
    {
      ...keys,
      tpd: files.map((name) => join(keys.keys, name)),
      passwordFile: keys.passwordFile === undefined ? [] : [keys.passwordFile],
    },
    new Date(),
  )
  const ring = createKeyRing(exports.map(({ name, checked }) => ({ source: name, domain: checked })))
  return decrypting(options, licenseWithKeys(ring))
}

function decrypting(
  { folders, journals, output, signal }: DecryptOptions,
  license: DecryptFoldersInput['license'],
): DecryptFoldersInput {
  const progress = createProgress('decrypting')
  return {
    folders,
    journals,
    license,
    signal,
    report: (folder, { path, outcome }) => output.say(`${join(folder, path)}: ${outcome}`),
    progress: ({ files }) => progress.update(files, 0),
  }
}

async function superUserClient({ administration, user, passwordFile, journals }: SuperUserOptions): Promise<Client> {
  const { licensingUrl } = await administration.call('getConfiguration')
  const keys = await administration.call('listKeys')
  let password: Promise<string> | undefined
  return createClient({
    serviceUrl: serviceUrlOf(licensingUrl),
    user,
    anchors: [...new Set(keys.map(({ root }) => root))],
    storeDirectory: resolve(journals, 'client'),
    redirectEverything: true,
    password: async () => {
      password ??= readSecret(passwordFile, `Password of ${user}`)
      return Buffer.from(await password, 'utf8')
    },
  })
}
