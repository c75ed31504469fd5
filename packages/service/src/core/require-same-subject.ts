/**
 * A token stays with the person whose its subject was at first (threat D9). The first token of a subject is
 * mapped by its addresses and binds the subject to the person of the directory; from then on addresses that lead to somebody
 * else are an address that was given on, and the account of whoever had it must not become the newcomer.
 */
import { RightsError } from '@sealward/xrml'
import type { Clock, DirectoryUser } from './ports.ts'
import type { Store } from './store.ts'
import type { BoundSubject, TokenSubject } from './token-subjects.ts'

type World = { readonly clock: Clock; readonly store: Pick<Store, 'tokenSubjects' | 'transaction'> }

/**
 * Binds the subject at its first use. Nothing is remembered outside of the store: what an administrator releases, or another
 * process binds, counts with the next token, and looking is one read by primary key.
 * @param user to whom the addresses of the token lead; enabled
 * @throws RightsError `token-subject-mismatch`
 */
export async function requireSameSubject(world: World, subject: TokenSubject, user: DirectoryUser): Promise<void> {
  const bound = (await world.store.tokenSubjects.find(subject)) ?? (await bindFirst(world, subject, user))
  if (bound.person === user.id) return
  if (bound.refused === undefined) await recordRefusal(world, subject, user)
  throw new RightsError('token-subject-mismatch', { detail: `of ${subject.issuer}, bound to ${bound.person}` })
}

/** Of two tokens at the same time, in two processes even, one binds and the other finds it. */
function bindFirst({ clock, store }: World, subject: TokenSubject, user: DirectoryUser): Promise<BoundSubject> {
  return store.transaction(async ({ tokenSubjects }) => {
    const mine = { ...subject, person: user.id, address: user.address, boundAt: clock.now() }
    await tokenSubjects.bind(mine)
    return (await tokenSubjects.find(subject)) ?? { ...mine, refused: undefined }
  })
}

/** Once for each binding: a client that asks again and again must not fill the log. */
async function recordRefusal({ clock, store }: World, subject: TokenSubject, user: DirectoryUser): Promise<void> {
  const at = clock.now()
  await store.transaction(async ({ tokenSubjects, logs }) => {
    const bound = await tokenSubjects.find(subject)
    if (bound === undefined || bound.refused !== undefined) return
    await tokenSubjects.markRefused(subject, { person: user.id, address: user.address, at })
    await logs.append('administration', {
      at: at.toISOString(),
      actor: 'sign-in',
      operation: 'refuse-token-subject',
      ...subject,
      boundTo: { person: bound.person, address: bound.address },
      refused: { person: user.id, address: user.address },
    })
  })
}
