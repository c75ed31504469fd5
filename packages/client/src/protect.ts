/** Protecting a file: licence first, then the container, which is read back and decrypted before anything is replaced. */
import { createHash } from 'node:crypto'
import { basename, dirname, join } from 'node:path'
import { openProtected, readPieces, type ByteSource } from '@sealward/formats'
import { RightsError } from '@sealward/xrml'
import type { Client } from './client.ts'
import {
  chooseContainer,
  cipherChoiceOf,
  protectedName,
  writeContainer,
  type Container,
  type ContainerOptions,
} from './container.ts'
import { openFileSource } from './file-source.ts'
import type { ProtectionPolicy } from './protection-policy.ts'
import type { Publication } from './publication.ts'
import { publish, type PublishOptions } from './publish.ts'
import { removeOriginal, requireUnchanged, writeFileSafely, type Written } from './safe-write.ts'

export interface ProtectOptions extends ContainerOptions, PublishOptions {
  /** Default: beside the original; documents keep their name, other files get an extension of their own. */
  readonly output?: string
  /** `replace` removes the clear file, or writes over it when the name stays the same. Default `keep`. */
  readonly original?: 'keep' | 'replace'
  /** Write over a file that stands at the output already. */
  readonly overwrite?: boolean
}

export interface ProtectedCopy extends Written {
  readonly path: string
  readonly container: Container
  readonly owner: string
}

/**
 * Protects a file with a template or with a policy of its own.
 *
 * ```ts
 * await protectFile(client, 'plan.docx', { grants: [{ to: 'bob@lakeside.example', rights: ['VIEW'] }] }, { output: 'out/plan.docx' })
 * await protectFile(client, 'notes.txt', { templateId: '{…}' }, { publishing: 'offline' }) // writes notes.ptxt
 * ```
 * @throws RightsError `file-already-protected`, `policy-grants-nothing`, `template-unknown`, `file-exists`,
 * `file-changed-meanwhile`, `file-verification-failed`, `file-not-written`, and those of transport and service
 */
export async function protectFile(
  client: Client,
  path: string,
  policy: ProtectionPolicy,
  options: ProtectOptions = {},
): Promise<ProtectedCopy> {
  const source = openFileSource(path)
  try {
    const name = basename(path)
    const container = chooseContainer(source, name)
    const output = options.output ?? join(dirname(path), protectedName(name, container))
    const replaces = options.original === 'replace'
    const inPlace = output === path
    if (inPlace && !replaces) throw new RightsError('file-exists')
    const choice = cipherChoiceOf(container, options)
    const publication = await publish(client, policy, choice, options)
    const { random } = client
    const written = writeFileSafely({
      path: output,
      existing: inPlace ? source.state : options.overwrite === true ? 'overwrite' : 'refuse',
      like: source.state,
      write: (sink) => writeContainer({ ...options, container, name, content: source, publication, random }, sink),
      verify(file) {
        requireSameContent(file, publication, source)
        requireUnchanged(path, source.state)
      },
    })
    if (replaces && !inPlace) removeOriginal(path, source.state)
    return { ...written, path: output, container, owner: publication.owner }
  } finally {
    source.close()
  }
}

function requireSameContent(file: ByteSource, { cipher }: Publication, original: ByteSource): void {
  const content = openProtected(file).openContent(cipher)
  if (content.size !== original.size || digestOf(content) !== digestOf(original)) {
    throw new RightsError('file-verification-failed')
  }
}

function digestOf(source: ByteSource): string {
  const hash = createHash('sha256')
  for (const piece of readPieces(source)) hash.update(piece)
  return hash.digest('hex')
}
