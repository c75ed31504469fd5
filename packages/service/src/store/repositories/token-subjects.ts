/** Subjects of tokens, one row per subject and the person whose it is. */
import type { Selectable } from 'kysely'
import type { BoundSubject, SubjectFilter, SubjectNames, TokenSubjectRepository } from '../../core/token-subjects.ts'
import type { Schema } from '../schema.ts'
import type { RepositoryInput } from './repository-input.ts'

export function tokenSubjectRepository({ database, tenant }: RepositoryInput): TokenSubjectRepository {
  const columnsOf = ({ issuer, subject, person }: SubjectNames) => ({
    tenant,
    ...(issuer === undefined ? {} : { issuer }),
    ...(subject === undefined ? {} : { subject }),
    ...(person === undefined ? {} : { person }),
  })
  const rows = (filter: SubjectFilter) => {
    const query = database.selectFrom('token_subject').where((each) => each.and(columnsOf(filter)))
    return filter.refused === true ? query.where('refused_at', 'is not', null) : query
  }
  return {
    async find({ issuer, claim, subject }) {
      const row = await rows({ issuer, subject }).where('claim', '=', claim).selectAll().executeTakeFirst()
      return row === undefined ? undefined : boundOf(row)
    },
    async bind({ issuer, claim, subject, person, address, boundAt }) {
      await database
        .insertInto('token_subject')
        .values({ tenant, issuer, claim, subject, person, address, bound_at: boundAt.toISOString() })
        .onConflict((conflict) => conflict.columns(['tenant', 'issuer', 'claim', 'subject']).doNothing())
        .execute()
    },
    async markRefused({ issuer, claim, subject }, { person, address, at }) {
      await database
        .updateTable('token_subject')
        .set({ refused_person: person, refused_address: address, refused_at: at.toISOString() })
        .where((each) => each.and({ tenant, issuer, claim, subject }))
        .where('refused_at', 'is', null)
        .execute()
    },
    async count(filter) {
      const { count } = await rows(filter)
        .select((each) => each.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
      return count
    },
    async list(filter, limit) {
      const found = await rows(filter)
        .selectAll()
        .orderBy('issuer')
        .orderBy('claim')
        .orderBy('subject')
        .limit(limit)
        .execute()
      return found.map(boundOf)
    },
    async release(filter) {
      const removal = database.deleteFrom('token_subject').where((each) => each.and(columnsOf(filter)))
      return Number((await removal.executeTakeFirst()).numDeletedRows)
    },
  }
}

function boundOf(row: Selectable<Schema['token_subject']>): BoundSubject {
  const { issuer, claim, subject, person, address, refused_person, refused_address, refused_at } = row
  const refused =
    refused_person === null || refused_address === null || refused_at === null
      ? undefined
      : { person: refused_person, address: refused_address, at: new Date(refused_at) }
  return { issuer, claim, subject, person, address, boundAt: new Date(row.bound_at), refused }
}
