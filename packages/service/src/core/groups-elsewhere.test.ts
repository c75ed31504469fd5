/** Two forests whose clusters ask each other, as the cores of both see it. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, suite, test } from 'node:test'
import { RightsError } from '@sealward/xrml'
import { admit } from '../administration/admission.ts'
import type { DirectoryFile } from '../directory/directory-file.ts'
import { openTestCluster, type TestCluster } from './cluster.fixture.ts'
import type { Forest, MembershipQuestion } from './forests.ts'
import { isMemberOfAny } from './group-membership.ts'
import { askForests, groupsElsewhere } from './groups-elsewhere.ts'

const at = (domain: string, name: string): string => `${name}@${domain}.example`
const visitor = (domain: string): string => at(domain, 'visiting-server')

function peopleOf(domain: string, file: Pick<DirectoryFile, 'contacts' | 'groups'>): DirectoryFile {
  const users = ['alice', 'visiting-server'].map((name, index) => ({
    id: `${domain}-${name}`,
    sid: `S-1-5-21-7-7-7-${1000 + index}`,
    address: at(domain, name),
  }))
  return { users, ...file }
}

/** The cluster behind a port, asked like over the wire. */
function forestOf(
  domain: string,
  cluster: () => TestCluster,
  asked: MembershipQuestion[],
  named: () => boolean,
): Forest {
  return {
    name: `${domain}.test`,
    domains: [`${domain}.example`],
    async isMemberOfAny(question) {
      asked.push(question)
      const { context } = cluster()
      const user = (await context.directory.findByAddress(visitor(domain))) ?? assert.fail()
      return isMemberOfAny(context, {
        caller: { user, authentication: 'basic' },
        principal: question.person,
        groups: question.groups,
        callsSoFar: question.callsSoFar,
        question: named() ? question.question : undefined,
      })
    },
    findServiceLocations: () => Promise.resolve([]),
  }
}

const silent: Forest = {
  name: 'island.test',
  domains: ['island.example'],
  isMemberOfAny: () => Promise.reject(new RightsError('forest-unavailable')),
  findServiceLocations: () => Promise.reject(new RightsError('forest-unavailable')),
}

suite('group expansion across forests', () => {
  let lakeside: TestCluster
  let harbour: TestCluster
  let withNames = true
  const asked: MembershipQuestion[] = []
  const names = (): boolean => withNames
  before(async () => {
    const atHarbour = forestOf('harbour', () => harbour, asked, names)
    lakeside = await openTestCluster({ forests: [atHarbour, silent] })
    harbour = await openTestCluster({ forests: [forestOf('lakeside', () => lakeside, asked, names)] })
    lakeside.setPeople(
      peopleOf('lakeside', {
        contacts: [...['circle', 'crew', 'empty'].map((name) => at('harbour', name)), at('island', 'all')],
        groups: [
          { address: at('lakeside', 'circle'), members: [at('harbour', 'circle')] },
          { address: at('lakeside', 'project'), members: [at('harbour', 'crew')] },
          { address: at('lakeside', 'idle'), members: [at('harbour', 'empty')] },
          { address: at('lakeside', 'both'), members: [at('harbour', 'crew'), at('island', 'all')] },
          { address: at('lakeside', 'neither'), members: [at('harbour', 'empty'), at('island', 'all')] },
          { address: at('lakeside', 'own'), members: [at('lakeside', 'alice')] },
        ],
      }),
    )
    harbour.setPeople(
      peopleOf('harbour', {
        contacts: [at('lakeside', 'circle')],
        groups: [
          { address: at('harbour', 'circle'), members: [at('lakeside', 'circle')] },
          { address: at('harbour', 'crew'), members: [at('harbour', 'alice')] },
          { address: at('harbour', 'empty') },
        ],
      }),
    )
    for (const [domain, { administration, context }] of [
      ['lakeside', lakeside],
      ['harbour', harbour],
    ] as const) {
      const { directory } = context
      await admit(administration, { door: 'group-expansion', member: visitor(domain), directory })
    }
  })
  beforeEach(() => {
    withNames = true
    asked.length = 0
  })
  after(async () => {
    await lakeside.context.store.close()
    await harbour.context.store.close()
  })

  const elsewhere = (...groups: readonly string[]) => groupsElsewhere(lakeside.context, at('harbour', 'alice'), groups)

  test('gives the groups that another forest confirms, and asks about no others', async () => {
    const groups = ['own', 'idle', 'project', 'unknown'].map((name) => at('lakeside', name))
    const theirs = ['empty', 'crew'].map((name) => at('harbour', name))
    assert.deepEqual(await elsewhere(...groups, ...theirs), [at('lakeside', 'project'), at('harbour', 'crew')])
    const named = new Set(asked.flatMap((question) => question.groups))
    assert.deepEqual(
      [...named].toSorted(),
      ['crew', 'empty'].map((name) => at('harbour', name)),
    )
    assert.deepEqual(await elsewhere(at('lakeside', 'idle'), at('harbour', 'empty')), [])
  })

  test('a forest that is silent is no answer, unless another one says yes', async () => {
    assert.deepEqual(await elsewhere(at('lakeside', 'both')), [at('lakeside', 'both')])
    await assert.rejects(elsewhere(at('lakeside', 'neither')), { code: 'forest-unavailable' })
    await assert.rejects(elsewhere(at('island', 'all')), { code: 'forest-unavailable' })
  })

  test('groups that contain each other end with an answer, and at the counter where questions have no names', async () => {
    assert.deepEqual(await elsewhere(at('lakeside', 'circle')), [])
    assert.equal(asked.length, 3)
    withNames = false
    await assert.rejects(elsewhere(at('lakeside', 'circle')), { code: 'group-expansion-too-far' })
    const counters = asked.slice(3).map(({ callsSoFar }) => callsSoFar)
    assert.deepEqual(counters, [1, 2, 3, 4, 5, 6, 7, 8])
  })

  test('the forest that a contact names is asked, whatever its mail domain; an unknown name is none', async () => {
    const { forests } = lakeside.context
    const ask = (address: string, forest?: string) => {
      const contact = forest === undefined ? { address } : { address, forest }
      const question = {
        person: at('harbour', 'alice'),
        callsSoFar: 0,
        question: 'q',
        signal: AbortSignal.timeout(60_000),
      }
      return askForests(forests, [contact], question)
    }
    assert.equal(await ask(at('harbour', 'crew'), 'HARBOUR.test'), true)
    assert.equal(await ask(at('harbour', 'crew'), 'elsewhere.test'), true)
    asked.length = 0
    assert.equal(await ask(at('pier', 'crew'), 'Harbour.Test'), false)
    assert.deepEqual(
      asked.map(({ groups }) => groups),
      [[at('pier', 'crew')]],
    )
    assert.equal(await ask(at('pier', 'crew')), false)
    assert.equal(asked.length, 1)
    await assert.rejects(ask(at('harbour', 'crew'), 'island.test'), { code: 'forest-unavailable' })
  })

  test('nobody is asked in our name about groups that are not ours', async () => {
    const user = (await lakeside.context.directory.findByAddress(visitor('lakeside'))) ?? assert.fail()
    const request = { principal: at('harbour', 'alice'), callsSoFar: 0, question: undefined }
    const caller = { user, authentication: 'basic' } as const
    const groups = [at('harbour', 'crew'), at('island', 'all')]
    assert.equal(await isMemberOfAny(lakeside.context, { ...request, caller, groups }), false)
    assert.deepEqual(asked, [])
  })
})
