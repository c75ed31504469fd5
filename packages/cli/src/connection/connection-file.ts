/**
 * How to reach a service, in a file that `sealward start` writes for its sample and an administrator hands out: address,
 * keys to trust, and where old licences are answered now. Nothing in it is secret.
 */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { RedirectionRule } from '@sealward/client'
import { isRightsError, RightsError } from '@sealward/xrml'
import { dataFiles } from '../data/data-directory.ts'

export interface ConnectionFile {
  readonly service: string
  /** Fingerprints of trusted root keys. */
  readonly anchors: readonly string[]
  readonly redirections: readonly RedirectionRule[]
  /** Folder for keys and licences of the users; relative to this file. */
  readonly store?: string
}

/** @throws RightsError `connection-file-invalid` */
export function readConnectionFile(path: string): ConnectionFile {
  try {
    const { service, anchors, redirections, store } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
    return {
      service: text(service),
      anchors: list(anchors).map(text),
      redirections: list(redirections).map((rule) => {
        const { from, to } = rule as Record<string, unknown>
        return { from: text(from), to: text(to) }
      }),
      ...(store === undefined ? {} : { store: resolve(dirname(path), text(store)) }),
    }
  } catch (cause) {
    if (isRightsError(cause) || cause instanceof SyntaxError || cause instanceof TypeError) {
      throw new RightsError('connection-file-invalid', { detail: path, cause })
    }
    throw cause
  }
}

/** The file named, else the one in the default data directory if it is there. */
export function findConnectionFile(named: string | undefined): ConnectionFile | undefined {
  if (named !== undefined) return readConnectionFile(named)
  const usual = resolve('sealward-data', dataFiles.connection)
  return existsSync(usual) ? readConnectionFile(usual) : undefined
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('not a text')
  return value
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError('not a list')
  return value
}
