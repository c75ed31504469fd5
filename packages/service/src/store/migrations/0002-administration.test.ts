/** A file of the release before: everything in it stays, and whoever was in operation stays in operation. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { openTestCluster } from '../../core/cluster.fixture.ts'
import { describeService } from '../../administration/describe-service.ts'
import { addSuperUser } from '../../administration/super-users.ts'

const backwards = [
  'drop table directory_source',
  'drop table directory_entry',
  'drop table directory_sid',
  'drop table directory_address',
  'drop table directory_member',
  "delete from kysely_migration where name = '0004-synchronised-directory'",
  'drop table exclusion',
  'drop table revocation',
  'drop table issued_license',
  "delete from kysely_migration where name = '0005-exclusion'",
  'drop table offline_key',
  "delete from kysely_migration where name = '0006-offline-keys'",
  'drop table directory_stand_in',
  'drop table directory_stand_in_name',
  "delete from kysely_migration where name = '0007-stand-ins'",
  'drop table token_subject',
  "delete from kysely_migration where name = '0010-token-subjects'",
  'drop table template_scope',
  "delete from kysely_migration where name = '0011-template-scope'",
  'drop table user_domain',
  "delete from kysely_migration where name = '0003-user-domains'",
  'drop table setting',
  'drop table request_row',
  'drop table client_licensor',
  'alter table service_key drop column friendly_name',
  'alter table service_key drop column exported_at',
  "delete from kysely_migration where name = '0002-administration'",
]

for (const personality of ['cluster', 'tenant'] as const) {
  test(`a ${personality} of the release before goes on`, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sealward-migration-'))
    const file = join(folder, 'service.db')
    const settings = { personality }
    const before = await openTestCluster({ file, settings })
    const { directory, store } = before.context
    await addSuperUser(before.administration, { address: 'alice@lakeside.example', directory })
    const key = (await before.context.configuration()).activeKey!.id
    await store.close()
    const database = new DatabaseSync(file)
    for (const statement of backwards) database.exec(statement)
    database.close()

    const after = await openTestCluster({ file, settings, create: false })
    const { state, configuration, serviceId } = await describeService(after.administration)
    assert.equal(state, personality === 'cluster' ? 'serving' : 'enabled')
    assert.equal(configuration.activeKey?.id, key)
    assert.deepEqual(configuration.superUsers.addresses, ['alice@lakeside.example'])
    assert.match(serviceId, /^[0-9a-f-]{36}$/)
    await after.context.store.close()
    await rm(folder, { recursive: true })
  })
}
