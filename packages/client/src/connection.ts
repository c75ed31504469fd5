/** One user's way to one service: addresses, credentials, and the hosts that may be talked to. */
import { randomBytes } from 'node:crypto'
import {
  certificationUrlOf,
  isBasePath,
  licensingUrlOf,
  normalizeLicensingUrl,
  type Challenge,
} from '@sealward/protocol'
import { type Awaitable, RightsError } from '@sealward/xrml'
import type { ClientCertificate } from './certificate-request.ts'
import { createRedirection, type Redirection, type RedirectionRule } from './redirection.ts'
import { createTransport, offlineTransport, type Transport } from './transport.ts'

export type RandomBytes = (count: number) => Uint8Array

/** Where SOAP services are, instead of below the service's own address: directory URLs in any spelling. */
export interface ServiceLocation {
  /** Of the cluster that certifies people, for example `https://rms.lakeside.example/_wmcs/certification`. */
  readonly certification?: string
  /** Of the cluster that gives licences and client licensor certificates. */
  readonly licensing?: string
  /** An entry of the forest names the certification: it is asked where the services of this user are. Default false. */
  readonly found?: boolean
}

export interface ServiceAddresses {
  /** Scheme, host and port. */
  readonly url: string
  /** Where people are certified, unless nothing is there and the service names another one. */
  readonly certification: string
  /** The configuration names it: no service may name another one. */
  readonly certificationConfigured: boolean
  /** An entry of the forest names it: it says where the services of its users are. */
  readonly certificationFound: boolean
  readonly licensing: string
}

export interface ConnectionOptions {
  /**
   * For example `https://rights.lakeside.example`, with the base path of its SOAP services where that is not `/_wmcs`; `http` only on
   * this machine.
   */
  readonly serviceUrl: string
  /** E-mail address. */
  readonly user: string
  /** For SOAP. What is absent is below `serviceUrl`, or where the service says. */
  readonly serviceLocation?: ServiceLocation
  /** For SOAP. */
  readonly password?: () => Awaitable<Uint8Array>
  /**
   * For SOAP: sign in with the Kerberos ticket of whoever runs this program, and with no password and no certificate. Needs
   * the programs `curl` and `klist`.
   */
  readonly ticket?: boolean
  /** For REST: gets a token from the authority that the challenge names. */
  readonly token?: (challenge: Challenge) => Awaitable<string>
  /**
   * Of this machine, where it is a server that the service knows by it: instead of password and token, for the hosts that
   * would get a password.
   */
  readonly certificate?: ClientCertificate
  /** Old licensing URLs and where they are answered now. The service's own URLs need no rule. */
  readonly redirections?: readonly RedirectionRule[]
  /** Ask this service for every licence, whatever address it names; no redirection counts then. */
  readonly redirectEverything?: boolean
  /**
   * Further hosts (`host` or `host:port`); those of the service, its configured location and the redirections are allowed
   * already. A root cluster that only the service names needs its host here.
   */
  readonly allowedHosts?: readonly string[]
  /** Hosts that may be asked and get no password, such as partners'. */
  readonly trustedServers?: readonly string[]
  /** Nobody is asked but `trustedServers`, `allowedHosts` and the service: a redirection alone allows no host. */
  readonly trustedServersOnly?: boolean
  /** Who forbids protecting here, in words for people; opening is not concerned. */
  readonly protectionDisabledBy?: string
  /** Finds the licensing URL of whoever answers for licences whose own address may not be asked. */
  readonly findLicensing?: (licensingUrls: readonly string[]) => Promise<string | undefined>
  /** Nobody is asked anything: only what is in the store opens. */
  readonly offline?: boolean
  readonly timeoutMilliseconds?: number
  readonly now?: () => Date
  readonly random?: RandomBytes
}

