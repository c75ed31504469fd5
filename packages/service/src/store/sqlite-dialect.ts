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

export function sqliteDialect(database: DatabaseSync): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => sqliteDriver(database),
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }
}

function sqliteDriver(database: DatabaseSync): Driver {
  const connection = sqliteConnection(database)
  const queue = createQueue()
  return {
    init: async () => {},
    acquireConnection: async () => {
      await queue.enter()
      return connection
    },
    releaseConnection: async () => queue.leave(),
    beginTransaction: async () => database.exec('begin immediate'),
    commitTransaction: async () => database.exec('commit'),
    rollbackTransaction: async () => database.exec('rollback'),
    destroy: async () => database.close(),
  }
}

/** First come, first served; whoever leaves calls the next one in. */
function createQueue(): { enter(): Promise<void>; leave(): void } {
  const waiting: (() => void)[] = []
  let occupied = false
  return {
    enter() {
      if (occupied) return new Promise((resolve) => waiting.push(resolve))
      occupied = true
      return Promise.resolve()
    },
    leave() {
      const next = waiting.shift()
      if (next === undefined) occupied = false
      else next()
    },
  }
}

const statementsKept = 200

interface KeptStatement {
  readonly statement: StatementSync
  readonly givesRows: boolean
}

function sqliteConnection(database: DatabaseSync): DatabaseConnection {
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
    executeQuery: async <R>(query: CompiledQuery) => execute<R>(query),
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
