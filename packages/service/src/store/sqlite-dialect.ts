/**
 * kysely over node:sqlite: one connection, on which transactions queue. A write transaction takes its lock at the start,
 * because a reader that turns writer fails at once when somebody else writes, whatever the timeout. Node turns a Date or
 * undefined parameter silently into NULL, so both are refused.
 */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import {
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
} from 'kysely'
import { createQueue, type Queue } from './sqlite-queue.ts'
import { untilFree } from './sqlite-write-lock.ts'

/** @param writers who writes to the same file in this process */
export function sqliteDialect(database: DatabaseSync, writers: Queue): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => sqliteDriver(database, writers),
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }
}

function sqliteDriver(database: DatabaseSync, writers: Queue): Driver {
  const queue = createQueue()
  const transaction = { open: false }
  const connection = sqliteConnection(database, transaction)
  const left = (): void => {
    if (!transaction.open) return
    transaction.open = false
    writers.leave()
  }
  return {
    init: async () => {},
    acquireConnection: async () => {
      await queue.enter()
      return connection
    },
    releaseConnection: async () => queue.leave(),
    async beginTransaction() {
      await writers.enter()
      transaction.open = true
      try {
        await untilFree(() => database.exec('begin immediate'))
      } catch (error) {
        left()
        throw error
      }
    },
    async commitTransaction() {
      database.exec('commit')
      left()
    },
    async rollbackTransaction() {
      try {
        database.exec('rollback')
      } finally {
        left()
      }
    },
    destroy: async () => database.close(),
  }
}

const statementsKept = 200

interface KeptStatement {
  readonly statement: StatementSync
  readonly givesRows: boolean
}

function sqliteConnection(database: DatabaseSync, transaction: { readonly open: boolean }): DatabaseConnection {
  const kept = new Map<string, KeptStatement>()

  const prepared = (sql: string): KeptStatement => {
    const known = kept.get(sql)
    if (known !== undefined) return known
    const statement = database.prepare(sql)
    const made = { statement, givesRows: statement.columns().length > 0 }
    if (kept.size >= statementsKept) kept.clear()
    kept.set(sql, made)
    return made
  }

  const execute = <R>(query: CompiledQuery): QueryResult<R> => {
    const parameters = query.parameters.map(bindable)
    const { statement, givesRows } = prepared(query.sql)
    if (givesRows) return { rows: statement.all(...parameters) as R[] }
    const { changes } = statement.run(...parameters)
    return { rows: [], numAffectedRows: BigInt(changes) }
  }

  return {
    // A transaction has its lock already, and what fails inside of it is not to be tried again.
    executeQuery: async <R>(query: CompiledQuery) =>
      transaction.open ? execute<R>(query) : untilFree(() => execute<R>(query)),
    streamQuery: async function* <R>(query: CompiledQuery) {
      yield execute<R>(query)
    },
  }
}

function bindable(value: unknown): SQLInputValue {
  const accepted =
    value === null ||
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    value instanceof Uint8Array
  if (!accepted) throw new TypeError(`a ${typeof value} cannot be a parameter of a statement`)
  return value
}
