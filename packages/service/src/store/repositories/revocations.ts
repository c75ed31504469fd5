/** What has been revoked. */
import { RightsError } from '@sealward/xrml'
import { revocationTypes, type RevocationType, type StoredRevocation } from '../../core/stored-revocation.ts'
import type { RevocationRepository } from '../../core/store.ts'
import type { RepositoryInput } from './repository-input.ts'

interface Row {
  readonly type: string
  readonly subject: string
  readonly publisher: string
  readonly id_type: string
  readonly modulus: string
  readonly revoked_at: string
}

export function revocationRepository({ database, tenant }: RepositoryInput): RevocationRepository {
  return {
    async list(types, publisher) {
      const rows = await database
        .selectFrom('revocation')
        .selectAll()
        .where('tenant', '=', tenant)
        .where('type', 'in', types)
        .$if(publisher !== undefined, (query) => query.where('publisher', '=', publisher ?? ''))
        .orderBy('revoked_at')
        .orderBy('type')
        .orderBy('subject')
        .execute()
      return rows.map(revocationOf)
    },
    async find(subjects) {
      const rows = await database
        .selectFrom('revocation')
        .selectAll()
        .where('tenant', '=', tenant)
        .where((row) => row.or(subjects.map(({ type, subject }) => row.and({ type, subject }))))
        .execute()
      return rows.map(revocationOf)
    },
    async put({ type, subject, publisher, idType, modulus, revokedAt }) {
      await database
        .insertInto('revocation')
        .values({ tenant, type, subject, publisher, id_type: idType, modulus, revoked_at: revokedAt.toISOString() })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    },
    async remove(type, subject, publisher) {
      await database
        .deleteFrom('revocation')
        .where('tenant', '=', tenant)
        .where('type', '=', type)
        .where('subject', '=', subject)
        .$if(publisher !== undefined, (query) => query.where('publisher', '=', publisher ?? ''))
        .execute()
    },
  }
}

function revocationOf(row: Row): StoredRevocation {
  return {
    type: knownType(row.type),
    subject: row.subject,
    publisher: row.publisher,
    idType: row.id_type,
    modulus: row.modulus,
    revokedAt: new Date(row.revoked_at),
  }
}

function knownType(type: string): RevocationType {
  const known = revocationTypes.find((each) => each === type)
  if (known === undefined) throw new RightsError('store-refused', { detail: `revocation of the type ${type}` })
  return known
}
