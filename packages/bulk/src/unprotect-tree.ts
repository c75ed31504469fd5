/** Taking the protection off a whole folder. */
import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { removeOriginal, requireAnyRight, unprotectedName } from '@sealward/client'
import type { ContentCipher } from '@sealward/formats'
import { removalRights, RightsError } from '@sealward/xrml'
import { inParentFolder } from './anchored-folder.ts'
import type { FileDigest, InspectedFile, WrittenContent } from './isolated-parser/messages.ts'
import type { UnprotectedItem } from './tree-item.ts'
import { runOverTree, type FoundFile, type LicenseFunction, type TreeRunOptions } from './tree-run.ts'

export interface UnprotectTreeOptions extends TreeRunOptions {
  /** Gets key and rights for a licence: `(content) => licenseDocument(client, content)`, or `licenseWithKeys(ring)`. */
  readonly license: LicenseFunction
}

/**
 * ```ts
 * for await (const item of unprotectTree({ root, pool, license: (content) => licenseDocument(client, content) })) {
 *   console.log(item.path, item.outcome)
 * }
 * ```
 * @throws RightsError `file-unreadable` for the folder itself, `tree-limit-exceeded`
 */
export function unprotectTree(options: UnprotectTreeOptions): AsyncGenerator<UnprotectedItem> {
  return runOverTree<UnprotectedItem>(options, (path, file) => unprotectFound(options, path, file))
}

async function unprotectFound(options: UnprotectTreeOptions, path: string, file: FoundFile): Promise<UnprotectedItem> {
  const { pool, root, outputRoot, journal } = options
  const { format, licenseText, licenseBytes, useLicenses, state } = file
  const output = outputPath(path, file)
  const stands = output !== path || outputRoot !== undefined ? existsSync(join(outputRoot ?? root, output)) : false
  if (stands && outputRoot !== undefined && journal === undefined) return { path, outcome: 'done-before' }
  const { cipher, rights, owner } = await options.license({ format, licenseText, licenseBytes, useLicenses })
  requireAnyRight(rights, removalRights)
  if (stands && journal !== undefined) {
    const digest = await finishedContent(options, path, output, cipher)
    if (outputRoot === undefined) {
      inParentFolder(root, path, (folder, name) => removeOriginal(join(folder, name), state))
    }
    journal.add({ path, output, ...digest })
    return { path, outcome: 'done-before' }
  }
  const order = outputRoot === undefined ? { state } : { state, outputRoot }
  const written: WrittenContent = await pool.writeContent(path, cipher, order)
  journal?.add({ path, ...written })
  return { path, outcome: 'unprotected', owner, ...written }
}

function outputPath(path: string, { format, extension }: InspectedFile): string {
  return join(dirname(path), unprotectedName(basename(path), format, extension))
}

/**
 * A run that was killed may have written a result whole without saying so: the content decides.
 * @throws RightsError `file-exists` for any other file
 */
async function finishedContent(
  { pool, outputRoot }: UnprotectTreeOptions,
  path: string,
  output: string,
  cipher: ContentCipher,
): Promise<FileDigest> {
  const { sha256, size } = await pool.digestFile(output, outputRoot)
  const content = await pool.hashContent(path, cipher)
  if (content.sha256 !== sha256 || content.size !== size) throw new RightsError('file-exists')
  return { sha256, size }
}
