/** Organisations whose account certificates are accepted. */
import type { UserDomainRepository } from '../../core/store.ts'
import type { RepositoryInput } from './repository-input.ts'
import { readTexts, writeTexts } from './texts.ts'

export function userDomainRepository({ database, tenant }: RepositoryInput): UserDomainRepository {
  return {
    async list() {
      const rows = await database
        .selectFrom('user_domain')
        .selectAll()
        .where('tenant', '=', tenant)
        .orderBy('imported_at')
        .orderBy('id')
        .execute()
      return rows.map((row) => ({
        id: row.id,
        displayName: row.display_name,
        chain: readTexts(row.chain),
        mailDomains: readTexts(row.mail_domains),
        federatedUsers: row.federated_users === 1,
        importedAt: new Date(row.imported_at),
      }))
    },
    async insert(domain) {
      await database
        .insertInto('user_domain')
        .values({
          tenant,
          id: domain.id,
          display_name: domain.displayName,
          chain: writeTexts(domain.chain),
          mail_domains: writeTexts(domain.mailDomains),
          federated_users: domain.federatedUsers ? 1 : 0,
          imported_at: domain.importedAt.toISOString(),
        })
        .execute()
    },
    async setMailDomains(id, mailDomains) {
      await database
        .updateTable('user_domain')
        .set({ mail_domains: writeTexts(mailDomains) })
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .execute()
    },
    async remove(id) {
      await database.deleteFrom('user_domain').where('tenant', '=', tenant).where('id', '=', id).execute()
    },
  }
}
