/**
 * A client of the REST protocol, written from its description with nothing of the product: it knows an address or a
 * licence, finds the service by its service record, and sends every call twice.
 */
import { Resolver } from 'node:dns/promises'
import { request } from 'node:http'
import { connect } from 'node:net'
import { randomUUID } from 'node:crypto'

export interface RestClientWorld {
  /** `host:port` of the name server. */
  readonly nameServer: string
  /** Where connections to port 443 of any host go. */
  readonly port: number
  /** Fetches a token where the challenge says. */
  readonly token: (challenge: ReadonlyMap<string, string>) => Promise<string>
  /** Every request, as `METHOD host path status`. */
  readonly seen: string[]
  /** Every name that was looked up. */
  readonly asked: string[]
}

export interface RestAnswer {
  readonly status: number
  readonly text: string
  readonly json: unknown
}

type Services = ReadonlyMap<string, string>

/** For publishing and templates. */
export async function discoverByAddress(world: RestClientWorld, address: string): Promise<Services> {
  const domain = address.slice(address.indexOf('@') + 1)
  return discover(world, domain, `email=${address}`, {})
}

/** For opening: the address in the licence, the external one first. */
export async function discoverByLicense(world: RestClientWorld, license: Uint8Array): Promise<Services> {
  const text = licenseText(license)
  const url = licensingUrl(text, 'Extranet-License-Acquisition-URL') ?? licensingUrl(text, 'License-Acquisition-URL')
  if (url === undefined) throw new Error('invalid domains publishing license')
  const principals = /<ISSUEDPRINCIPALS>.*?<\/ISSUEDPRINCIPALS>/s.exec(text)?.[0] ?? ''
  const [, modulus = ''] = /<PARAMETER name="modulus"><VALUE[^>]*>([^<]*)</.exec(principals) ?? []
  const hints = { 'x-ms-rms-slc-key': modulus, 'x-ms-rms-service-url': url }
  return discover(world, new URL(url).hostname, `service=${url}`, hints)
}

function licenseText(bytes: Uint8Array): string {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
    return Buffer.from(bytes.subarray(3)).toString('utf8')
  if (bytes.length % 2 === 0) return Buffer.from(bytes).toString('utf16le')
  throw new Error('invalid publishing license encoding')
}

function licensingUrl(text: string, type: string): string | undefined {
  const points = text.match(/<DISTRIBUTIONPOINT>.*?<\/DISTRIBUTIONPOINT>/gs) ?? []
  const point = points.find((each) => each.includes(`<OBJECT type="${type}">`))
  return /<ADDRESS type="URL">([^<]*)<\/ADDRESS>/.exec(point ?? '')?.[1]
}

async function discover(
  world: RestClientWorld,
  domain: string,
  query: string,
  hints: Readonly<Record<string, string>>,
): Promise<Services> {
  const host = await findHost(world, domain)
  const answer = await call(world, 'GET', `https://${host}/my/v2/servicediscovery?${query}`, undefined, hints)
  if (answer.status !== 200) throw new Error(`discovery: ${answer.status} ${answer.text}`)
  const services = new Map(
    (answer.json as readonly { readonly Name: string; readonly Uri: string }[]).map(({ Name, Uri }) => [Name, Uri]),
  )
  for (const name of ['EndUserLicenses', 'PublishingLicenses', 'Templates', 'ClientDebugLogs', 'ClientPerformanceLogs'])
    if (!services.has(name)) throw new Error(`${name} is missing`)
  return services
}

/** Drops the first label until there is an answer; a top-level domain is never asked. Only the best record counts. */
async function findHost({ nameServer, asked }: RestClientWorld, domain: string): Promise<string> {
  const resolver = new Resolver({ timeout: 5_000, tries: 4 })
  resolver.setServers([nameServer])
  for (let labels = domain.split('.'); labels.length >= 2; labels = labels.slice(1)) {
    const name = `_rmsdisco._http._tcp.${labels.join('.')}`
    asked.push(name)
    try {
      const [best] = (await resolver.resolveSrv(name)).sort((a, b) => a.priority - b.priority)
      if (best !== undefined) return best.name
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOTFOUND')) throw error
    }
  }
  throw new Error(`no service for ${domain}`)
}

/** The probe with the whole body and without a token, then the request itself. */
export async function call(
  world: RestClientWorld,
  method: 'GET' | 'POST',
  url: string,
  body?: object,
  hints: Readonly<Record<string, string>> = {},
): Promise<RestAnswer> {
  const text = body === undefined ? undefined : JSON.stringify(body)
  const type = text === undefined ? {} : { 'content-type': 'application/json', accept: 'application/json' }
  const probe = await send(world, method, url, { 'accept-language': 'en,*', ...type, ...hints }, text)
  if (probe.status !== 401) throw new Error(`server error: ${probe.status}`)
  const token = await world.token(parseChallenge(probe.challenge))
  const headers = {
    accept: 'application/json',
    'content-type': 'application/json',
    'accept-language': 'En-en',
    authorization: `Bearer ${token}`,
    'x-ms-rms-request-id': `{${randomUUID()}};{${randomUUID()}}`,
    'x-ms-rms-platform-id': 'AppName=rmscore;AppVersion=1.0;DevicePlatform=WindowsStore;SDKVersion=4.1;',
  }
  const { status, text: answer } = await send(world, method, url, headers, text)
  // Without a body the genuine client crashes.
  return { status, text: answer, json: JSON.parse(answer) as unknown }
}

/** Split at every comma and equals sign, as the genuine client does. */
function parseChallenge(header: string): ReadonlyMap<string, string> {
  if (!/^bearer /i.test(header)) throw new Error(`no challenge: ${header}`)
  const pairs = header.slice('bearer '.length).split(',')
  const values = pairs.map((pair) => pair.split('=')).filter((pair) => pair.length === 2)
  return new Map(values.map(([name = '', value = '']) => [name.trim().toLowerCase(), value.trim().replaceAll('"', '')]))
}

interface Sent {
  readonly status: number
  readonly text: string
  readonly challenge: string
}

function send(
  { port, seen }: RestClientWorld,
  method: string,
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string | undefined,
): Promise<Sent> {
  const [, host = '', path = '/'] = /^https:\/\/([^/]+)(\/.*)$/.exec(url) ?? []
  return new Promise((resolve, reject) => {
    const sent = request({
      createConnection: () => connect(port, '127.0.0.1'),
      method,
      path,
      headers: { host, ...headers, ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }) },
      timeout: 60_000,
    })
    sent.on('response', (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('error', reject)
      response.on('end', () => {
        seen.push(`${method} ${host} ${path} ${response.statusCode ?? 0}`)
        const challenge = response.headers['www-authenticate'] ?? ''
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString('utf8'), challenge })
      })
    })
    sent.on('timeout', () => sent.destroy(new Error('no answer')))
    sent.on('error', reject)
    sent.end(body)
  })
}
