/**
 * What the doors would answer a person about a licence, without the record of a decision and without a key leaving: their
 * steps in their order (threat P16). What hangs on the account certificate and the machine of the person is not looked at.
 */
import { isRightsError, RightsError, type ErrorCode } from '@sealward/xrml'
import {
  originOfLicense,
  unlessRevoked,
  weighLicense,
  type Evaluation,
} from '../core/acquire-license/evaluate-license.ts'
import { readSerializedDocuments } from '../core/acquire-license/license-documents.ts'
import { traced, type Trace } from '../core/decision-trace.ts'
import { isSuspect, lineageTag } from '../core/lineage.ts'
import type { StateName } from '../core/personality.ts'
import type { CoreContext } from '../core/ports.ts'
import { readerOfUser, type Reader } from '../core/resolve-principal.ts'
import { serviceState } from '../core/service-state.ts'

export interface AskedAbout {
  /** The service, as requests see it. */
  readonly core: CoreContext
  /** Publishing licence with its certificates. */
  readonly serialized: string
  readonly address: string
  /** As if the service were in this state; its own unless given. */
  readonly state?: StateName | undefined
}

export interface WeighingOptions {
  /** Who is slowed down by licences that cannot be opened, instead of the person who is only asked about. */
  readonly throttled: string
  readonly trace?: Trace
  /** Is told who was found, whatever comes out. */
  readonly found?: (reader: Reader) => void
}

/** What says nothing about the person or the licence. */
const unknowable: readonly ErrorCode[] = ['directory-unavailable', 'forest-unavailable', 'unsealing-throttled']

/** @returns the code of a refusal that is an answer @throws the error if it is none */
export function refusalIn(error: unknown): ErrorCode {
  if (isRightsError(error) && !unknowable.includes(error.code)) return error.code
  throw error
}

/** @throws RightsError the refusals of AcquireLicense that do not hang on its account certificate */
export async function weighForPerson(
  { core, serialized, address, state }: AskedAbout,
  { throttled, trace, found }: WeighingOptions,
): Promise<Evaluation> {
  const { configuration } = await traced(trace, 'service-state', () => serviceState(core, 'acquire-license', state))
  const documents = await traced(
    trace,
    'licence-read',
    () => readSerializedDocuments(core.cluster.limits, serialized),
    ([license]) => license?.type ?? '',
  )
  const reader = await traced(trace, 'person', () => readerOf(core, address), personText)
  found?.(reader)
  const weighed = await weighLicense(core, configuration, reader, {
    documents,
    throttled,
    ...(trace === undefined ? {} : { trace }),
  })
  const tag = lineageTag(core, weighed.opened.contentKey)
  const suspect =
    (await traced(
      trace,
      'content-key',
      () => isSuspect(core, core.store, tag, originOfLicense(weighed)),
      (known) => (known === true ? 'it is that of another document' : ''),
    )) ?? false
  const evaluation = await unlessRevoked(core.store, weighed, { suspect, tag })
  const revoked = !evaluation.decision.granted && weighed.decision.granted
  if (weighed.decision.granted) {
    trace?.({
      step: 'revocation',
      detail: '',
      ...(revoked ? { outcome: 'refused', code: 'content-revoked' } : { outcome: 'passed' }),
    })
  }
  return evaluation
}

async function readerOf(core: CoreContext, address: string): Promise<Reader> {
  const user = await core.directory.findByAddress(address)
  if (user === undefined) throw new RightsError('user-not-in-directory', { detail: address })
  return readerOfUser(core, await core.configuration(), user)
}

function personText({ id, address, principal }: Reader): string {
  return `${address} (${id}), ${principal.addresses.length} addresses, ${principal.groups.length} groups`
}
