/**
 * The `x-ms-rms-*` headers. Before it is authenticated a client sends those that let the server choose the authority of
 * the challenge (only when it opens a licence); afterwards those that identify the request and the application.
 */
import { decodeBase64, encodeBase64 } from '@sealward/xrml'
import { present } from '../present.ts'

/** Header names in lower case. */
export type HeaderValues = Readonly<Record<string, string | readonly string[] | undefined>>

const names = {
  licensorKey: 'x-ms-rms-slc-key',
  serviceUrl: 'x-ms-rms-service-url',
  requestId: 'x-ms-rms-request-id',
  platformId: 'x-ms-rms-platform-id',
} as const

/** From the licence that is about to be opened. */
export interface LicenseHint {
  /** Modulus of the key to which the licence is sealed: little-endian, as in the licence. */
  readonly licensorKey?: Uint8Array
  readonly serviceUrl?: string
}

export interface RequestIdentity {
  /** GUIDs, in braces. */
  readonly scenarioId: string
  readonly correlationId: string
}

/** `AppName`, `AppVersion`, `DevicePlatform`, `SDKVersion` and others, by name. */
export type Platform = ReadonlyMap<string, string>

const longestHeader = 4_096

/** Nobody is authenticated at this point: what cannot be read counts as absent. */
export function parseLicenseHint(headers: HeaderValues): LicenseHint {
  const key = headerValue(headers, names.licensorKey)
  return present({
    licensorKey: key === undefined ? undefined : bytesOrNothing(key),
    serviceUrl: headerValue(headers, names.serviceUrl),
  })
}

export function writeLicenseHint(hint: LicenseHint): Readonly<Record<string, string>> {
  return {
    ...(hint.licensorKey === undefined ? {} : { [names.licensorKey]: encodeBase64(hint.licensorKey) }),
    ...(hint.serviceUrl === undefined ? {} : { [names.serviceUrl]: hint.serviceUrl }),
  }
}

export function parseRequestIdentity(headers: HeaderValues): RequestIdentity | undefined {
  const match = /^\s*(\{[0-9a-f-]{36}\});(\{[0-9a-f-]{36}\})\s*$/i.exec(headerValue(headers, names.requestId) ?? '')
  const [, scenarioId, correlationId] = match ?? []
  return scenarioId === undefined || correlationId === undefined ? undefined : { scenarioId, correlationId }
}

export function writeRequestIdentity(identity: RequestIdentity): Readonly<Record<string, string>> {
  return { [names.requestId]: `${identity.scenarioId};${identity.correlationId}` }
}

/** The values are the client's own words: show and log them as foreign text. */
export function parsePlatform(headers: HeaderValues): Platform {
  const platform = new Map<string, string>()
  for (const part of (headerValue(headers, names.platformId) ?? '').split(';')) {
    const equals = part.indexOf('=')
    if (equals > 0) platform.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim())
  }
  return platform
}

export function writePlatform(platform: Platform): Readonly<Record<string, string>> {
  return { [names.platformId]: [...platform].map(([name, value]) => `${name}=${value};`).join('') }
}

function headerValue(headers: HeaderValues, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' && value !== '' && value.length <= longestHeader ? value : undefined
}

function bytesOrNothing(text: string): Uint8Array | undefined {
  try {
    return decodeBase64(text.trim(), names.licensorKey)
  } catch {
    return undefined
  }
}
