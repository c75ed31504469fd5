/**
 * Two organisations with a forest each share documents through groups that span both (MS-RMPRS 3.3.4.1): every cluster asks
 * the other one about groups that are not its own, and refuses nobody because the other one is silent.
 *
 * Not here: contacts of Active Directory (see stand-ins.test.ts of the directories), and Windows sign-in between the servers.
 */
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { openDocument, protectFile } from '@sealward/client'
import { faultNames } from '@sealward/protocol'
import {
  openForestServices,
  otherOf,
  sides,
  visitingServer,
  type ForestServices,
  type Side,
} from './forest-services.ts'

const at = (side: Side, name: string): string => `${name}@${side}.example`
const [anna, omar, ida] = ['anna', 'omar', 'ida'].map((name) => at('lakeside', name)) as [string, string, string]
const [fritz, gerda] = ['fritz', 'gerda'].map((name) => at('harbour', name)) as [string, string]
/** Of Harbour, with another mail domain than its first one. */
const hanno = 'hanno@pier.example'
/** Of Harbour, with an account at Lakeside as well. */
const mira = at('harbour', 'mira')

const people = {
  lakeside: {
    users: [anna, omar, ida, mira],
    contacts: [fritz, hanno, at('harbour', 'crew'), at('harbour', 'circle')],
    groups: {
      [at('lakeside', 'project')]: [ida, at('lakeside', 'guests')],
      [at('lakeside', 'guests')]: [fritz, hanno, at('harbour', 'crew')],
      [at('lakeside', 'staff')]: [omar],
      [at('lakeside', 'circle')]: [at('harbour', 'circle')],
    },
  },
  harbour: {
    users: [fritz, gerda, hanno],
    contacts: [anna, at('lakeside', 'staff'), at('lakeside', 'circle')],
    groups: {
      [at('harbour', 'crew')]: [gerda],
      [at('harbour', 'visitors')]: [anna, at('lakeside', 'staff')],
      [at('harbour', 'circle')]: [at('lakeside', 'circle'), gerda],
    },
  },
}

const rights = ['PRINT', 'VIEW']
const unavailable = { code: 'forest-unavailable' }
const noRights = { code: 'no-rights' }
const untrusted = { code: 'account-certificate-untrusted' }

interface UserDomains {
  readonly userDomains: readonly { readonly id: string; readonly own: boolean }[]
}

function sideOf(user: string): Side {
  return user.endsWith('@lakeside.example') ? 'lakeside' : 'harbour'
}

function membership(person: string, groups: readonly string[], crossForestCallsSoFar: number) {
  return { principalName: person, principalCrossForest: person, targetGroups: groups, crossForestCallsSoFar }
}

/** @param synchronised the sides whose service keeps its directory in its own database */
export function twoForests(name: string, synchronised: readonly Side[]): void {
  suite(`two forests, ${name}`, () => tell(synchronised))
}

