/**
 * Why a person gets a licence, or not: the evaluation behind every door with its trace, without its record and without a
 * key leaving. What hangs on the account certificate and the machine of the person is not looked at. Who asked about whom
 * is in the administration log, since the answer tells in which groups somebody is.
 */
import { errorCatalogue } from '@sealward/xrml'
import { refusalOf } from '../core/acquire-license/evaluate-license.ts'
import type { TracedStep } from '../core/decision-trace.ts'
import type { Reader } from '../core/resolve-principal.ts'
import { logOperation, type AdministrationContext } from './change.ts'
import { previewOf, type DecisionPreview } from './preview-decision.ts'
import { refusalIn, weighForPerson, type AskedAbout } from './weigh-for-person.ts'

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

/** @throws RightsError `directory-unavailable`, `forest-unavailable`: nothing was decided then */
export async function explainDecision(context: AdministrationContext, input: AskedAbout): Promise<DecisionExplanation> {
  const { reader, ...explanation } = await traceDecision(input)
  const groups = reader === undefined ? [] : await membershipsOf(context, input.address, reader)
  await context.store.transaction((repositories) =>
    logOperation(context, repositories, 'explain-decision', { address: input.address, granted: explanation.granted }),
  )
  return { ...explanation, groups }
}

/** The same without its line in the log. */
export async function traceDecision(
  input: AskedAbout,
): Promise<Omit<DecisionExplanation, 'groups'> & { readonly reader: Reader | undefined }> {
  const steps: TracedStep[] = []
  let reader: Reader | undefined
  try {
    const evaluation = await weighForPerson(input, {
      throttled: 'decision explanation',
      trace: (step) => void steps.push(step),
      found: (person) => {
        reader = person
      },
    })
    const { decision } = evaluation
    if (!decision.granted) throw refusalOf(decision.reason)
    return { ...previewOf(input.core, evaluation), steps, reader }
  } catch (error) {
    const code = refusalIn(error)
    const { cause, cure } = errorCatalogue[code]
    return { granted: false, reason: code, cause, cure, steps, reader }
  }
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
