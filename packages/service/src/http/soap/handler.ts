/** One SOAP operation as the service carries it out: a request value in, a response value out, refusals as RightsError. */
import type { SoapOperationName, SoapRequestOf, SoapResponseOf } from '@sealward/protocol'
import { RightsError } from '@sealward/xrml'
import type { CoreContext, DirectoryCaller, RequestInfo, Sender } from '../../core/ports.ts'
import type { ClosedDoor } from '../../core/settings.ts'

export interface SoapExchange<Name extends SoapOperationName> {
  readonly context: CoreContext
  readonly request: SoapRequestOf<Name>
  readonly info: RequestInfo
  /** Whom of the directory HTTP names; nobody, if the request came without credentials. */
  readonly caller: DirectoryCaller | undefined
  /** The same, or somebody federated. */
  readonly sender: Sender | undefined
  /** Whether the request came to an address for federated people. */
  readonly federated: boolean
  /** Of the address that the request came to, if it is closed to everybody who was not admitted. */
  readonly door: ClosedDoor | undefined
}

export type SoapHandler<Name extends SoapOperationName> = (
  exchange: SoapExchange<Name>,
) => Promise<SoapResponseOf<Name>>

/** @throws RightsError `unauthenticated` */
export function requireCaller<Known extends Sender>(caller: Known | undefined): Known {
  if (caller === undefined) throw new RightsError('unauthenticated')
  return caller
}

/** The caller as an optional member. */
export function knownCaller<Known extends Sender>(caller: Known | undefined): { readonly caller?: Known } {
  return caller === undefined ? {} : { caller }
}
