/** What is recorded about a request: the ids that its client gave it, and what the client calls itself. */
import { parsePlatform, parseRequestIdentity, type HeaderValues } from '@sealward/protocol'
import { expansionHeader } from '../core/expansion-trail.ts'
import type { RequestInfo } from '../core/ports.ts'
import type { Door } from './door.ts'
import { foreignText } from './foreign-text.ts'

const guid = /^\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?$/i

/** What is known of a request before its headers are understood. */
export interface RequestSource {
  readonly door: Door
  readonly remoteAddress: string
  /** With its query. */
  readonly target: string
  readonly host: string
  readonly secure: boolean
}

/** @param newGuid for clients that give no correlation id */
export function requestInfo(source: RequestSource, headers: HeaderValues, newGuid: () => string): RequestInfo {
  const { door, remoteAddress, target, host, secure } = source
  const application = applicationOf(headers)
  const expansion = guidIn(headers, expansionHeader)
  return {
    correlationId: parseRequestIdentity(headers)?.correlationId ?? guidIn(headers, 'rmsocorrelationid') ?? newGuid(),
    door: door === 'soap' ? 'soap' : 'rest',
    remoteAddress,
    path: foreignText(target.replace(/\?.*$/s, '')),
    secure,
    progress: { recorded: false },
    ...(host === '' ? {} : { host: foreignText(host) }),
    ...(application === undefined ? {} : { application }),
    ...(expansion === undefined ? {} : { expansion }),
  }
}

function guidIn(headers: HeaderValues, name: string): string | undefined {
  const value = headers[name]
  const [, digits] = guid.exec(typeof value === 'string' ? value.trim() : '') ?? []
  return digits === undefined ? undefined : `{${digits}}`
}

/** Mobile clients name their application in a header of its own, Windows clients in the user agent. */
function applicationOf(headers: HeaderValues): string | undefined {
  const platform = parsePlatform(headers)
  const named = ['AppName', 'AppVersion', 'DevicePlatform', 'SDKVersion'].flatMap((name) => platform.get(name) ?? [])
  if (named.length > 0) return foreignText(named.join(' '))
  const agent = headers['user-agent']
  return typeof agent === 'string' && agent !== '' ? foreignText(agent) : undefined
}
