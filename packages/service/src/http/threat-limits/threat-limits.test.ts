/**
 * The limits of the threat model at every door: what is within them is heard, what is above is refused in the form of the
 * door, with one line in the log and nothing stored. Every limit is asked at every door, or has a reason why not.
 */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, suite, test } from 'node:test'
import type { LightMyRequestResponse } from 'fastify'
import { limitTable } from '../../core/limits.ts'
import { declaredRoutes } from '../audience.ts'
import { bodyCases, type LimitCase } from './body-cases.fixture.ts'
import { doorNameOf, doorNames, refusalForm, type DoorName } from './doors.fixture.ts'
import { limitRows, reasonFor, type LimitRow } from './matrix.fixture.ts'
import { licenseCases } from './license-cases.fixture.ts'
import { messageCases } from './message-cases.fixture.ts'
import { askOverTime, timeRows } from './time-cases.fixture.ts'
import { openScene, soapQuestion, type Scene } from './scene.fixture.ts'

let folder: string
let scene: Scene
let database: DatabaseSync

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealward-limits-'))
  const file = join(folder, 'sealward.db')
  scene = await openScene(file, folder)
  database = new DatabaseSync(file, { readOnly: true })
})
after(async () => {
  database.close()
  await scene.organisation.close()
  await rm(folder, { recursive: true })
})

const asked = new Set<string>()
const cell = (row: LimitRow, door: DoorName): string => `${row} at ${door}`

/** A refusal belongs in the request log; where it decides about a licence, in the audit log as well, and nowhere else. */
const logTables = ['request_row', 'log_row', 'log_head']

/** What every other table holds, by its name, and the audit log. */
async function stored(): Promise<{ readonly tables: ReadonlyMap<string, string>; readonly audit: readonly string[] }> {
  const { rows, context } = scene.organisation.settings
  await rows.settled()
  const tables = database.prepare("select name from sqlite_master where type = 'table'").all()
  const names = tables.map(({ name }) => String(name)).filter((name) => !logTables.includes(name))
  const digest = (name: string): string =>
    createHash('sha256')
      .update(JSON.stringify(database.prepare(`select * from "${name}"`).all()))
      .digest('hex')
  const audit = [
    ...(await context.store.logs.read('licenses', 0, 10_000)),
    ...(await context.store.logs.read('administration', 0, 10_000)),
  ]
  return {
    tables: new Map(names.map((name) => [name, digest(name)])),
    audit: audit.map((row) => JSON.stringify(row)),
  }
}

/** Fails for anything but the record of one refusal. */
async function assertNothingStored(known: Awaited<ReturnType<typeof stored>>): Promise<void> {
  const now = await stored()
  const changed = [...now.tables].filter(([name, digest]) => known.tables.get(name) !== digest)
  assert.deepEqual(
    changed.map(([name]) => name),
    [],
  )
  const added = now.audit.filter((row) => !known.audit.includes(row))
  assert.ok(added.length <= 1 && added.every((row) => /outcome.{1,8}(?:refused|Failed)/.test(row)), added.join())
}

interface LogLine {
  readonly code?: string
  readonly stack?: string
}

/** The one line in the log. */
function lineOf(response: LightMyRequestResponse): LogLine {
  const id = String(response.headers['x-sealward-correlation-id'])
  const lines = scene.organisation.logged.filter((line) => line.includes(id))
  assert.equal(lines.length, 1, 'one line in the log')
  return JSON.parse(lines[0] ?? '') as LogLine
}

async function check({ row, door, below, above, code }: LimitCase): Promise<void> {
  const within = lineOf(await scene.ask(door, await below(scene)))
  assert.notEqual(within.code, code, 'within the limit')
  assert.equal(within.stack, undefined)
  const known = await stored()
  const response = await scene.ask(door, await above(scene))
  assert.equal(lineOf(response).code, code, 'above the limit')
  assert.match(response.payload, refusalForm(door))
  await assertNothingStored(known)
  asked.add(cell(row, door))
}

