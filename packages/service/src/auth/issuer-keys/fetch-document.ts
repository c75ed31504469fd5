/**
 * The only requests that the service makes to identity providers (threat N1): https to the configured host, on an address
 * that was looked at and is then connected to, with time and size limits, and without redirects.
 */
import { lookup as lookUp } from 'node:dns'
import { get } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { RightsError } from '@sealward/xrml'
import type { OutboundLimits } from '../../core/limits.ts'
import { isLoopback } from '../../http/loopback.ts'

/** This network, link-local with the metadata services of clouds, multicast (RFC 6890). */
const never = new BlockList()
never.addSubnet('0.0.0.0', 8, 'ipv4')
never.addSubnet('169.254.0.0', 16, 'ipv4')
never.addSubnet('224.0.0.0', 3, 'ipv4')
never.addAddress('::', 'ipv6')
never.addSubnet('fe80::', 10, 'ipv6')
never.addSubnet('ff00::', 8, 'ipv6')

export interface DocumentSource {
  /** The only one that is asked. */
  readonly host: string
  /** PEM certificates to trust instead of the system's. */
  readonly ca?: string
  /** Development: the identity provider may be on this machine. */
  readonly loopbackAllowed: boolean
  readonly limits: OutboundLimits
}

/** @returns the JSON value @throws RightsError `identity-provider-unavailable` */
export async function fetchDocument(text: string, source: DocumentSource): Promise<unknown> {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '') throw unavailable('not an https URL')
  if (url.host !== source.host) throw unavailable(`it names another host, ${url.host}`)
  const literal = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(literal) !== 0 && !mayBeAsked(literal, source)) throw unavailable('an address that is never asked')
  const body = await read(url, source)
  try {
    return JSON.parse(body.toString('utf8')) as unknown
  } catch (cause) {
    throw unavailable('no JSON', cause)
  }
}

function read(url: URL, source: DocumentSource): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const request = get(url, {
      agent: false,
      headers: { accept: 'application/json' },
      lookup: checkedLookup(source),
      minVersion: 'TLSv1.2',
      signal: AbortSignal.timeout(source.limits.outboundSeconds * 1_000),
      ...(source.ca === undefined ? {} : { ca: source.ca }),
    })
    const fail = (error: unknown): void => {
      request.destroy()
      reject(error instanceof RightsError ? error : unavailable(reasonOf(error), error))
    }
    request.on('error', fail)
    request.on('response', (response) => {
      if (response.statusCode !== 200) {
        fail(unavailable(`HTTP status ${response.statusCode ?? 0}`))
        return
      }
      const pieces: Uint8Array[] = []
      let length = 0
      response.on('error', fail)
      response.on('data', (piece: Uint8Array) => {
        length += piece.length
        if (length > source.limits.outboundBytes) fail(unavailable(`more than ${source.limits.outboundBytes} bytes`))
        else pieces.push(piece)
      })
      response.on('end', () => resolve(Buffer.concat(pieces)))
    })
  })
}

/** What was looked at is what is connected to, so a name that changes its address in between wins nothing. */
function checkedLookup(source: DocumentSource): LookupFunction {
  return (hostname, options, done) => {
    lookUp(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = error === null ? addresses : []
      if (error !== null) done(error, [])
      else if (first === undefined || addresses.some(({ address }) => !mayBeAsked(address, source)))
        done(unavailable('an address that is never asked'), [])
      else if (options.all === true) done(null, addresses)
      else done(null, first.address, first.family)
    })
  }
}

function mayBeAsked(address: string, { loopbackAllowed }: DocumentSource): boolean {
  if (isLoopback(address)) return loopbackAllowed
  return !never.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && error.name === 'AbortError') return 'no answer in time'
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'no answer'
}

/** For the log; clients are told nothing but that it is so. */
export function unavailable(detail: string, cause?: unknown): RightsError {
  return new RightsError('identity-provider-unavailable', { detail, cause })
}
