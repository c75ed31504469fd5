/**
 * Moving a whole folder to another key and its templates: every document is opened with the old key and protected with the
 * policy that replaces its own, for the same owner. The content is in clear in memory only.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import {
  cipherChoiceOf,
  requireAnyRight,
  type CipherChoice,
  type ContainerOptions,
  type DocumentLicense,
  type ProtectionPolicy,
  type Publication,
} from '@sealward/client'
import { canonicalGuid, removalRights, RightsError, type RightsPolicy } from '@sealward/xrml'
import { containerOfFormat } from './isolated-parser/rewrite-file.ts'
import type { ReprotectedItem } from './tree-item.ts'
import { readLicense, runOverTree, type FoundFile, type LicenseFunction, type TreeRunOptions } from './tree-run.ts'

/** What is known of a document when its new policy is chosen. */
export interface DocumentToReprotect {
  readonly path: string
  readonly owner: string | undefined
  /** Canonical GUID of its template or of its own named policy, as the licence says in clear. */
  readonly policyId: string | undefined
  /** Its whole policy, when its key opened the licence here. */
  readonly policy: RightsPolicy | undefined
}

export interface PublishOrder {
  readonly policy: ProtectionPolicy
  readonly choice: CipherChoice
  readonly owner: string | undefined
}

export interface ReprotectTreeOptions extends TreeRunOptions {
  /** Gets key and rights for a licence: `(content) => licenseDocument(client, content)`, or `licenseWithKeys(ring)`. */
  readonly license: LicenseFunction<DocumentLicense & { readonly policy?: RightsPolicy }>
  /** The policy that replaces the document's; see `replacementPolicies`. @throws RightsError `template-not-mapped` */
  readonly replacement: (document: DocumentToReprotect) => ProtectionPolicy
  /** Makes the new licence: `({ policy, choice, owner }) => publish(client, policy, choice, { owner })`. */
  readonly publish: (order: PublishOrder) => Promise<Publication>
  /** Fingerprints of the keys that documents move to: whose licence names one of them is done. */
  readonly targetKeys: readonly string[]
  /** Whether the owner of each document stays its owner; default true. Otherwise whoever publishes becomes it. */
  readonly keepOwner?: boolean
  readonly container?: ContainerOptions
}

/**
 * ```ts
 * for await (const item of reprotectTree({ root, pool, license, replacement, publish, targetKeys: [active] })) {
 *   console.log(item.path, item.outcome)
 * }
 * ```
 * @throws RightsError `file-unreadable` for the folder itself, `tree-limit-exceeded`
 */
export function reprotectTree(options: ReprotectTreeOptions): AsyncGenerator<ReprotectedItem> {
  return runOverTree<ReprotectedItem>(options, (path, file) => reprotectFound(options, path, file))
}

async function reprotectFound(options: ReprotectTreeOptions, path: string, file: FoundFile): Promise<ReprotectedItem> {
  const { pool, outputRoot, journal, container = {}, keepOwner = true } = options
  const { format, licenseText, licenseBytes, useLicenses, state } = file
  const published = readLicense(licenseText)
  const key = published?.server.publicKey.fingerprint
  if (key !== undefined && options.targetKeys.includes(key)) return { path, outcome: 'done-before' }
  if (outputRoot !== undefined && existsSync(join(outputRoot, path))) return doneElsewhere(options, path)
  const choice = cipherChoiceOf(containerOfFormat(format), container)
  const { cipher, rights, owner, policy } = await options.license({ format, licenseText, licenseBytes, useLicenses })
  requireAnyRight(rights, removalRights)
  const id = published?.descriptor?.id ?? ''
  const policyId = policy === undefined ? (id === '' ? undefined : canonicalGuid(id)) : policy.id
  const replacement = options.replacement({ path, owner, policyId, policy })
  const publication = await options.publish({ policy: replacement, choice, owner: keepOwner ? owner : undefined })
  const place = outputRoot === undefined ? {} : { outputRoot }
  const written = await pool.rewriteContent(path, { state, ...place, cipher, publication, container })
  journal?.add({ path, ...written })
  return { path, outcome: 'reprotected', owner: publication.owner, ...written }
}

/** A result that no journal knows is done if it stands under one of the new keys. @throws RightsError `file-exists` */
async function doneElsewhere(options: ReprotectTreeOptions, path: string): Promise<ReprotectedItem> {
  const { pool, outputRoot } = options
  const { licenseText } = await pool.inspect(path, outputRoot)
  const key = licenseText === undefined ? undefined : readLicense(licenseText)?.server.publicKey.fingerprint
  if (key === undefined || !options.targetKeys.includes(key)) throw new RightsError('file-exists')
  return { path, outcome: 'done-before' }
}