for (const row of limitRows) {
  const cases = [...bodyCases, ...messageCases, ...licenseCases].filter((each) => each.row === row)
  if (cases.length === 0) continue
  suite(row, () => {
    for (const [index, each] of cases.entries()) test(`at ${each.door} (${index + 1})`, () => check(each))
  })
}

suite('time', () => {
  for (const row of timeRows) {
    test(row, async () => {
      for (const door of await askOverTime(scene, row)) asked.add(cell(row, door))
    })
  }
})

/** The most questions that the directory was asked at once. */
async function together(door: DoorName, question: ReturnType<typeof soapQuestion>, limit?: number): Promise<number> {
  const { directory } = scene.organisation.context
  let now = 0
  let most = 0
  const counted = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    most = Math.max(most, ++now)
    await new Promise(setImmediate)
    now--
    return work()
  }
  const response = await scene.ask(door, {
    ...question,
    ...(limit === undefined ? {} : { limits: { itemsAtOnce: limit } }),
    context: {
      directory: {
        ...directory,
        findByAddress: (address) => counted(() => directory.findByAddress(address)),
        groupsOf: (user) => counted(() => directory.groupsOf(user)),
      },
    },
  })
  assert.equal(response.statusCode, 200)
  return most
}

suite('itemsAtOnce', () => {
  const path = { license: '/_wmcs/licensing/license.asmx', publish: '/_wmcs/licensing/publish.asmx' }
  const number = 12

  test('at SOAP LicensingService', async () => {
    const licenseeIdentities = Array.from({ length: number }, (_, at) => `p${at}@lakeside.example`)
    const question = soapQuestion(path.license, 'AcquirePreLicense', {
      requests: [{ licenseeIdentities, issuanceLicense: scene.published }],
    })
    assert.equal(await together('SOAP LicensingService', question), 4)
    assert.equal(await together('SOAP LicensingService', question, 2), 2)
    asked.add(cell('itemsAtOnce', 'SOAP LicensingService'))
  })

  test('at SOAP PublishingService', async () => {
    const requests = Array.from({ length: number }, () => ({ personaCertificates: scene.bob.accountChain }))
    const question = { ...soapQuestion(path.publish, 'GetClientLicensorCert', { requests }), person: 'bob' as const }
    assert.equal(await together('SOAP PublishingService', question), 4)
    assert.equal(await together('SOAP PublishingService', question, 2), 2)
    asked.add(cell('itemsAtOnce', 'SOAP PublishingService'))
  })
})

suite('nothing is left out', () => {
  test('every route belongs to a door', () => {
    const found = new Set(declaredRoutes(scene.server()).map(doorNameOf))
    assert.deepEqual([...found].sort(), [...doorNames].sort())
  })

  test('every limit is asked at every door, or has a reason why not', () => {
    for (const row of limitRows) {
      for (const door of doorNames) {
        const name = cell(row, door)
        const reason = reasonFor(row, door)
        if (reason === undefined) assert.ok(asked.has(name), `${name} is not asked`)
        else assert.ok(!asked.has(name), `${name} is asked, although: ${reason}`)
      }
    }
  })

  test('the standard limits are those of the threat model', () => {
    const standards = Object.fromEntries(Object.entries(limitTable).map(([name, { standard }]) => [name, standard]))
    const mebibyte = 1024 * 1024
    assert.deepEqual(standards, {
      bodyBytes: mebibyte,
      soapLicenseBodyBytes: 12 * mebibyte,
      restLicenseBodyBytes: 8 * mebibyte,
      headerSeconds: 10,
      bodySeconds: 30,
      idleSeconds: 60,
      publishingLicenseBytes: 8 * mebibyte,
      licenseeCertificateBytes: 30_720,
      applicationDataBytes: 102_400,
      chainCertificates: 16,
      xmlDepth: 64,
      xmlAttributes: 64,
      xmlElements: 100_000,
      characterReferences: 10_000,
      jsonDepth: 64,
      itemsPerCall: 100,
      itemsAtOnce: 4,
      rightsEntries: 1_000,
      templates: 1_000,
      groupDepth: 32,
      groups: 10_000,
      outboundSeconds: 5,
      outboundBytes: mebibyte,
    })
  })
})
