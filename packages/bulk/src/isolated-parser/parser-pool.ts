/**
 * Processes that parse files, so that no bug in a parser reaches a key and no file stops the run: a process that takes
 * too long or too much memory is killed, the file that it was reading fails with a code, and another process goes on
 * (threats F2, F8). Each has several requests at hand, so that it never waits for this process.
 */
import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import type { ContentCipher } from '@sealward/formats'
import { RightsError } from '@sealward/xrml'
import {
  failureError,
  type ContentHash,
  type FileDigest,
  type FilePlace,
  type InspectedFile,
  type ParserReply,
  type ParserRequest,
  type ParserResult,
  type ParserTask,
  type RewriteOrder,
  type WriteOrder,
  type WrittenContent,
} from './messages.ts'
import { startParserChild, type ParserChild } from './parser-child.ts'

export interface ParserPoolOptions {
  /** Folder below which all paths are. */
  readonly root: string
  /** Default 2. */
  readonly processes?: number
  /** Whether `writeContent` may be called; processes of other pools cannot write. */
  readonly writable?: boolean
  readonly limits?: ParserLimits
}

export interface ParserLimits {
  /** For one request, and a second more for every 20 MB of the file; default 30 000. */
  readonly milliseconds?: number
  /** JavaScript heap of one process in MiB; default 128. */
  readonly heapMegabytes?: number
}

/** All paths are below the root, with `/`. Failures of the pool itself have the code `parser-gave-up`. */
export interface ParserPool {
  /** Requests that keep all processes busy; more at once only wait. */
  readonly lanes: number
  /**
   * @param folder the folder that the path is below, if it is not the pool's
   * @throws RightsError `file-unreadable`, `parser-gave-up`, and those of files whose kind cannot be told
   */
  inspect(path: string, folder?: string): Promise<InspectedFile>
  /**
   * Decrypts the whole content as a stream and keeps its hash.
   * @throws RightsError of the formats, `file-unreadable`, `parser-gave-up`
   */
  hashContent(path: string, cipher: ContentCipher): Promise<ContentHash>
  /**
   * Writes the content under the file's original name: in the original's place, or below another folder.
   * @throws RightsError as `hashContent`, and `file-changed-meanwhile`, `file-exists`, `file-not-written`,
   * `file-name-refused`
   */
  writeContent(path: string, cipher: ContentCipher, order: WriteOrder): Promise<WrittenContent>
  /**
   * Hash and size of a file as it stands.
   * @param folder the folder that the path is below, if it is not the pool's
   * @throws RightsError `file-unreadable`, `parser-gave-up`
   */
  digestFile(path: string, folder?: string): Promise<FileDigest>
  /**
   * Puts the content under another licence, in the original's place or below another folder; it is never written in clear.
   * @throws RightsError as `writeContent`, and `format-not-writable`, `file-verification-failed`
   */
  rewriteContent(path: string, order: RewriteOrder): Promise<WrittenContent>
  /** Ends all processes; what is under way fails, but no file is left half written. */
  close(): Promise<void>
}

interface Job {
  readonly request: ParserRequest
  readonly milliseconds: number
  readonly resolve: (result: ParserResult) => void
  readonly reject: (error: RightsError) => void
  crashes: number
}

/** Requests that one process has at hand: one that it works on, the others for when it is done. */
const depths = { reading: 4, writing: 2 } as const
/** A crash may come from what an earlier file left in memory, so a file is given a second process of its own. */
const crashesMost = 2
const bytesPerMillisecond = 20_000

/**
 * ```ts
 * const pool = createParserPool({ root: '/srv/documents' })
 * const { format, licenseText } = await pool.inspect('plans/2020.docx')
 * await pool.close()
 * ```
 */
