/** A directory of two people, for tests of authentication. */
import type { Directory, DirectoryUser } from '../core/ports.ts'
import { noWindowsAccounts } from '../core/windows-accounts.ts'

export const alice: DirectoryUser = {
  id: 'user-alice',
  sid: 'S-1-5-21-1-2-3-1001',
  address: 'alice@lakeside.example',
  aliases: ['alice.adams@lakeside.example'],
  displayName: 'Alice Adams',
  sidHistory: [],
  disabled: false,
}

export const disabledDora: DirectoryUser = {
  ...alice,
  id: 'user-dora',
  sid: 'S-1-5-21-1-2-3-1002',
  address: 'dora@lakeside.example',
  aliases: [],
  displayName: 'Dora Dale',
  disabled: true,
}

export const bob: DirectoryUser = {
  ...alice,
  id: 'user-bob',
  sid: 'S-1-5-21-1-2-3-1003',
  address: 'bob@lakeside.example',
  aliases: [],
  displayName: 'Bob Berg',
}

export const alicePassword = 'blåbär-42'

export function peopleDirectory(): Directory {
  const people = [alice, bob, disabledDora]
  const findByAddress = async (address: string): Promise<DirectoryUser | undefined> =>
    people.find((user) => [user.address, ...user.aliases].includes(address.toLowerCase()))
  return {
    findByAddress,
    findBySid: async (sid) => people.find((user) => user.sid === sid),
    findByAccount: async (domain, name) => (domain === 'CORP' ? findByAddress(`${name}@lakeside.example`) : undefined),
    groupsOf: async () => [],
    groupsOfContact: async () => [],
    contactsIn: async () => [],
    flush: () => undefined,
    findGroup: async () => undefined,
    accounts: noWindowsAccounts,
    verifyPassword: async (address, password) =>
      Buffer.from(password).toString('utf8') === alicePassword ? findByAddress(address) : undefined,
  }
}
