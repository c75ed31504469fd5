/** What every repository works on: one tenant's rows in a database, or in a transaction of it. */
import type { MasterKey } from '@sealward/keys'
import type { Kysely } from 'kysely'
import type { Schema } from '../schema.ts'

export interface RepositoryInput {
  readonly database: Kysely<Schema>
  readonly tenant: string
  readonly masterKey: MasterKey
  /** Keyed digest with the service's secret. */
  readonly mac: (purpose: string, data: Uint8Array) => Uint8Array
}
