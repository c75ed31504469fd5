/**
 * What a person would get for a licence now: the evaluation behind every door, without its record and without a key
 * leaving. A migration compares the answers of two services with it. Who asked about whom is in the administration log.
 */
import { isRightsError, RightsError, type ErrorCode } from '@sealward/xrml'
import { weighLicense } from '../core/acquire-license/evaluate-license.ts'
import { readSerializedDocuments } from '../core/acquire-license/license-documents.ts'
import { timesOfGrant } from '../core/license-times.ts'
import type { CoreContext } from '../core/ports.ts'
import { readerOfUser } from '../core/resolve-principal.ts'
import { isRevoked } from '../core/revocation.ts'
import { logOperation, type AdministrationContext } from './change.ts'
import type { Evaluation } from '../core/acquire-license/evaluate-license.ts'

export interface DecisionPreview {
  readonly granted: boolean
  readonly ground?: 'owner' | 'issuer' | 'super-user' | 'policy'
  readonly rights?: readonly string[]
  /** When a licence issued now would end. */
  readonly expires?: Date
  /** Why nothing is granted: a code, or the reason of the policy. */
  readonly reason?: string
}

/** Refusals that are an answer about the licence or the person; others are errors. */
const answers: readonly ErrorCode[] = [
  'account-excluded',
  'no-matching-key',
  'publishing-license-invalid',
  'publishing-license-signature-invalid',
  'publishing-license-outside-validity',
  'symmetric-key-unsupported',
  'template-signature-invalid',
  'user-disabled',
  'user-not-in-directory',
]

/** @param core the same service, as requests see it @throws RightsError `directory-unavailable`, `unsealing-throttled` */
export async function previewDecision(
  context: AdministrationContext,
  input: { readonly core: CoreContext; readonly serialized: string; readonly address: string },
): Promise<DecisionPreview> {
  const preview = await decided(input)
  await context.store.transaction((repositories) =>
    logOperation(context, repositories, 'decide', { address: input.address, granted: preview.granted }),
  )
  return preview
}

async function decided({ core, serialized, address }: Parameters<typeof previewDecision>[1]): Promise<DecisionPreview> {
  try {
    const documents = readSerializedDocuments(serialized)
    const configuration = await core.configuration()
    const user = await core.directory.findByAddress(address)
    if (user === undefined) throw new RightsError('user-not-in-directory')
    const reader = await readerOfUser(core, configuration, user)
    // Licences that cannot be opened must not slow down the person who is only asked about.
    const evaluation = await weighLicense(core, configuration, reader, { documents, throttled: 'decision preview' })
    const key = { suspect: false, tag: '' }
    if (evaluation.decision.granted && (await isRevoked(core.store, evaluation, key))) {
      return { granted: false, reason: 'content-revoked' }
    }
    return previewOf(core, evaluation)
  } catch (error) {
    if (isRightsError(error) && answers.includes(error.code)) return { granted: false, reason: error.code }
    throw error
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
