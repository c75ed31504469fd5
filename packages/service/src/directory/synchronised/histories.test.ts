/** Random histories of an organisation: what holds after every run, and that changes lead where comparing everything leads. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { synchroniseDirectory } from '../../administration/synchronise-directory.ts'
import type { AdministrationContext } from '../../administration/change.ts'
import { masterKey, start } from '../../core/cluster.fixture.ts'
import { openStore } from '../../store/open-store.ts'
import { belongs } from './settle-address.ts'
import type { SourceEntry, SourceReading, SourceStandIn } from './source-reading.ts'
import { day } from './synchronised.fixture.ts'

const addresses = ['a@lakeside.test', 'b@lakeside.test', 'c@lakeside.test', 'd@lakeside.test']
const ids = ['1', '2', '3']
/** A contact: it claims nothing, and is a member of the group when the group is there. */
const contact = '4'
const waitDays = 30

/** Addresses by entry, the primary one first; an entry without a list is not there. */
type Organisation = ReadonlyMap<string, readonly string[]>

const organisation: fc.Arbitrary<Organisation> = fc
  .tuple(...[...ids, contact].map(() => fc.option(fc.subarray(addresses, { maxLength: 3 }), { nil: undefined })))
  .map(
    (lists) =>
      new Map(lists.flatMap((list, index) => (list === undefined ? [] : [[ids[index] ?? contact, list] as const]))),
  )

const history = fc.array(fc.record({ organisation, days: fc.integer({ min: 0, max: 45 }) }), {
  minLength: 1,
  maxLength: 8,
})

function entryOf(id: string, [address, ...aliases]: readonly string[]): SourceEntry {
  return {
    immutableId: id,
    id,
    type: id === '3' ? 'group' : 'person',
    name: id,
    displayName: '',
    sid: `S-1-5-21-1-1-1-${id}`,
    sidHistory: [],
    account: undefined,
    primaryGroup: undefined,
    kind: 'security',
    disabled: false,
    expiresAt: undefined,
    address,
    aliases,
    members: id === '3' ? [...ids, contact] : [],
  }
}

function contactOf(immutableId: string, [address, ...aliases]: readonly string[]): SourceStandIn {
  return { immutableId, type: 'contact', name: immutableId, address, aliases, forest: undefined, sid: undefined }
}

function wholeOf(now: Organisation): SourceReading {
  const entries = [...now].filter(([id]) => id !== contact).map(([id, list]) => entryOf(id, list))
  const standIns = [...now].filter(([id]) => id === contact).map(([id, list]) => contactOf(id, list))
  return { source: 'source', whole: true, entries, standIns, deleted: [], cookie: 'next' }
}

function changesOf(before: Organisation, now: Organisation): SourceReading {
  const changed = [...now].filter(([id, list]) => JSON.stringify(before.get(id)) !== JSON.stringify(list))
  const deleted = [...before.keys()].filter((id) => !now.has(id))
  return { ...wholeOf(new Map(changed)), whole: false, deleted }
}

/** A store that is synchronised with whatever the test gives it. */
async function openReplica(clock: AdministrationContext['clock']) {
  const store = await openStore({ file: ':memory:', tenant: 'lakeside', masterKey })
  let before: Organisation = new Map()
  const run = (now: Organisation, byChanges: boolean) => {
    const settings = { wait: waitDays * day, percentMost: 100, every: undefined }
    const source = {
      read: async (cookies: ReadonlyMap<string, string>) => [
        byChanges && cookies.size > 0 ? changesOf(before, now) : wholeOf(now),
      ],
    }
    const context = { store, clock, actor: 'test', synchronisation: { source, settings, report: () => undefined } }
    return synchroniseDirectory(context, {}).finally(() => (before = now))
  }
  const state = async () => {
    const repository = store.synchronisedDirectory
    const { standIns } = repository
    const rows = [
      await repository.entries(),
      await repository.claimsOf(),
      await repository.membershipsIn(),
      await standIns.all(),
      await standIns.named(addresses),
    ]
    return rows.map((list: readonly object[]) => list.map((row) => JSON.stringify(row)).sort())
  }
  return { store, run, state }
}

test('changes lead where comparing everything leads, and no address goes from one to another before its time', async () => {
  await fc.assert(
    fc.asyncProperty(history, async (runs) => {
      let now = start
      const clock = { now: () => now }
      const [whole, changing] = [await openReplica(clock), await openReplica(clock)]
      /** Who had an address last, and how long somebody else has listed it alone. */
      const holders = new Map<string, string>()
      const listedSince = new Map<string, Date>()
      for (const { organisation: present, days } of runs) {
        now = new Date(now.getTime() + days * day)
        await whole.run(present, false)
        await changing.run(present, true)
        assert.deepEqual(await changing.state(), await whole.state())

        const named = await whole.store.synchronisedDirectory.standIns.named(addresses)
        assert.equal(named.length, (present.get(contact)?.length ?? 0) > 0 ? 1 : 0)
        const claims = await whole.store.synchronisedDirectory.claimsOf()
        for (const address of addresses) {
          const listing = ids.filter((id) => present.get(id)?.includes(address))
          const holding = claims.filter((claim) => claim.address === address && belongs(claim))
          assert.ok(holding.length <= 1, address)
          if (listing.length > 1) assert.deepEqual(holding, [], `${address} is contested`)
          for (const id of ids) {
            const key = `${address} ${id}`
            if (!listing.includes(id)) listedSince.delete(key)
            else if (!listedSince.has(key)) listedSince.set(key, now)
          }
          const [holder] = claims.filter((claim) => claim.address === address && claim.holder)
          const former = holders.get(address)
          if (holder !== undefined && former !== undefined && former !== holder.entry) {
            const since = listedSince.get(`${address} ${holder.entry}`) ?? now
            assert.ok(now.getTime() - since.getTime() >= waitDays * day, `${address} went over too early`)
          }
          if (holder !== undefined) holders.set(address, holder.entry)
          else assert.equal(former, undefined, `${address} was forgotten`)
        }
      }
      await whole.store.close()
      await changing.store.close()
    }),
    { numRuns: 60 },
  )
})