function tell(synchronised: readonly Side[]): void {
  let forests: ForestServices
  let documents = 0
  let stores = 0
  const written = new Map<string, string>()

  before(async () => {
    forests = await openForestServices(people, synchronised)
    for (const [name, author, groups] of [
      ['project', anna, [at('lakeside', 'project')]],
      ['foreign', ida, [at('harbour', 'visitors')]],
      ['circle', anna, [at('lakeside', 'circle')]],
      ['theirs', fritz, [at('harbour', 'visitors'), at('lakeside', 'staff')]],
    ] as const) {
      written.set(name, await write(author, groups))
    }
  })
  after(() => forests.close())

  async function write(author: string, groups: readonly string[]): Promise<string> {
    const folder = join(forests.folder, 'documents')
    mkdirSync(folder, { recursive: true })
    const plain = join(folder, `note ${documents++}.txt`)
    writeFileSync(plain, `What ${author} wrote.`)
    const side = sideOf(author)
    const policy = { grants: groups.map((to) => ({ to, rights: ['VIEW', 'PRINT'] })) }
    const client = forests.client(side, author, 'authors')
    return (await protectFile(client, plain, policy, { original: 'replace', publishing: 'online' })).path
  }

  /** On a machine that has no licence yet. */
  async function open(user: string, name: string, store = `store-${stores++}`): Promise<readonly string[]> {
    const client = forests.client(sideOf(user), user, store)
    const opened = await openDocument(client, written.get(name) ?? '', { write: () => undefined })
    return [...opened.rights].sort()
  }

  function trust(side: Side, ...mailDomains: readonly string[]): Promise<unknown> {
    const other = otherOf[side]
    const domains = mailDomains.flatMap((domain) => ['--mail-domain', domain])
    const words = ['--name', other, '--trust', forests.roots[other], ...domains, '--data', side, '--yes']
    return forests.done('trust', 'user-domain', 'import', `${other}.bin`, ...words)
  }

  async function isMember(side: Side, person: string, group: string, calls: number, user?: string): Promise<unknown> {
    const request = membership(person, [group], calls)
    const answer = await forests.ask(side, 'groupexpansion', 'IsPrincipalMemberOf', request, user)
    return answer.kind === 'fault' ? answer.fault.full : answer.response.member
  }

  test('a server that is not admitted learns nothing, and what it cannot learn is no answer about rights', async () => {
    for (const user of [undefined, ida]) {
      assert.equal(await isMember('lakeside', ida, at('lakeside', 'project'), 0, user), faultNames.unauthorizedAccess)
    }
    await assert.rejects(open(omar, 'foreign'), unavailable)
    for (const side of sides) {
      await forests.done('admission', 'add', 'group-expansion', visitingServer[side], '--data', side, '--yes')
    }
  })

  test('our people open what is granted to a group of the other forest, also through groups of ours within it', async () => {
    assert.deepEqual(await open(anna, 'foreign'), rights)
    assert.deepEqual(await open(omar, 'foreign'), rights)
  })

  test('people of the other forest open by their contact and by a group of theirs that is a member', async () => {
    await assert.rejects(open(fritz, 'project'), untrusted)
    for (const side of sides) {
      await forests.done('trust', 'user-domain', 'export', '--output', `${side}.bin`, '--data', side)
    }
    for (const side of sides) await trust(side, `${otherOf[side]}.example`)
    assert.deepEqual(await open(ida, 'project'), rights)
    assert.deepEqual(await open(fritz, 'project'), rights)
    assert.deepEqual(await open(gerda, 'project'), rights)
    assert.deepEqual(await open(anna, 'theirs'), rights)
    assert.deepEqual(await open(omar, 'theirs'), rights)
    await assert.rejects(open(omar, 'project'), noRights)
    await assert.rejects(open(ida, 'theirs'), noRights)
  })

  test('another mail domain of the partner is refused as long as it is not listed', async () => {
    await assert.rejects(open(hanno, 'project'), untrusted)
    const { userDomains } = await forests.done<UserDomains>(
      'trust',
      'user-domain',
      'list',
      '--data',
      'lakeside',
      '--json',
    )
    const { id = '' } = userDomains.find(({ own }) => !own) ?? {}
    const change = (...domains: readonly string[]): Promise<unknown> => {
      const words = domains.flatMap((domain) => ['--mail-domain', domain])
      return forests.done('trust', 'user-domain', 'change', id, ...words, '--data', 'lakeside', '--yes')
    }
    // What belongs to a forest is not covered by an asterisk.
    await change('*')
    await assert.rejects(open(fritz, 'project'), untrusted)
    await change('harbour.example', '*')
    assert.deepEqual(await open(hanno, 'project'), rights)
  })

  test('a membership that ended at the partner counts with the next licence', async () => {
    assert.deepEqual(await open(gerda, 'project'), rights)
    await forests.setPeople('harbour', {
      ...people.harbour,
      groups: { ...people.harbour.groups, [at('harbour', 'crew')]: [] },
    })
    await assert.rejects(open(gerda, 'project'), noRights)
    await forests.setPeople('harbour', people.harbour)
    assert.deepEqual(await open(gerda, 'project'), rights)
  })

  test('while the other cluster is away nobody is refused for good, and afterwards nothing of it is left', async () => {
    await forests.services.harbour.stop()
    await assert.rejects(open(omar, 'foreign'), unavailable)
    // Who has rights by what this forest knows does not depend on the other one.
    assert.deepEqual(await open(ida, 'project'), rights)
    await forests.services.harbour.start()
    assert.deepEqual(await open(omar, 'foreign'), rights)
  })

  test('groups of two forests that contain each other end with an answer', async () => {
    await assert.rejects(open(omar, 'circle'), noRights)
    assert.deepEqual(await open(gerda, 'circle'), rights)
    for (const side of sides) {
      const user = visitingServer[side]
      assert.equal(await isMember(side, omar, at(side, 'circle'), 1, user), false)
      assert.equal(await isMember(side, gerda, at(side, 'circle'), 1, user), true)
    }
  })

  test('both clusters refuse a question that has gone through ten calls', async () => {
    for (const side of sides) {
      const user = visitingServer[side]
      assert.equal(await isMember(side, at(side, 'nobody'), at(side, 'staff'), 8, user), false)
      assert.equal(await isMember(side, at(side, 'nobody'), at(side, 'staff'), 9, user), faultNames.unspecifiedError)
      // One more call would be the tenth.
      assert.equal(await isMember(side, omar, at(side, 'circle'), 8, user), faultNames.unspecifiedError)
    }
  })

  function directories(side: Side): readonly string[] {
    return ['licensing', 'certification'].map((name) => `${forests.services[side].url}/_wmcs/${name}`)
  }

  test('somebody of the other forest is told where the services there are', async () => {
    const serviceTypes = ['LicensingInternalService', 'CertificationInternalService', 'EnrollmentService'] as const
    const ask = async (user: string): Promise<readonly unknown[]> => {
      const answer = await forests.ask('lakeside', 'licensing', 'FindServiceLocationsForUser', { serviceTypes }, user)
      assert.equal(answer.kind, 'response')
      return answer.response.locations.map(({ url }) => url)
    }
    assert.deepEqual(await ask(mira), [...directories('harbour'), undefined])
    assert.deepEqual(await ask(omar), [...directories('lakeside'), undefined])
  })
}
