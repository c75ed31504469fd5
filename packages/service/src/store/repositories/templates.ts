/** Rights policy templates: exact signed texts. */
import type { StoredTemplate, TemplateRepository } from '../../core/store.ts'
import type { RepositoryInput } from './repository-input.ts'

export function templateRepository({ database, tenant }: RepositoryInput): TemplateRepository {
  const removeScope = async (id: string): Promise<void> => {
    await database.deleteFrom('template_scope').where('tenant', '=', tenant).where('id', '=', id).execute()
  }
  return {
    async list() {
      const rows = await database.selectFrom('template').selectAll().where('tenant', '=', tenant).execute()
      return rows.map((row) => ({
        id: row.id,
        origin: row.origin,
        state: row.state as StoredTemplate['state'],
        text: row.text,
        changedAt: new Date(row.changed_at),
      }))
    },
    async put({ id, origin, state, text, changedAt }) {
      const changed = { state, text, changed_at: changedAt.toISOString() }
      await database
        .insertInto('template')
        .values({ tenant, id, origin, ...changed })
        .onConflict((conflict) => conflict.columns(['tenant', 'id', 'origin']).doUpdateSet(changed))
        .execute()
    },
    async remove(id) {
      await database.deleteFrom('template').where('tenant', '=', tenant).where('id', '=', id).execute()
      await removeScope(id)
    },
    async scopes() {
      const rows = await database
        .selectFrom('template_scope')
        .select(['id', 'address'])
        .where('tenant', '=', tenant)
        .orderBy('address')
        .execute()
      const scopes = new Map<string, string[]>()
      for (const { id, address } of rows) {
        const scope = scopes.get(id) ?? []
        scopes.set(id, scope)
        scope.push(address)
      }
      return scopes
    },
    async putScope(id, addresses) {
      await removeScope(id)
      // One by one: databases limit the parameters of a statement.
      for (const address of addresses) {
        await database.insertInto('template_scope').values({ tenant, id, address }).execute()
      }
    },
  }
}
