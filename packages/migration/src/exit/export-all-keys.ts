/**
 * Every key of a service as a trusted publishing domain file of its own: the active one, the archived ones, and those that
 * were once imported. A file counts only after it has been read back from the disk, opened with its password, and checked
 * up to the key that the service names. Documents of a key that is left out are lost with the service.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemCode, writeFileSafely } from '@sealward/client'
import { checkTpd, readTpd, type CheckedTpd, type TrustedPublishingDomain } from '@sealward/keys'
import {
  isRightsError,
  issuerKeyOf,
  parseSignedXrml,
  RightsError,
  type ErrorCode,
  type PublicKey,
} from '@sealward/xrml'
import type { ServiceKeySummary } from '../admin-api.ts'
import type { ExitAdministration } from './exit-administration.ts'

export interface ExportedKey {
  readonly keyId: string
  readonly state: ServiceKeySummary['state']
  readonly mode: 1 | 2
  readonly file: string
  /** Lower-case hex. */
  readonly sha256: string
  /** Fingerprint of the key at the end of its chain. */
  readonly root: string
  readonly templates: number
  readonly domain: CheckedTpd
}

export interface KeyExport {
  readonly exported: readonly ExportedKey[]
  /** Keys that the service did not give out: those in hardware have to come from the customer's own copy. */
  readonly missing: readonly { readonly keyId: string; readonly code: ErrorCode }[]
}

export interface ExportKeysInput {
  readonly admin: Pick<ExitAdministration, 'keys' | 'exportKey'>
  /** Made if it is missing, for its owner alone. */
  readonly folder: string
  /** At least 16 characters; the files are only as strong as their passwords. */
  readonly passwordOf: (keyId: string) => string | Promise<string>
  readonly now: Date
}

/**
 * A file of an earlier export is kept if it passes the same checks.
 *
 * ```ts
 * const { exported, missing } = await exportAllKeys({ admin, folder: 'exit/keys', passwordOf, now: new Date() })
 * ```
 * @throws RightsError `exit-export-damaged` for a file that does not hold the key, `file-not-written`, `file-not-usable`
 */
export async function exportAllKeys({ admin, folder, passwordOf, now }: ExportKeysInput): Promise<KeyExport> {
  makeFolder(folder)
  const exported: ExportedKey[] = []
  const missing: { keyId: string; code: ErrorCode }[] = []
  for (const key of await admin.keys()) {
    const file = join(folder, `${key.id}.xml`)
    const password = await passwordOf(key.id)
    if (!existsSync(file)) {
      const bytes = await exportOne(admin, key.id, password)
      if (isRightsError(bytes)) {
        missing.push({ keyId: key.id, code: bytes.code })
        continue
      }
      writeFileSafely({ path: file, existing: 'refuse', write: (sink) => sink.write(bytes) })
    }
    exported.push(await readExport({ key, file, password, now }))
  }
  return { exported, missing }
}

async function exportOne(
  admin: ExportKeysInput['admin'],
  keyId: string,
  password: string,
): Promise<Uint8Array | RightsError> {
  try {
    return await admin.exportKey(keyId, password)
  } catch (error) {
    if (isRightsError(error) && !isRightsError(error, 'tpd-password-too-short', 'service-unreachable')) return error
    throw error
  }
}

/** @throws RightsError `exit-export-damaged` */
async function readExport(input: {
  readonly key: Pick<ServiceKeySummary, 'id' | 'state' | 'root'>
  readonly file: string
  readonly password: string
  readonly now: Date
}): Promise<ExportedKey> {
  const { key, file, password, now } = input
  const bytes = readFileSync(file)
  let domain: CheckedTpd
  try {
    const opened = readTpd({ file: bytes, password })
    if (opened.privateKey === undefined) throw new RightsError('tpd-key-missing')
    domain = await checkTpd(opened, { anchors: anchorsOf(opened, key.root), now })
  } catch (cause) {
    if (!isRightsError(cause)) throw cause
    throw damaged(file, cause.code, cause)
  }
  if (domain.publicKey.fingerprint !== key.id) throw damaged(file, 'it holds another key')
  return {
    keyId: key.id,
    state: key.state,
    mode: domain.mode.number,
    file,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    root: key.root,
    templates: domain.templates.filter(({ refusal }) => refusal === undefined).length,
    domain,
  }
}

function anchorsOf({ licensorChain }: TrustedPublishingDomain, root: string): readonly PublicKey[] {
  const last = licensorChain.at(-1)
  const issuer = last === undefined ? undefined : issuerKeyOf(parseSignedXrml(last))
  return issuer?.fingerprint === root ? [issuer] : []
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new RightsError('file-not-usable', { detail: `${folder}: ${systemCode(cause)}`, cause })
  }
}

function damaged(file: string, why: string, cause?: unknown): RightsError {
  return new RightsError('exit-export-damaged', { detail: `${file}: ${why}`, cause })
}
