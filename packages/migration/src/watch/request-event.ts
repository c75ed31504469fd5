/**
 * One request to a rights management service, whichever log it comes from: the request log of a cluster (the
 * ServiceRequest view of AD RMS) or the usage log of a tenant (W3C extended log file format).
 */
import type { Agent } from './agent.ts'

export type System = 'cluster' | 'tenant'

/** What clients and servers ask for; everything that administrators and the service itself do is `other`. */
export type Operation =
  | 'Certify'
  | 'ServerCertify'
  | 'GetClientLicensorCert'
  | 'Publish'
  | 'AcquireLicense'
  | 'AcquirePreLicense'
  | 'FindServiceLocations'
  | 'TemplateDistribution'
  | 'other'

export interface RequestEvent {
  readonly time: Date
  /** Mail address or account in lower case; empty for nobody. */
  readonly principal: string
  /** Network address or name of the machine that asked; empty where the log does not say. */
  readonly host: string
  readonly agent: Agent
  readonly operation: Operation
  readonly system: System
  readonly ok: boolean
  /** Machine that answered. */
  readonly server?: string
  /** Fingerprint of the key that the licence names. */
  readonly issuerKey?: string
  /** Licensing URL that the request was for. */
  readonly url?: string
}

/** A row that a reader had to pass over. */
export type Unreadable = (line: number, why: string) => void

const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['certify', 'Certify'],
  ['servercertify', 'ServerCertify'],
  ['servercertification', 'ServerCertify'],
  ['getclientlicensorcert', 'GetClientLicensorCert'],
  ['getclientlicensorcerts', 'GetClientLicensorCert'],
  ['acquireissuancelicense', 'Publish'],
  ['fecreatepublishinglicensev1', 'Publish'],
  ['acquirelicense', 'AcquireLicense'],
  ['fecreateenduserlicensev1', 'AcquireLicense'],
  ['becreateenduserlicensev1', 'AcquireLicense'],
  ['acquireprelicense', 'AcquirePreLicense'],
  ['findservicelocations', 'FindServiceLocations'],
  ['findservicelocationsforuser', 'FindServiceLocations'],
  ['acquiretemplates', 'TemplateDistribution'],
  ['acquiretemplateinformation', 'TemplateDistribution'],
  ['templatedistribution', 'TemplateDistribution'],
  ['fegetalltemplates', 'TemplateDistribution'],
  ['begetalltemplatesv1', 'TemplateDistribution'],
])

/** Logs name an operation with or without the service that it belongs to: `Certification.Certify`, `Certify`. */
export function operationOf(requestType: string): Operation {
  const [service = '', method = service] = requestType.trim().toLowerCase().split('.', 2)
  if (service === 'servercertification') return 'ServerCertify'
  return operations.get(method) ?? 'other'
}

/** Request types of the protocol that mobile clients speak. */
export function isMobileRequest(requestType: string): boolean {
  return /^(?:FE|BE)[A-Z]/.test(requestType.trim())
}

/** Quoted, in any case, or no name at all. */
export function principalOf(text: string): string {
  const name = text.trim().toLowerCase()
  return name === '"' || name === '-' ? '' : name
}

const zoned = /(?:Z|[+-]\d{2}:?\d{2})$/i
const timeForm = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?)(Z|[+-]\d{2}:?\d{2})?$/i

/** Logs are kept in UTC; forms in which day and month could be confused are not read. */
export function timeOf(text: string): Date | undefined {
  const [, day, clock, zone = 'Z'] = timeForm.exec(text.trim()) ?? []
  if (day === undefined || clock === undefined) return undefined
  const [whole = '', fraction = '0'] = clock.split(/[.,]/)
  const offset =
    zoned.test(zone) && !zone.includes(':') && zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone
  const time = new Date(`${day}T${whole}.${fraction.slice(0, 3).padEnd(3, '0')}${offset.toUpperCase()}`)
  return Number.isNaN(time.getTime()) ? undefined : time
}
