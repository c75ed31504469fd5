/**
 * Whole SOAP messages in both directions: the service reads calls and writes answers, the client writes calls and reads
 * answers. The element in the body decides the operation; the headers around the message must agree with it.
 */
import { decodeText, isRightsError, RightsError, type XmlElement } from '@sealward/xrml'
import { readEnvelope, writeEnvelope, type SoapVersion } from './envelope.ts'
import { parseFault, type Fault } from './fault.ts'
import { standardSoapLimits, type SoapLimits } from './limits.ts'
import { actionOf, inNamespace } from './operation.ts'
import {
  soapOperationNames,
  soapOperations,
  type SoapOperationName,
  type SoapRequestOf,
  type SoapResponseOf,
} from './operations.ts'
import { serviceNamespace, type SoapService } from './service.ts'
import { requireAgreement, requireCharset, writeSoapHeaders, type SoapHeaders } from './transport.ts'
import {
  clientVersionData,
  parseVersionData,
  requireSupportedVersion,
  serverVersionData,
  writeVersionData,
  type VersionData,
} from './version-data.ts'

export interface SoapCallOf<Name extends SoapOperationName> {
  readonly operation: Name
  readonly request: SoapRequestOf<Name>
  readonly soapVersion: SoapVersion
  readonly versions: VersionData
}

/** Any call; `operation` tells which. */
export type SoapCall = { [Name in SoapOperationName]: SoapCallOf<Name> }[SoapOperationName]

export interface WrittenSoapCall {
  readonly headers: SoapHeaders & { readonly contentType: string }
  /** To be sent as UTF-8. */
  readonly body: string
}

export type SoapAnswer<Response> =
  | { readonly kind: 'response'; readonly response: Response; readonly versions: VersionData }
  /** Windows servers send faults without versions. */
  | { readonly kind: 'fault'; readonly fault: Fault; readonly versions?: VersionData }

const operationByElement = new Map(
  soapOperationNames.map((name) => [`${serviceNamespace(soapOperations[name].service)}#${name}`, name]),
)

export interface ReadSoapCallOptions {
  readonly named?: (operation: SoapOperationName) => void
  readonly limits?: SoapLimits
}

/**
 * Reads a call.
 * @param service the service that answers on the path of the request
 * @param options.named is told the operation before its arguments are read, which may fail
 * @throws RightsError with the codes `soap-*`, `xml-*`, `text-encoding-refused`, `malformed-data-version`,
 * `unsupported-data-version`, `service-type-unknown`
 */
export function readSoapCall(
  body: Uint8Array,
  headers: SoapHeaders,
  service: SoapService,
  options: ReadSoapCallOptions = {},
): SoapCall {
  const { named, limits = standardSoapLimits } = options
  requireCharset(headers, body)
  const envelope = readEnvelope(decodeText(body), limits.xml)
  const name = operationOf(envelope.content)
  const operation = soapOperations[name]
  if (operation.service !== service) {
    throw new RightsError('soap-operation-unknown', { detail: `${name} is not an operation of ${service}` })
  }
  if (operation.firstSoapOnly === true && envelope.soapVersion !== '1.1') {
    throw new RightsError('soap-operation-unknown', { detail: `${name} is spoken in SOAP 1.1 only` })
  }
  requireAgreement(headers, envelope.soapVersion, actionOf(operation))
  const versions = parseVersionData(versionHeader(envelope.headers, serviceNamespace(service)))
  requireSupportedVersion(versions)
  named?.(name)
  const request = operation.parseRequest(envelope.content, versions, limits)
  return { operation: name, request, soapVersion: envelope.soapVersion, versions } as SoapCall
}

function operationOf(content: XmlElement): SoapOperationName {
  const name = operationByElement.get(`${content.namespace}#${content.local}`)
  if (name === undefined) throw new RightsError('soap-operation-unknown', { detail: content.local.slice(0, 60) })
  return name
}

function versionHeader(headers: readonly XmlElement[], namespace: string): XmlElement | undefined {
  const found = headers.filter((header) => header.local === 'VersionData')
  if (found.length > 1 || found.some((header) => header.namespace !== namespace)) {
    throw new RightsError('malformed-data-version', { detail: 'the header is not the one of the called service' })
  }
  return found[0]
}

/** What a call asks for unless told otherwise; nothing where the operation has no versions. */
export function versionsOfCall<Name extends SoapOperationName>(
  name: Name,
  request: SoapRequestOf<Name>,
): VersionData | undefined {
  const operation = soapOperations[name]
  return operation.withoutVersionData ? undefined : (operation.versionsOf?.(request) ?? clientVersionData)
}

/** Writes a call, in SOAP 1.1 unless told otherwise. */
export function writeSoapCall<Name extends SoapOperationName>(
  name: Name,
  request: SoapRequestOf<Name>,
  options: { readonly soapVersion?: SoapVersion; readonly versions?: VersionData } = {},
): WrittenSoapCall {
  const operation = soapOperations[name]
  const soapVersion = options.soapVersion ?? '1.1'
  const versions = options.versions ?? versionsOfCall(name, request)
  const content = inNamespace(operation, name, operation.writeRequest(request))
  return {
    headers: writeSoapHeaders(soapVersion, actionOf(operation)),
    body: writeEnvelope(soapVersion, writtenHeader(name, versions), content),
  }
}

/** Writes the answer to a call; send it with the content type of `writeSoapHeaders(soapVersion)`. */
export function writeSoapAnswer<Name extends SoapOperationName>(
  name: Name,
  response: SoapResponseOf<Name>,
  soapVersion: SoapVersion,
): string {
  const operation = soapOperations[name]
  const content = inNamespace(operation, `${name}Response`, operation.writeResponse(response))
  return writeEnvelope(soapVersion, writtenHeader(name, serverVersionData), content)
}

function writtenHeader(name: SoapOperationName, versions: VersionData | undefined): string | undefined {
  const { service, withoutVersionData } = soapOperations[name]
  return withoutVersionData || versions === undefined
    ? undefined
    : writeVersionData(serviceNamespace(service), versions)
}

/**
 * Reads the answer to a call. A fault is an answer, whatever its name.
 * @throws RightsError `soap-*`, `xml-*`, `text-encoding-refused`, `malformed-data-version`
 */
export function readSoapAnswer<Name extends SoapOperationName>(
  name: Name,
  body: Uint8Array,
): SoapAnswer<SoapResponseOf<Name>> {
  const { soapVersion, headers, content } = readEnvelope(decodeText(body))
  const header = headers.find((candidate) => candidate.local === 'VersionData')
  const fault = parseFault(content, soapVersion)
  if (fault !== undefined) return { kind: 'fault', fault, ...versionsOfFault(header) }
  const operation = soapOperations[name]
  const namespace = serviceNamespace(operation.service)
  if (content.local !== `${name}Response` || content.namespace !== namespace) {
    throw new RightsError('soap-message-invalid', { detail: `${content.local.slice(0, 60)} is no answer to ${name}` })
  }
  return { kind: 'response', response: operation.parseResponse(content), versions: parseVersionData(header) }
}

/** A fault stays one, whatever stands beside it. */
function versionsOfFault(header: XmlElement | undefined): { readonly versions?: VersionData } {
  try {
    return header === undefined ? {} : { versions: parseVersionData(header) }
  } catch (error) {
    if (isRightsError(error)) return {}
    throw error
  }
}
