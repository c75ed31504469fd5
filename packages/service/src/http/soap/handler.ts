/** One SOAP operation as the service carries it out: a request value in, a response value out, refusals as RightsError. */
import type { SoapOperationName, SoapRequestOf, SoapResponseOf } from '@sealward/protocol'
import { RightsError } from '@sealward/xrml'
import type { Caller, CoreContext, RequestInfo } from '../../core/ports.ts'

export interface SoapExchange<Name extends SoapOperationName> {
  readonly context: CoreContext
  readonly request: SoapRequestOf<Name>
  readonly info: RequestInfo
  /** Whom HTTP names; nobody, if the request came without credentials. */
  readonly caller: Caller | undefined
}

export type SoapHandler<Name extends SoapOperationName> = (
  exchange: SoapExchange<Name>,
) => Promise<SoapResponseOf<Name>>

/** @throws RightsError `unauthenticated` */
export function requireCaller(caller: Caller | undefined): Caller {
  if (caller === undefined) throw new RightsError('unauthenticated')
  return caller
}

/** The caller as an optional member. */
export function knownCaller(caller: Caller | undefined): { readonly caller?: Caller } {
  return caller === undefined ? {} : { caller }
}
