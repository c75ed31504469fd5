/**
 * How to reach a service, in a file that `sealward start` writes for its sample and an administrator hands out: address,
 * keys to trust, where old licences are answered now, and where people are certified if that is another service. Nothing
 * in it is secret.
 */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { RedirectionRule, ServiceLocation } from '@sealward/client'
import { isRightsError, RightsError } from '@sealward/xrml'
import { dataFiles } from '../data/data-directory.ts'

export interface ConnectionFile {
  readonly service: string
  /** Fingerprints of trusted root keys. */
  readonly anchors: readonly string[]
  readonly redirections: readonly RedirectionRule[]
  /** Certification and licensing URLs, instead of those below the service's address or named by it. */
  readonly serviceLocation?: ServiceLocation
  /** Further hosts that may be talked to, such as that of the root cluster. */
  readonly allowedHosts?: readonly string[]
  /** Folder for keys and licences of the users; relative to this file. */
  readonly store?: string
}

/** @throws RightsError `connection-file-invalid` */
export function readConnectionFile(path: string): ConnectionFile {
  try {
    const content = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
    const { service, anchors, redirections, serviceLocation, allowedHosts, store } = content
    return {
      service: text(service),
      anchors: list(anchors).map(text),
      redirections: list(redirections).map((rule) => {
        const { from, to } = rule as Record<string, unknown>
        return { from: text(from), to: text(to) }
      }),
      ...(serviceLocation === undefined ? {} : { serviceLocation: locationIn(serviceLocation) }),
      ...(allowedHosts === undefined ? {} : { allowedHosts: list(allowedHosts).map(text) }),
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

function locationIn(value: unknown): ServiceLocation {
  const { certification, licensing, ...others } = value as Record<string, unknown>
  if (Object.keys(others).length > 0) throw new TypeError('not a service location')
  return {
    ...(certification === undefined ? {} : { certification: text(certification) }),
    ...(licensing === undefined ? {} : { licensing: text(licensing) }),
  }
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('not a text')
  return value
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError('not a list')
  return value
}
