/** Who and what gets no licences, one row per exclusion. */
import { exclusionKinds, type ExclusionKind } from '../../core/exclusion-lists.ts'
import type { ExclusionRepository } from '../../core/store.ts'
import { RightsError } from '@sealward/xrml'
import type { RepositoryInput } from './repository-input.ts'

export function exclusionRepository({ database, tenant }: RepositoryInput): ExclusionRepository {
  return {
    async list() {
      const rows = await database
        .selectFrom('exclusion')
        .selectAll()
        .where('tenant', '=', tenant)
        .orderBy('kind')
        .orderBy('subject')
        .orderBy('minimum')
        .execute()
      return rows.map(({ kind, subject, minimum, maximum, added_at }) => ({
        kind: knownKind(kind),
        subject,
        minimum,
        maximum,
        addedAt: new Date(added_at),
      }))
    },
    async put({ kind, subject, minimum, maximum, addedAt }) {
      const changed = { maximum, added_at: addedAt.toISOString() }
      await database
        .insertInto('exclusion')
        .values({ tenant, kind, subject, minimum, ...changed })
        .onConflict((conflict) => conflict.columns(['tenant', 'kind', 'subject', 'minimum']).doUpdateSet(changed))
        .execute()
    },
    async remove(kind, subject) {
      await database
        .deleteFrom('exclusion')
        .where('tenant', '=', tenant)
        .where('kind', '=', kind)
        .where('subject', '=', subject)
        .execute()
    },
  }
}

/** An exclusion of a newer version must not be passed over in silence. */
function knownKind(kind: string): ExclusionKind {
  const known = exclusionKinds.find((each) => each === kind)
  if (known === undefined) throw new RightsError('store-refused', { detail: `exclusion of the kind ${kind}` })
  return known
}
