/**
 * What is recorded about a decision: its row in the licence log and its row in the request log, in one transaction, and
 * refusals like grants.
 */
import { isRightsError } from '@sealward/xrml'
import type { Configuration } from './configuration.ts'
import type { LogRecord } from './log-chain.ts'
import type { OperationName } from './operations.ts'
import type { CoreContext, RequestInfo, Sender } from './ports.ts'
import { requestRecordOf, type RequestFacts } from './request-facts.ts'
import { idOf, nameOf } from './sender.ts'
import type { Repositories } from './store.ts'

export interface DecisionRecord {
  readonly operation: OperationName
  readonly info: RequestInfo
  readonly caller?: Sender | undefined
  /** Who asks, where it is not the caller. */
  readonly user?: string
  readonly address?: string
  /** The code of the refusal; absent for a grant. */
  readonly refusal?: string
  /** What both logs say about the licence. */
  readonly facts?: Omit<RequestFacts, 'operation' | 'result' | 'address'>
  /** What only the licence log says. */
  readonly details?: LogRecord
}

/** Both rows, in the transaction that the repositories belong to. The caller marks the request as recorded after it. */
async function appendDecision(
  context: CoreContext,
  repositories: Repositories,
  decision: DecisionRecord,
): Promise<void> {
  const { operation, info, caller, facts = {} } = decision
  const address = decision.address === undefined ? {} : { address: decision.address }
  const { publishedAt: _published, url: _url, ...common } = facts
  await repositories.logs.append('licenses', {
    ...requestRecord(context, info, caller),
    ...(decision.user === undefined ? {} : { user: decision.user }),
    ...address,
    operation,
    outcome: decision.refusal === undefined ? 'granted' : 'refused',
    ...(decision.refusal === undefined ? {} : { reason: decision.refusal }),
    ...common,
    ...decision.details,
  })
  const result = decision.refusal ?? 'Success'
  await repositories.requests.append(
    requestRecordOf(context, info, caller, { operation, result, ...address, ...facts }),
  )
}

/**
 * Records a decision that holds only for the configuration it was made under: what an administrator takes back is never
 * granted after that (threat P18).
 * @param also what must be stored together with it
 * @returns false, and nothing is stored, if the configuration has changed since
 */
export async function recordDecision(
  context: CoreContext,
  configuration: Configuration,
  decision: DecisionRecord | ((repositories: Repositories) => Promise<DecisionRecord>),
): Promise<boolean> {
  let recorded: DecisionRecord | undefined
  await context.store.transaction(async (repositories) => {
    if ((await repositories.configurationVersion()) !== configuration.version) return
    recorded = typeof decision === 'function' ? await decision(repositories) : decision
    await appendDecision(context, repositories, recorded)
  })
  if (recorded === undefined) return false
  markRecorded(recorded.info)
  return true
}

/** Tells the door that the request has its row. */
function markRecorded({ progress }: RequestInfo): void {
  if (progress !== undefined) progress.recorded = true
}

/** Repeats a round until its decision is recorded; it comes round again only when an administrator changed something. */
export async function untilRecorded<T>(round: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const result = await round()
    if (result !== undefined) return result
  }
}

function requestRecord(context: CoreContext, info: RequestInfo, caller: Sender | undefined): LogRecord {
  return {
    at: context.clock.now().toISOString(),
    door: info.door,
    correlationId: info.correlationId.slice(0, 100),
    remoteAddress: info.remoteAddress,
    ...(info.application === undefined ? {} : { application: info.application.slice(0, 200) }),
    ...(caller === undefined
      ? {}
      : { user: idOf(caller), address: nameOf(caller), authentication: caller.authentication }),
  }
}

type Asker = Pick<DecisionRecord, 'operation' | 'info' | 'user' | 'address' | 'caller'>

/**
 * Runs a step and records its refusal. Only for people who are known: strangers must not be able to fill the log.
 * @throws whatever the step throws
 */
export async function recordingRefusals<T>(context: CoreContext, asker: Asker, step: () => Promise<T>): Promise<T> {
  try {
    return await step()
  } catch (error) {
    if (isRightsError(error)) {
      await context.store.transaction((repositories) =>
        appendDecision(context, repositories, { ...asker, refusal: error.code }),
      )
      markRecorded(asker.info)
    }
    throw error
  }
}
