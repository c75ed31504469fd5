/** Opening a document as one person, however that person gets to a licence: through the tenant, a cluster, a redirection. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { openDocument, type Client } from '@sealward/client'
import { isRightsError, type Awaitable, type ErrorCode } from '@sealward/xrml'

export type Opening =
  | {
      readonly outcome: 'opened'
      /** Upper case, sorted. */
      readonly rights: readonly string[]
      /** Of the content; lower-case hex. */
      readonly sha256: string
    }
  | { readonly outcome: 'refused'; readonly code: ErrorCode }

/** @param path below the folder of documents, with `/` */
export type Opener = (path: string, address: string) => Promise<Opening>

/**
 * ```ts
 * const open = openerWithClients('/srv/documents', (address) => clients.get(address))
 * ```
 * The content goes by as a stream; nothing is written.
 */
export function openerWithClients(root: string, clientOf: (address: string) => Awaitable<Client>): Opener {
  return async (path, address) => {
    const hash = createHash('sha256')
    try {
      const { rights } = await openDocument(await clientOf(address), join(root, path), {
        write: (bytes) => void hash.update(bytes),
      })
      return { outcome: 'opened', rights: [...rights].sort(), sha256: hash.digest('hex') }
    } catch (error) {
      if (isRightsError(error)) return { outcome: 'refused', code: error.code }
      throw error
    }
  }
}

/** Whether both give the same: the same content with the same rights, or no access. */
export function sameOpening(a: Opening, b: Opening): boolean {
  if (a.outcome === 'refused' || b.outcome === 'refused') return a.outcome === b.outcome
  return a.sha256 === b.sha256 && a.rights.join() === b.rights.join()
}
