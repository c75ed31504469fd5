/**
 * How to reach a service, in a file that `sealward start` writes for its sample, `sealward client import` makes of the
 * settings of Windows, and an administrator hands out: address or how to find it, keys to trust, where old licences are
 * answered now, and where people are certified if that is another service. Nothing in it is secret.
 */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { RedirectionRule, ServiceLocation } from '@sealward/client'
import { isRightsError, RightsError } from '@sealward/xrml'
import { dataFiles } from '../data/data-directory.ts'
import { discoveryIn, type DiscoveryFile } from './discovery-file.ts'
import { flag, list, text } from './json-values.ts'

export interface ConnectionFile {
  /** Without it `discovery` finds one. */
  readonly service?: string
  /** Fingerprints of trusted root keys. */
  readonly anchors: readonly string[]
  readonly redirections: readonly RedirectionRule[]
  /** Certification and licensing URLs, instead of those below the service's address or named by it. */
  readonly serviceLocation?: ServiceLocation
  /** Further hosts that may be talked to, such as that of the root cluster. */
  readonly allowedHosts?: readonly string[]
  /** Hosts that may be asked and get no password. */
  readonly trustedServers?: readonly string[]
  readonly trustedServersOnly?: boolean
  /** Who forbids protecting on this machine. */
  readonly protectionDisabledBy?: string
  readonly discovery?: DiscoveryFile
  /** Of this machine, if it is a server that the service knows by it; paths are relative to this file. */
  readonly certificate?: { readonly certificateFile: string; readonly keyFile: string }
  /** Folder for keys and licences of the users; relative to this file. */
  readonly store?: string
}

/** A file that names the service itself. */
export type ServiceConnection = ConnectionFile & Required<Pick<ConnectionFile, 'service'>>

/** @throws RightsError `connection-file-invalid` */
export function readConnectionFile(path: string): ConnectionFile {
  try {
    const content = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
    const { service, anchors, redirections, serviceLocation, allowedHosts, discovery, certificate, store } = content
    if (Object.keys(content).some((name) => secretName.test(name))) throw new TypeError('a secret')
    return {
      ...(service === undefined ? {} : { service: text(service) }),
      anchors: list(anchors).map(text),
      redirections: list(redirections).map((rule) => {
        const { from, to } = rule as Record<string, unknown>
        return { from: text(from), to: text(to) }
      }),
      ...(serviceLocation === undefined ? {} : { serviceLocation: locationIn(serviceLocation) }),
      ...(allowedHosts === undefined ? {} : { allowedHosts: list(allowedHosts).map(text) }),
      ...restrictionsIn(content),
      ...(discovery === undefined ? {} : { discovery: discoveryIn(discovery, dirname(path)) }),
      ...(certificate === undefined ? {} : { certificate: certificateIn(certificate, dirname(path)) }),
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
export function connectionFilePath(named: string | undefined): string | undefined {
  if (named !== undefined) return named
  const usual = join('sealward-data', dataFiles.connection)
  return existsSync(usual) ? usual : undefined
}

/** Whoever writes one into this file hands it to everybody. */
const secretName = /^(password|token|secret)$/i

function restrictionsIn(
  content: Readonly<Record<string, unknown>>,
): Pick<ConnectionFile, 'trustedServers' | 'trustedServersOnly' | 'protectionDisabledBy'> {
  const { trustedServers, trustedServersOnly, protectionDisabledBy } = content
  return {
    ...(trustedServers === undefined ? {} : { trustedServers: list(trustedServers).map(text) }),
    ...(trustedServersOnly === undefined ? {} : { trustedServersOnly: flag(trustedServersOnly) }),
    ...(protectionDisabledBy === undefined ? {} : { protectionDisabledBy: text(protectionDisabledBy) }),
  }
}

function certificateIn(value: unknown, folder: string): Required<ConnectionFile>['certificate'] {
  const { certificateFile, keyFile, ...others } = value as Record<string, unknown>
  if (Object.keys(others).length > 0) throw new TypeError('not the files of a certificate')
  return { certificateFile: resolve(folder, text(certificateFile)), keyFile: resolve(folder, text(keyFile)) }
}

function locationIn(value: unknown): ServiceLocation {
  const { certification, licensing, ...others } = value as Record<string, unknown>
  if (Object.keys(others).length > 0) throw new TypeError('not a service location')
  return {
    ...(certification === undefined ? {} : { certification: text(certification) }),
    ...(licensing === undefined ? {} : { licensing: text(licensing) }),
  }
}