export function createParserPool(options: ParserPoolOptions): ParserPool {
  const { root, processes = 2, writable = false, limits = {} } = options
  const { milliseconds = 30_000, heapMegabytes = 128 } = limits
  const depth = writable ? depths.writing : depths.reading
  const jobs = new Map<number, Job>()
  const waiting: number[] = []
  const children = new Set<ParserChild>()
  let lastId = 0
  let closed: (() => void) | undefined

  function start(): ParserChild {
    const child = startParserChild({ heapMegabytes, writable }, { reply, gone: (...left) => replace(child, ...left) })
    children.add(child)
    return child
  }

  function dispatch(): void {
    for (let job = jobOf(waiting[0]); job !== undefined; job = jobOf(waiting[0])) {
      const child = freest()
      const suspicious = job.crashes > 0 || child.outstanding.some((id) => (jobOf(id)?.crashes ?? 0) > 0)
      if (child.outstanding.length >= (suspicious ? 1 : depth)) return
      waiting.shift()
      child.send(job.request, job.milliseconds)
    }
  }

  function jobOf(id: number | undefined): Job | undefined {
    return id === undefined ? undefined : jobs.get(id)
  }

  /** The process with the least to do; another one while there may be more and all have something. */
  function freest(): ParserChild {
    const [least] = [...children].sort((a, b) => a.outstanding.length - b.outstanding.length)
    return least === undefined || (children.size < processes && least.outstanding.length > 0) ? start() : least
  }

  function reply(received: ParserReply): void {
    if (received.outcome === 'done') take(received.id)?.resolve(received.result)
    else take(received.id)?.reject(failureError(received))
    dispatch()
  }

  function take(id: number): Job | undefined {
    const job = jobs.get(id)
    jobs.delete(id)
    return job
  }

  function replace(child: ParserChild, outstanding: readonly number[], timedOut: boolean): void {
    children.delete(child)
    const [oldest, ...others] = outstanding
    waiting.unshift(...others)
    const job = jobOf(oldest)
    if (job !== undefined) {
      job.crashes++
      if (timedOut) take(job.request.id)?.reject(gaveUp('it took too long'))
      else if (job.crashes >= crashesMost) take(job.request.id)?.reject(gaveUp('its process broke down'))
      else waiting.unshift(job.request.id)
    }
    if (closed === undefined) dispatch()
    else if (children.size === 0) closed()
  }

  function ask(path: string, task: ParserTask, folder = root): Promise<ParserResult> {
    return new Promise((resolve, reject) => {
      if (closed !== undefined) {
        reject(gaveUp('the run was ended'))
        return
      }
      const id = ++lastId
      const place = { root: folder, path }
      const allowed = milliseconds + bytesToRead(place, task) / bytesPerMillisecond
      jobs.set(id, { request: { id, place, task }, milliseconds: allowed, resolve, reject, crashes: 0 })
      waiting.push(id)
      dispatch()
    })
  }

  return {
    lanes: processes * depth,
    inspect: async (path, folder) => (await ask(path, { kind: 'inspect' }, folder)) as InspectedFile,
    hashContent: async (path, cipher) => (await ask(path, { kind: 'hash', cipher: bare(cipher) })) as ContentHash,
    writeContent: async (path, cipher, order) =>
      (await ask(path, { kind: 'write', cipher: bare(cipher), ...order })) as WrittenContent,
    digestFile: async (path, folder) => (await ask(path, { kind: 'digest' }, folder)) as FileDigest,
    rewriteContent: async (path, { cipher, publication, ...order }) => {
      const keys = { cipher: bare(cipher), publication: { ...publication, cipher: bare(publication.cipher) } }
      return (await ask(path, { kind: 'rewrite', ...order, ...keys })) as WrittenContent
    },
    close: () =>
      new Promise((resolve) => {
        closed = resolve
        waiting.length = 0
        for (const id of jobs.keys()) take(id)?.reject(gaveUp('the run was ended'))
        for (const child of children) child.end()
        if (children.size === 0) resolve()
      }),
  }
}

/** How often the content goes by: written content is read back, content under another licence compared with the old. */
const passes = { inspect: 0, digest: 1, hash: 1, write: 3, rewrite: 6 } as const

function bytesToRead({ root, path }: FilePlace, { kind }: ParserTask): number {
  if (passes[kind] === 0) return 0
  const size = lstatSync(join(root, path), { throwIfNoEntry: false })?.size ?? 0
  return passes[kind] * size
}

function gaveUp(detail: string): RightsError {
  return new RightsError('parser-gave-up', { detail })
}

/** Mode and key alone, whatever else a licence brought with them. */
function bare({ mode, key }: ContentCipher): ContentCipher {
  return { mode, key: Uint8Array.from(key) }
}
