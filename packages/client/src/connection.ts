/** One user's way to one service: addresses, credentials, and the hosts that may be talked to. */
import { randomBytes } from 'node:crypto'
import { normalizeLicensingUrl, type Challenge } from '@sealward/protocol'
import { type Awaitable, RightsError } from '@sealward/xrml'
import { createRedirection, type Redirection, type RedirectionRule } from './redirection.ts'
import { createTransport, type Transport } from './transport.ts'

export type RandomBytes = (count: number) => Uint8Array

/** The addresses of a service that answers everything below one URL. */
export interface ServiceAddresses {
  /** Scheme, host and port. */
  readonly url: string
  readonly certification: string
  readonly licensing: string
  /** Where a machine key is certified: an extension of this product. */
  readonly machine: string
}

export interface ConnectionOptions {
  /** For example `https://rights.lakeside.example`; `http` only on this machine. */
  readonly serviceUrl: string
  /** E-mail address. */
  readonly user: string
  /** For SOAP. */
  readonly password?: () => Awaitable<Uint8Array>
  /** For REST: gets a token from the authority that the challenge names. */
  readonly token?: (challenge: Challenge) => Awaitable<string>
  /** Old licensing URLs and where they are answered now. The service's own URLs need no rule. */
  readonly redirections?: readonly RedirectionRule[]
  /** Ask this service for every licence, whatever address it names. */
  readonly redirectEverything?: boolean
  /** Further hosts (`host` or `host:port`); those of the service and of the redirections are allowed already. */
  readonly allowedHosts?: readonly string[]
  readonly timeoutMilliseconds?: number
  readonly now?: () => Date
  readonly random?: RandomBytes
}

export interface Connection {
  readonly service: ServiceAddresses
  readonly user: string
  readonly password: (() => Awaitable<Uint8Array>) | undefined
  readonly token: ((challenge: Challenge) => Awaitable<string>) | undefined
  readonly transport: Transport
  readonly redirection: Redirection
  readonly now: () => Date
  readonly random: RandomBytes
}

/** @throws RightsError `licensing-url-invalid`, `service-url-refused` */
export function connect(options: ConnectionOptions): Connection {
  const service = addressesOf(options.serviceUrl)
  const rules = options.redirections ?? []
  const own: RedirectionRule = { from: service.licensing, to: service.licensing }
  const hosts = [service.url, ...rules.map((rule) => rule.to)].map((url) => new URL(normalizeLicensingUrl(url)).host)
  const { timeoutMilliseconds } = options
  return {
    service,
    user: requireAddress(options.user),
    password: options.password,
    token: options.token,
    transport: createTransport({
      allowedHosts: [...hosts, ...(options.allowedHosts ?? [])],
      ...(timeoutMilliseconds === undefined ? {} : { timeoutMilliseconds }),
    }),
    redirection: createRedirection(
      [own, ...rules],
      options.redirectEverything === true ? service.licensing : undefined,
    ),
    now: options.now ?? (() => new Date()),
    random: options.random ?? randomBytes,
  }
}

function addressesOf(serviceUrl: string): ServiceAddresses {
  const { origin, pathname } = new URL(normalizeLicensingUrl(serviceUrl))
  if (pathname !== '/' && pathname !== '/_wmcs') {
    throw new RightsError('service-url-refused', { detail: 'give scheme, host and port only' })
  }
  return {
    url: origin,
    certification: `${origin}/_wmcs/certification`,
    licensing: `${origin}/_wmcs/licensing`,
    machine: `${origin}/sealward/v1/machine`,
  }
}

/** The name goes into an authentication header, where a colon would end it. */
function requireAddress(user: string): string {
  if (!/^[^\s:\p{Cc}]{1,320}$/u.test(user) || !user.includes('@')) {
    throw new RightsError('credentials-missing', { detail: 'the user is named by an e-mail address' })
  }
  return user
}
