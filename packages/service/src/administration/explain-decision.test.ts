/** The explanation of a decision: its steps in the order in which they were taken, and nothing left behind by it. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { openAs, publishOffline, signUp } from '../core/client.fixture.ts'
import { lastRecord, openTestCluster } from '../core/cluster.fixture.ts'
import { addExclusion } from './exclusions.ts'
import { explainDecision, type DecisionExplanation } from './explain-decision.ts'
import { revoke } from './revocations.ts'
import { addSuperUser, enableSuperUsers } from './super-users.ts'

function taken({ steps }: DecisionExplanation): readonly string[] {
  return steps.map(({ step, outcome }) => `${step} ${outcome}`)
}

/** What the last step says of a refusal. */
function refused(code: string, step: string): readonly string[] {
  return [code, step, 'refused', code]
}

suite('why somebody gets a licence', async () => {
  const cluster = await openTestCluster()
  const alice = await signUp(cluster, 'alice')
  const clara = await signUp(cluster, 'clara')
  const grants = [
    { to: 'ben@lakeside.example', rights: ['EDIT'] },
    { to: 'sales@lakeside.example', rights: ['VIEW'] },
  ]
  const { chain } = await publishOffline(cluster, alice, { grants })
  const path = ['north', 'sales']
  const administration = {
    ...cluster.administration,
    explain: async (asked: string) => ({
      asked,
      type: 'person' as const,
      source: undefined,
      displayName: '',
      id: undefined,
      sid: undefined,
      sidHistory: [],
      addresses: [],
      problems: [],
      groups: [
        { name: 'sales', addresses: ['sales@lakeside.example'], kind: 'security' as const, path },
        { name: 'new', addresses: ['new@lakeside.example'], kind: 'security' as const, path: ['new'] },
      ],
    }),
  }
  const explain = (name: string, documents = chain): Promise<DecisionExplanation> =>
    explainDecision(administration, {
      core: cluster.context,
      serialized: documents.join(''),
      address: `${name}@lakeside.example`,
    })
  const before = 'service-state licence-read person exclusion licence-signed licence-opened policy'
  const passed = before.split(' ').map((step) => `${step} passed`)

  test('a member of a group, with the way into it', async () => {
    const explanation = await explain('clara')
    assert.deepEqual(taken(explanation), [
      ...passed,
      'owner does-not-apply',
      'issuer does-not-apply',
      'super-user does-not-apply',
      'content-time passed',
      'grant does-not-apply',
      'grant applies',
      'content-key passed',
      'revocation passed',
    ])
    const { granted, ground, rights, steps, groups } = explanation
    assert.deepEqual({ granted, ground, rights }, { granted: true, ground: 'policy', rights: ['VIEW'] })
    assert.deepEqual(
      steps.flatMap(({ grant }) => (grant === undefined ? [] : [grant])),
      [
        { right: 'EDIT', principal: 'ben@lakeside.example', matched: undefined, time: 'now' },
        { right: 'VIEW', principal: 'sales@lakeside.example', matched: 'group', time: 'now' },
      ],
    )
    assert.deepEqual(
      groups.find(({ address }) => address === 'sales@lakeside.example'),
      { address: 'sales@lakeside.example', counts: true, path },
    )
    // What the directory says now, and the service does not know yet, is told apart.
    assert.deepEqual(groups.at(-1), { address: 'new@lakeside.example', counts: false, path: ['new'] })
    assert.deepEqual(await openAs(cluster, clara, chain).then((use) => use.rights), ['VIEW'])
  })

  test('the owner and a super user, whose grants are not looked at', async () => {
    const owner = await explain('alice')
    assert.deepEqual(taken(owner).slice(passed.length), ['owner applies', 'content-key passed', 'revocation passed'])
    await enableSuperUsers(cluster.administration, { enabled: true })
    await addSuperUser(cluster.administration, {
      address: 'dario@lakeside.example',
      directory: cluster.context.directory,
    })
    const power = await explain('dario')
    assert.equal(power.ground, 'super-user')
    assert.ok(taken(power).includes('super-user applies'))
  })

  test('refusals name the step that decided, with code, cause and cure', async () => {
    const stranger = await explain('mallory')
    assert.equal(stranger.reason, 'no-rights')
    assert.ok(stranger.cause !== undefined && stranger.cure !== undefined)
    assert.equal(taken(stranger).filter((step) => step === 'grant does-not-apply').length, 2)
    const last = async (name: string, documents = chain): Promise<readonly unknown[]> => {
      const { reason, steps } = await explain(name, documents)
      const step = steps.at(-1)
      return [reason, step?.step, step?.outcome, step?.code]
    }
    assert.deepEqual(await last('nobody'), refused('user-not-in-directory', 'person'))
    const damaged = chain.map((text) => text.replace('lakeside', 'riverside'))
    assert.deepEqual(await last('ben', damaged), refused('publishing-license-signature-invalid', 'licence-signed'))
    assert.deepEqual(await last('ben', ['<XrML']), refused('publishing-license-invalid', 'licence-read'))
    await addExclusion(cluster.administration, { kind: 'user', subject: 'ben@lakeside.example' })
    assert.deepEqual(await last('ben'), refused('account-excluded', 'exclusion'))
    const contentId = String((await lastRecord(cluster))['contentId'])
    const { directory } = cluster.context
    await revoke(cluster.administration, { kind: 'document', contentId, directory })
    assert.deepEqual(await last('clara'), refused('content-revoked', 'revocation'))
  })

  test('the look is in the administration log, and leaves nothing else', async () => {
    const other = await publishOffline(cluster, alice, { grants })
    const licenses = (await cluster.context.store.logs.head('licenses'))?.sequence
    await explain('mallory', other.chain)
    assert.equal((await cluster.context.store.logs.head('licenses'))?.sequence, licenses)
    const { operation, address, granted } = await lastRecord(cluster, 'administration')
    assert.deepEqual(
      { operation, address, granted },
      { operation: 'explain-decision', address: 'mallory@lakeside.example', granted: false },
    )
    // Had the explanation kept the key, this licence of somebody else with the same key would be marked.
    const ben = await signUp(cluster, 'dario')
    const copy = await publishOffline(cluster, ben, { grants, contentKey: other.contentKey })
    await openAs(cluster, clara, copy.chain)
    assert.deepEqual((await lastRecord(cluster))['marks'], [])
  })
})
