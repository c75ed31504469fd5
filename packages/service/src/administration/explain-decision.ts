/**
 * Why a person gets a licence, or not: the evaluation behind every door with its trace, without its record and without a
 * key leaving. What hangs on the account certificate and the machine of the person is not looked at. Who asked about whom
 * is in the administration log, since the answer tells in which groups somebody is.
 */
import { errorCatalogue, isRightsError, RightsError } from '@sealward/xrml'
import {
  originOfLicense,
  refusalOf,
  unlessRevoked,
  weighLicense,
  type Evaluation,
} from '../core/acquire-license/evaluate-license.ts'
import { readSerializedDocuments } from '../core/acquire-license/license-documents.ts'
import { traced, type Trace, type TracedStep } from '../core/decision-trace.ts'
import { isSuspect, lineageTag } from '../core/lineage.ts'
import type { CoreContext } from '../core/ports.ts'
import { readerOfUser, type Reader } from '../core/resolve-principal.ts'
import { serviceState } from '../core/service-state.ts'
import { logOperation, type AdministrationContext } from './change.ts'
import { previewOf, type DecisionPreview } from './preview-decision.ts'

export interface DecisionExplanation extends DecisionPreview {
  /** Of a refusal. */
  readonly cause?: string
  readonly cure?: string
  /** Every step that was taken; the last one decided. */
  readonly steps: readonly TracedStep[]
  /** Groups of the person by which the policy was compared. */
  readonly groups: readonly ExplainedMembership[]
}

export interface ExplainedMembership {
  readonly address: string
  /** Whether the decision counts it; false for what the directory says now and the service does not know yet. */
  readonly counts: boolean
  /** Names of the groups on the way, the person's own first; undefined where the directory does not tell. */
  readonly path?: readonly string[]
}

export interface Explained {
  readonly core: CoreContext
  /** Publishing licence with its certificates. */
  readonly serialized: string
  readonly address: string
}

/** Licences that cannot be opened must not slow down the person who is only asked about. */
const throttled = 'decision explanation'

/** @throws RightsError `directory-unavailable`, `forest-unavailable`: nothing was decided then */
export async function explainDecision(context: AdministrationContext, input: Explained): Promise<DecisionExplanation> {
  const { reader, ...explanation } = await traceDecision(input)
  const groups = reader === undefined ? [] : await membershipsOf(context, input.address, reader)
  await context.store.transaction((repositories) =>
    logOperation(context, repositories, 'explain-decision', { address: input.address, granted: explanation.granted }),
  )
  return { ...explanation, groups }
}

/** The same without its line in the log. */
export async function traceDecision(
  input: Explained,
): Promise<Omit<DecisionExplanation, 'groups'> & { readonly reader: Reader | undefined }> {
  const { core } = input
  const steps: TracedStep[] = []
  const found: { reader?: Reader } = {}
  try {
    const evaluation = await weigh(input, (step) => void steps.push(step), found)
    const { decision } = evaluation
    if (!decision.granted) throw refusalOf(decision.reason)
    return { ...previewOf(core, evaluation), steps, reader: found.reader }
  } catch (error) {
    if (!isRightsError(error) || unknowable.includes(error.code)) throw error
    const { cause, cure } = errorCatalogue[error.code]
    return { granted: false, reason: error.code, cause, cure, steps, reader: found.reader }
  }
}

/** What says nothing about the person or the licence. */
const unknowable: readonly string[] = ['directory-unavailable', 'forest-unavailable', 'unsealing-throttled']

async function weigh(
  { core, serialized, address }: Explained,
  trace: Trace,
  found: { reader?: Reader },
): Promise<Evaluation> {
  const { configuration } = await traced(trace, 'service-state', () => serviceState(core, 'acquire-license'))
  const documents = await traced(
    trace,
    'licence-read',
    () => readSerializedDocuments(core.cluster.limits, serialized),
    ([license]) => license?.type ?? '',
  )
  const reader = await traced(trace, 'person', () => readerOf(core, address), personText)
  found.reader = reader
  const weighed = await weighLicense(core, configuration, reader, { documents, throttled, trace })
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
    trace({
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

/** The groups of the decision, with the way to each as the directory tells it now. */
async function membershipsOf(
  { explain }: AdministrationContext,
  address: string,
  { principal }: Reader,
): Promise<readonly ExplainedMembership[]> {
  // Without an answer of the directory now, the way is not known; the decision is made.
  const told = (await explain?.(address).catch(() => undefined))?.groups ?? []
  const paths = new Map(told.flatMap(({ addresses, path }) => addresses.map((each) => [each, path] as const)))
  const counted = principal.groups.map((each): ExplainedMembership => {
    const path = paths.get(each)
    return { address: each, counts: true, ...(path === undefined ? {} : { path }) }
  })
  const unknown = [...paths].filter(([each]) => !principal.groups.includes(each))
  return [...counted, ...unknown.map(([each, path]) => ({ address: each, counts: false, path }))]
}
