/** From what the door and the use case know about a request to its record. */
import type { CoreContext, RequestInfo, Sender } from './ports.ts'
import type { RequestRecord } from './request-record.ts'
import { nameOf } from './sender.ts'

/** What a use case knows about a request besides what the door knows. */
export type RequestFacts = Pick<RequestRecord, 'operation' | 'result'> &
  Partial<
    Pick<RequestRecord, 'address' | 'contentId' | 'template' | 'owner' | 'issuer' | 'key' | 'publishedAt' | 'url'>
  >

export function requestRecordOf(
  context: Pick<CoreContext, 'cluster' | 'clock' | 'random'>,
  info: RequestInfo,
  caller: Sender | undefined,
  facts: RequestFacts,
): RequestRecord {
  return {
    id: context.random.guid().slice(1, -1),
    at: context.clock.now().toISOString(),
    node: context.cluster.nodeName,
    path: info.path ?? '',
    secure: info.secure ?? false,
    remoteAddress: info.remoteAddress,
    correlationId: info.correlationId.slice(0, 100),
    ...(info.host === undefined ? {} : { host: info.host }),
    ...(info.application === undefined ? {} : { application: info.application.slice(0, 200) }),
    ...(caller === undefined ? {} : { address: nameOf(caller), authentication: caller.authentication }),
    ...facts,
  }
}
