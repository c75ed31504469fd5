/**
 * Service discovery: which addresses serve an e-mail address (to publish, to list templates) or the licensing URL of a
 * licence (to open). Clients refuse the whole list if one of the required services is missing, the two log services
 * included, or if any entry is empty.
 */
import { RightsError } from '@sealward/xrml'
import { present } from '../present.ts'
import { asList, asObject, invalidMember, readJson, requiredString } from './members.ts'
import { restUri, type RestResource } from './paths.ts'

export type DiscoverySubject =
  | { readonly kind: 'email'; readonly email: string }
  /** The licensing URL exactly as the licence carries it. */
  | { readonly kind: 'service'; readonly url: string }

/** Absolute URLs; clients require all services but the last. */
export interface DiscoveredServices {
  readonly endUserLicenses: string
  readonly publishingLicenses: string
  readonly templates: string
  readonly clientDebugLogs: string
  readonly clientPerformanceLogs: string
  /** Absent where clients shall not publish offline. */
  readonly clientLicensorCertificates?: string
}

type Service = keyof Required<DiscoveredServices> & RestResource

const serviceNames: Readonly<Record<Service, string>> = {
  endUserLicenses: 'EndUserLicenses',
  publishingLicenses: 'PublishingLicenses',
  templates: 'Templates',
  clientDebugLogs: 'ClientDebugLogs',
  clientPerformanceLogs: 'ClientPerformanceLogs',
  clientLicensorCertificates: 'ClientLicensorCertificates',
}

const listedServices = Object.keys(serviceNames) as readonly Service[]

/**
 * Reads the query. Clients escape only blanks and characters beyond ASCII; a plus sign means itself.
 * @throws RightsError `rest-message-invalid`
 */
export function parseDiscoveryQuery(query: string): DiscoverySubject {
  for (const part of query.split('&')) {
    const equals = part.indexOf('=')
    const name = part.slice(0, Math.max(equals, 0)).toLowerCase()
    const value = decodeComponent(part.slice(equals + 1))
    if (value !== '' && name === 'email') return { kind: 'email', email: value }
    if (value !== '' && name === 'service') return { kind: 'service', url: value }
  }
  throw new RightsError('rest-message-invalid', { detail: 'the query names neither email nor service' })
}

function decodeComponent(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (cause) {
    throw new RightsError('rest-message-invalid', { detail: 'the query is not valid UTF-8', cause })
  }
}

export function writeDiscoveryQuery(subject: DiscoverySubject): string {
  return subject.kind === 'email'
    ? `email=${encodeURIComponent(subject.email)}`
    : `service=${encodeURIComponent(subject.url)}`
}

/**
 * The services of a server that serves all of them under one public URL.
 * @param offers whether clients may publish offline
 */
export function servicesAt(publicUrl: string, offers: { readonly offline: boolean }): DiscoveredServices {
  return {
    endUserLicenses: restUri(publicUrl, 'endUserLicenses'),
    publishingLicenses: restUri(publicUrl, 'publishingLicenses'),
    templates: restUri(publicUrl, 'templates'),
    clientDebugLogs: restUri(publicUrl, 'clientDebugLogs'),
    clientPerformanceLogs: restUri(publicUrl, 'clientPerformanceLogs'),
    ...(offers.offline ? { clientLicensorCertificates: restUri(publicUrl, 'clientLicensorCertificates') } : {}),
  }
}

export function writeDiscovery(services: DiscoveredServices): string {
  const list = listedServices.flatMap((service) => {
    const uri = services[service]
    return uri === undefined ? [] : [{ Name: serviceNames[service], Uri: uri }]
  })
  return JSON.stringify(list)
}

/**
 * Names are compared without case, unknown ones are passed over.
 * @throws RightsError `rest-message-invalid`
 */
export function parseDiscovery(text: string): DiscoveredServices {
  const found = new Map<string, string>()
  for (const item of asList(readJson(text), 'the list of services', 100)) {
    const entry = asObject(item, 'a service')
    found.set(requiredString(entry, 'Name').toLowerCase(), absoluteUrl(requiredString(entry, 'Uri')))
  }
  const foundUri = (service: Service): string | undefined => found.get(serviceNames[service].toLowerCase())
  const uriOf = (service: Service): string => {
    const uri = foundUri(service)
    if (uri === undefined) throw invalidMember('the list of services', `complete: ${serviceNames[service]} is missing`)
    return uri
  }
  return present({
    endUserLicenses: uriOf('endUserLicenses'),
    publishingLicenses: uriOf('publishingLicenses'),
    templates: uriOf('templates'),
    clientDebugLogs: uriOf('clientDebugLogs'),
    clientPerformanceLogs: uriOf('clientPerformanceLogs'),
    clientLicensorCertificates: foundUri('clientLicensorCertificates'),
  })
}

function absoluteUrl(text: string): string {
  if (!/^https?:\/\/[^/]/i.test(text) || !URL.canParse(text))
    throw invalidMember('Uri', 'an absolute http or https URL')
  return text
}
