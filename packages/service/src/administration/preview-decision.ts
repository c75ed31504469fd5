/**
 * What a person would get for a licence now, as the doors decide it, without the record of a decision and without a key
 * leaving. A migration compares the answers of two services with it. Who asked about whom is in the administration log.
 */
import { requirePersonality } from './require-personality.ts'
import type { Evaluation } from '../core/acquire-license/evaluate-license.ts'
import { timesOfGrant } from '../core/license-times.ts'
import type { CoreContext } from '../core/ports.ts'
import { logOperation, type AdministrationContext } from './change.ts'
import { refusalIn, weighForPerson, type AskedAbout } from './weigh-for-person.ts'

export interface DecisionPreview {
  readonly granted: boolean
  readonly ground?: 'owner' | 'issuer' | 'super-user' | 'policy'
  readonly rights?: readonly string[]
  /** When a licence issued now would end. */
  readonly expires?: Date
  /** Why nothing is granted: a code, or the reason of the policy. */
  readonly reason?: string
}

/** @throws RightsError `directory-unavailable`, `forest-unavailable`, `unsealing-throttled`; `personality-mismatch` for a state */
export async function previewDecision(context: AdministrationContext, input: AskedAbout): Promise<DecisionPreview> {
  const { address, state } = input
  if (state !== undefined) requirePersonality(context, ({ states }) => states.includes(state))
  const preview = await decided(input)
  await context.store.transaction((repositories) =>
    logOperation(context, repositories, 'decide', {
      address,
      ...(state === undefined ? {} : { state }),
      granted: preview.granted,
    }),
  )
  return preview
}

async function decided(input: AskedAbout): Promise<DecisionPreview> {
  try {
    return previewOf(input.core, await weighForPerson(input, { throttled: 'decision preview' }))
  } catch (error) {
    return { granted: false, reason: refusalIn(error) }
  }
}

/** What a grant gives. */
export function previewOf(core: CoreContext, { decision, license, configuration }: Evaluation): DecisionPreview {
  if (!decision.granted) return { granted: false, reason: decision.reason }
  const { ground } = decision
  const rights = decision.rights.map(({ right }) => right).sort()
  const now = core.clock.now().getTime()
  const ends = decision.rights.flatMap(({ times }) => {
    const { ranges, intervals } = timesOfGrant(core, configuration, { ground, validity: license.validity, times })
    return [...ranges.map(({ until }) => until.getTime()), ...intervals.map((interval) => now + interval)]
  })
  return { granted: true, ground, rights, ...(ends.length === 0 ? {} : { expires: new Date(Math.min(...ends)) }) }
}
