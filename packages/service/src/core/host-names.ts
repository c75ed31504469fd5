/**
 * Host names as requests and licences write them: with a port if it is another one than 80 or 443; clients write these two or
 * leave them out as they like.
 */
import { domainToASCII } from 'node:url'
import { RightsError } from '@sealward/xrml'

interface Host {
  readonly name: string
  readonly port: number | undefined
}

const label = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?'
const hostForm = new RegExp(`^(${label}(?:\\.${label})*|\\[[0-9a-f:.]{2,45}\\])(?::(\\d{1,5}))?$`)
const hostLengthMost = 260

/** The canonical form of an entry: lower case, A-labels, without the port that goes without saying. @throws RightsError `host-name-refused` */
export function canonicalHostName(text: string): string {
  const host = parseHost(text.trim())
  if (host === undefined || text.trim() !== text)
    throw new RightsError('host-name-refused', { detail: text.slice(0, 260) })
  return isUsual(host.port) ? host.name : `${host.name}:${host.port}`
}

/** @param header the Host header of a request @param entries canonical ones */
export function answersFor(entries: readonly string[], header: string): boolean {
  const host = parseHost(header)
  return host !== undefined && entries.includes(isUsual(host.port) ? host.name : `${host.name}:${host.port}`)
}

/** The name without port; undefined for what is none. */
export function bareHostName(header: string): string | undefined {
  return parseHost(header)?.name
}

/** The names of the service itself, without ports. @param urls where clients reach it */
export function ownHostNames(urls: readonly (string | undefined)[]): readonly string[] {
  return urls.flatMap((url) => (url === undefined ? [] : (bareHostName(new URL(url).host) ?? [])))
}

function parseHost(text: string): Host | undefined {
  if (text.length > hostLengthMost) return undefined
  const [, ascii] = /^([^:/?#@\s]+|\[[^\]]*\])(?::\d+)?$/.exec(text) ?? []
  if (ascii === undefined) return undefined
  const name = ascii.startsWith('[') ? ascii.toLowerCase() : domainToASCII(ascii.replace(/\.$/, ''))
  const [, known, port] = hostForm.exec(name + text.slice(ascii.length)) ?? []
  if (known === undefined || Number(port ?? 0) > 65_535) return undefined
  return { name: known, port: port === undefined ? undefined : Number(port) }
}

function isUsual(port: number | undefined): boolean {
  return port === undefined || port === 80 || port === 443
}
