/** The licence log: what every record says, and that refusals are recorded like grants. */
import { isRightsError } from '@sealward/xrml'
import type { LogRecord } from './log-chain.ts'
import type { Caller, CoreContext, RequestInfo } from './ports.ts'

export function requestRecord(context: CoreContext, info: RequestInfo, caller?: Caller): LogRecord {
  return {
    at: context.clock.now().toISOString(),
    door: info.door,
    correlationId: info.correlationId.slice(0, 100),
    remoteAddress: info.remoteAddress,
    ...(info.application === undefined ? {} : { application: info.application.slice(0, 200) }),
    ...(caller === undefined
      ? {}
      : { user: caller.user.id, address: caller.user.address, authentication: caller.authentication }),
  }
}

export interface Asker {
  readonly operation: string
  readonly info: RequestInfo
  /** Who asks, where it is not the caller. */
  readonly user?: string
  readonly address?: string
  readonly caller?: Caller
}

/**
 * Runs a step and records its refusal. Only for people who are known: strangers must not be able to fill the log.
 * @throws whatever the step throws
 */
export async function recordingRefusals<T>(context: CoreContext, asker: Asker, step: () => Promise<T>): Promise<T> {
  try {
    return await step()
  } catch (error) {
    if (isRightsError(error)) {
      await context.store.logs.append('licenses', {
        ...requestRecord(context, asker.info, asker.caller),
        ...(asker.user === undefined ? {} : { user: asker.user }),
        ...(asker.address === undefined ? {} : { address: asker.address }),
        operation: asker.operation,
        outcome: 'refused',
        reason: error.code,
      })
    }
    throw error
  }
}
