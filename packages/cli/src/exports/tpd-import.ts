/** An export that is to be imported: opened and checked here, so that a plan can be shown, and made into the request. */
import { readFileSync } from 'node:fs'
import { checkTpd, readPrivateKeyPem, type CheckedTpd } from '@sealward/keys'
import { softwareKeyHandle } from '@sealward/xrml'
import type { AdminCall } from '../connection/administration.ts'
import { openExportWith } from './read-exports.ts'
import { trustedRoots, type TrustOptions } from './trusted-roots.ts'

type ImportRequest = AdminCall<'importKey'>['body']

export interface TpdImportInput
  extends Pick<ImportRequest, 'friendlyName' | 'active' | 'privateKeyPem' | 'anyone' | 'shareKey'> {
  readonly path: string
  readonly password: string
  readonly trust: TrustOptions
  readonly now: Date
  readonly refuseMode1?: boolean
}

export interface TpdImport {
  /** What the import will do, for people. */
  readonly plan: readonly string[]
  readonly request: ImportRequest
}

/** @throws RightsError of `readTpd` and `checkTpd` */
export async function readTpdImport(input: TpdImportInput): Promise<TpdImport> {
  const { path, password, trust, now, refuseMode1 = false, ...request } = input
  const file = readFileSync(path)
  const { domain } = openExportWith(path, file, password)
  const anchors = trustedRoots(domain.licensorChain, trust)
  const { privateKeyPem } = request
  const checked = await checkTpd(domain, {
    anchors,
    now,
    refuseMode1,
    ...(privateKeyPem === undefined ? {} : { keyOverride: softwareKeyHandle(readPrivateKeyPem(privateKeyPem)) }),
  })
  return {
    plan: planOf(path, checked, request.active === true),
    request: {
      ...request,
      file: file.toString('base64'),
      password,
      trustedRoots: anchors.map(({ fingerprint }) => fingerprint),
    },
  }
}

function planOf(path: string, { publicKey, mode, templates }: CheckedTpd, active: boolean): readonly string[] {
  return [
    `import key ${publicKey.fingerprint} of ${path}, mode ${mode.number}, with ${templates.length} templates`,
    active ? 'let this key sign from now on' : 'the key only opens documents that were made for it',
  ]
}

/** Who gets the rights that ANYONE has in templates: `refuse`, `drop`, or addresses. */
export function anyoneOf(words: readonly string[]): NonNullable<ImportRequest['anyone']> {
  const [word = ''] = words
  if (words.length === 1 && (word === 'refuse' || word === 'drop')) return word
  return { grantTo: [...words] }
}