export interface Connection {
  /** Of the user's organisation: only they get a password or a ticket. Targets of redirections may be a partner's. */
  readonly ownHosts: ReadonlySet<string>
  /** All that may be asked. */
  readonly allowedHosts: ReadonlySet<string>
  readonly service: ServiceAddresses
  readonly user: string
  readonly protectionDisabledBy: string | undefined
  readonly findLicensing: ConnectionOptions['findLicensing']
  readonly password: (() => Awaitable<Uint8Array>) | undefined
  readonly ticket: boolean
  readonly token: ((challenge: Challenge) => Awaitable<string>) | undefined
  /** Whether this machine says by its certificate who asks. */
  readonly signsInByCertificate: boolean
  readonly transport: Transport
  /** One like `transport` for other hosts. */
  readonly transportTo: (hosts: readonly string[]) => Transport
  readonly redirection: Redirection
  readonly now: () => Date
  readonly random: RandomBytes
}

/**
 * What the options say, checked; nobody is asked yet.
 *
 * ```ts
 * const { redirection, allowedHosts } = connect({ serviceUrl, user: 'bob@lakeside.example', redirections })
 * ```
 * @throws RightsError `licensing-url-invalid`, `service-url-refused`, `credentials-missing`
 */
export function connect(options: ConnectionOptions): Connection {
  const service = addressesOf(options.serviceUrl, options.serviceLocation)
  const rules = options.redirections ?? []
  const own: RedirectionRule = { from: service.licensing, to: service.licensing }
  const ownHosts = new Set([
    ...[service.url, service.certification, service.licensing].map(hostOf),
    ...(options.allowedHosts ?? []).map((host) => host.toLowerCase()),
  ])
  const { timeoutMilliseconds, trustedServers = [], trustedServersOnly = false, certificate, offline = false } = options
  const allowedHosts = new Set([
    ...ownHosts,
    ...trustedServers.map((host) => host.toLowerCase()),
    ...(trustedServersOnly ? [] : rules.map((rule) => hostOf(rule.to))),
  ])
  const transportTo = (hosts: readonly string[]): Transport =>
    offline
      ? offlineTransport()
      : createTransport({
          allowedHosts: hosts,
          ...(timeoutMilliseconds === undefined ? {} : { timeoutMilliseconds }),
          ...(certificate === undefined ? {} : { certificate: { ...certificate, hosts: ownHosts } }),
        })
  return {
    service,
    ownHosts,
    allowedHosts,
    protectionDisabledBy: options.protectionDisabledBy,
    findLicensing: options.findLicensing,
    user: requireAddress(options.user),
    password: options.password,
    ticket: options.ticket ?? false,
    token: options.token,
    signsInByCertificate: certificate !== undefined,
    transport: transportTo([...allowedHosts]),
    transportTo,
    redirection: createRedirection(
      [own, ...rules],
      options.redirectEverything === true ? service.licensing : undefined,
    ),
    now: options.now ?? (() => new Date()),
    random: options.random ?? randomBytes,
  }
}

function hostOf(url: string): string {
  return new URL(normalizeLicensingUrl(url)).host
}

function addressesOf(serviceUrl: string, location: ServiceLocation = {}): ServiceAddresses {
  const { origin, pathname } = new URL(normalizeLicensingUrl(serviceUrl))
  if (pathname !== '/' && !isBasePath(pathname)) {
    throw new RightsError('service-url-refused', { detail: 'give scheme, host, port and base path only' })
  }
  return {
    url: origin,
    certification: normalizeLicensingUrl(location.certification ?? certificationUrlOf(serviceUrl)),
    certificationConfigured: location.certification !== undefined,
    certificationFound: location.found === true,
    licensing: normalizeLicensingUrl(location.licensing ?? licensingUrlOf(serviceUrl)),
  }
}

/** The name goes into an authentication header, where a colon would end it. */
function requireAddress(user: string): string {
  if (!/^[^\s:\p{Cc}]{1,320}$/u.test(user) || !user.includes('@')) {
    throw new RightsError('credentials-missing', { detail: 'the user is named by an e-mail address' })
  }
  return user
}
