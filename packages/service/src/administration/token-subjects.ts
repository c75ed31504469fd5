/**
 * Bindings of token subjects to people of the directory (`core/token-subjects.ts`). When the directory is replaced, people get
 * other identifiers and their tokens are refused until the bindings are released; so is the newcomer who is to have the
 * account of the one before.
 */
import { RightsError } from '@sealward/xrml'
import type { BoundSubject, SubjectFilter, SubjectNames } from '../core/token-subjects.ts'
import { change, type AdministrationContext } from './change.ts'

/** Of a large organisation nobody reads all. */
const listedMost = 1_000

/** @returns the first thousand, and how many there are */
export async function listTokenSubjects(
  { store }: Pick<AdministrationContext, 'store'>,
  filter: SubjectFilter,
): Promise<{ readonly count: number; readonly subjects: readonly BoundSubject[] }> {
  const [count, subjects] = [
    await store.tokenSubjects.count(filter),
    await store.tokenSubjects.list(filter, listedMost),
  ]
  return { count, subjects }
}

/**
 * The next token of each subject binds it again, to whom its addresses lead then.
 * @param input all that is given must fit; one of the three at least. `dryRun` only counts
 * @returns how many bindings are gone
 * @throws RightsError `token-subject-unknown` if there is none, `admin-request-invalid` if nothing is named
 */
export async function releaseTokenSubjects(
  context: AdministrationContext,
  input: SubjectNames & { readonly dryRun?: boolean | undefined },
): Promise<number> {
  const { issuer, subject, person, dryRun = false } = input
  const filter = { issuer, subject, person }
  if ((issuer ?? subject ?? person) === undefined) {
    throw new RightsError('admin-request-invalid', { detail: 'one of issuer, subject and person at least' })
  }
  if (dryRun) return some(await context.store.tokenSubjects.count(filter))
  return change(context, 'release-token-subjects', async ({ tokenSubjects }) => {
    const released = some(await tokenSubjects.release(filter))
    const named = Object.entries(filter).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
    return { result: released, record: { released, ...(Object.fromEntries(named) as Record<string, string>) } }
  })
}

function some(count: number): number {
  if (count === 0) throw new RightsError('token-subject-unknown')
  return count
}
