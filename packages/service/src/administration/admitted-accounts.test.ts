/** Whom the closed doors admit by security identifier, with a directory in which computers have no address. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { requireAdmitted } from '../core/admitted.ts'
import { openTestCluster, type TestCluster } from '../core/cluster.fixture.ts'
import type { AccountCaller, DirectoryCaller } from '../core/ports.ts'
import { closedDoors, type ClosedDoor } from '../core/settings.ts'
import { noWindowsAccounts, type WindowsPrincipal } from '../core/windows-accounts.ts'
import { admit, dismiss } from './admission.ts'
import { listAdmittedAccounts } from './admitted-accounts.ts'

const sid = (last: number): string => `S-1-5-21-7-7-7-${last}`
const principals: readonly WindowsPrincipal[] = [
  { kind: 'account', sid: sid(2001), name: 'corp\\mail01$' },
  { kind: 'security', sid: sid(3001), name: 'corp\\servers' },
  { kind: 'distribution', sid: sid(3002), name: 'corp\\list' },
]
const computer: AccountCaller = {
  account: { id: 'id-mail01', sid: sid(2001), name: 'corp\\mail01$', disabled: false },
  authentication: 'kerberos',
}
const groups = new Map([['id-alice', [sid(3001)]]])

let cluster: TestCluster
let alice: DirectoryCaller

before(async () => {
  cluster = await openTestCluster({
    accounts: {
      ...noWindowsAccounts,
      named: async (name) =>
        principals.find((each) => [each.sid, each.name].includes(name.toLowerCase().replace(/^s-/, 'S-'))),
      groupSids: async (id) => groups.get(id) ?? [],
    },
  })
  alice = await cluster.caller('alice')
})
after(() => cluster.context.store.close())

const add = (door: ClosedDoor, member: string) =>
  admit(cluster.administration, { door, member, directory: cluster.context.directory })
const remove = (door: ClosedDoor, member: string) => dismiss(cluster.administration, { door, member })
const isAdmitted = async (caller: DirectoryCaller, door: ClosedDoor): Promise<boolean> => {
  const configuration = await cluster.context.configuration()
  return requireAdmitted(cluster.context, configuration, caller, door).then(
    (admitted) => admitted === caller,
    (error: unknown) => {
      assert.equal((error as { code?: string }).code, 'endpoint-closed')
      return false
    },
  )
}

test('an account is admitted by its identifier, at every door alone', async () => {
  for (const door of closedDoors) {
    assert.equal(await isAdmitted(computer, door), false, door)
    await add(door, 'CORP\\MAIL01$')
    assert.deepEqual([await isAdmitted(computer, door), await isAdmitted(alice, door)], [true, false], door)
    // The name is given to another account one day.
    const namesake = { ...computer, account: { ...computer.account, id: 'id-new', sid: sid(2009) } }
    assert.equal(await isAdmitted(namesake, door), false, door)
    const disabled = { ...computer, account: { ...computer.account, disabled: true } }
    const configuration = await cluster.context.configuration()
    await assert.rejects(requireAdmitted(cluster.context, configuration, disabled, door), { code: 'user-disabled' })
    await remove(door, 'corp\\mail01$')
    assert.equal(await isAdmitted(computer, door), false, door)
  }
})

test('a group without address admits people with addresses too, but not where only accounts are', async () => {
  await add('pre-licensing', 'CORP\\Servers')
  assert.deepEqual(
    [await isAdmitted(alice, 'pre-licensing'), await isAdmitted(computer, 'pre-licensing')],
    [true, false],
  )
  groups.set('id-mail01', [sid(3001)])
  assert.equal(await isAdmitted(computer, 'pre-licensing'), true)
  groups.delete('id-mail01')
  assert.equal(await isAdmitted(computer, 'pre-licensing'), false)
  await remove('pre-licensing', sid(3001))
  assert.deepEqual(await listAdmittedAccounts(cluster.administration), {})
  for (const door of ['decommissioning', 'sub-enrolment'] as const) {
    await assert.rejects(add(door, 'CORP\\Servers'), { code: 'group-refused' })
  }
  await assert.rejects(add('pre-licensing', 'CORP\\list'), { code: 'group-refused' })
})

test('who is named twice is listed once, and what nobody has is refused', async () => {
  await add('republishing', 'CORP\\MAIL01$')
  await add('republishing', sid(2001))
  assert.deepEqual(await listAdmittedAccounts(cluster.administration), {
    republishing: [{ sid: sid(2001), name: 'corp\\mail01$' }],
  })
  for (const member of ['CORP\\nobody', 'S-1-5-21-1', '\\', 'mail01']) {
    await assert.rejects(add('republishing', member), { code: 'account-not-in-directory' })
    await assert.rejects(remove('republishing', member), { code: 'account-not-in-directory' })
  }
  await remove('republishing', sid(2001))
})
