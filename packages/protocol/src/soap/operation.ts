/**
 * One operation of a SOAP service: how its call and its answer look as values and as XML, in both directions. An
 * operation is one file in `operations/` and one line in `operations.ts`; router and client derive from that table.
 */
import { element, type XmlElement } from '@sealward/xrml'
import type { SoapLimits } from './limits.ts'
import type { MessageShape } from './message-shape.ts'
import { serviceNamespace, type SoapService } from './service.ts'
import type { VersionData } from './version-data.ts'

export interface SoapOperation<Request, Response> {
  /** The name of the call's element; the answer's element is named `<name>Response`. */
  readonly name: string
  readonly service: SoapService
  /** The file below the certification, licensing or decommission directory that a client calls. */
  readonly file: string
  readonly shape: MessageShape
  /** GetServerInfo alone goes without the VersionData header. */
  readonly withoutVersionData?: boolean
  /** Enrolment alone is spoken in SOAP 1.1 only (MS-RMPRS 2.1). */
  readonly firstSoapOnly?: boolean
  /** The versions that a client must state for this request, where the usual ones do not do. */
  readonly versionsOf?: (request: Request) => VersionData
  /** Reads the call's element. */
  readonly parseRequest: (call: XmlElement, versions: VersionData, limits: SoapLimits) => Request
  /** Writes the content of the call's element. */
  readonly writeRequest: (request: Request) => string
  /** Reads the answer's element. */
  readonly parseResponse: (answer: XmlElement) => Response
  /** Writes the content of the answer's element. */
  readonly writeResponse: (response: Response) => string
}

type Named = Pick<SoapOperation<never, never>, 'name' | 'service'>

/** The SOAPAction of the operation. */
export function actionOf(operation: Named): string {
  return `${serviceNamespace(operation.service)}/${operation.name}`
}

/** An element of the operation's namespace around content. */
export function inNamespace(operation: Named, name: string, content: string): string {
  return element(name, { xmlns: serviceNamespace(operation.service) }, content)
}
