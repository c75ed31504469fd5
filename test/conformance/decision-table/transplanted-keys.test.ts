/**
 * The same decisions where somebody who may only read puts the sealed key of a document into a licence of his own (threat
 * C6): every door refuses where the operator wants that, and a revocation of the document reaches the forgery at each.
 */
import assert from 'node:assert/strict'
import { after, suite, test } from 'node:test'
import { keptName, newContentKey, publishOffline, rightsDataOf } from './document.ts'
import { askClient, clientSpelling, doorTable, type DecisionDoor } from './doors.ts'
import type { Outcome, Policy } from './model.ts'
import { openDecisionScene } from './scene.ts'

const doors: Readonly<Record<string, DecisionDoor>> = doorTable
const toBen: Policy = { lines: [{ target: 'address', rights: ['VIEW'] }] }

suite('a licence with the key of another document', async () => {
  const scene = await openDecisionScene({}, ['alice', 'ben', 'clara'])
  const { lakeside } = scene
  after(() => scene.close())
  const contentKey = newContentKey()
  const original = await publishOffline(scene.asker('alice').client, rightsDataOf(toBen), contentKey)
  const forged = await publishOffline(scene.asker('clara').client, rightsDataOf(toBen), contentKey)
  const ben = scene.asker('ben')

  /** Ben asks at every door, and with a client that kept nothing. */
  async function everywhere(license: readonly string[], outcome: Outcome): Promise<void> {
    for (const [door, { spelling, ask }] of Object.entries(doors)) {
      assert.equal(await ask(scene, ben, license), spelling[outcome] ?? outcome, door)
    }
    ben.client.store.removeUseLicense(keptName(license))
    assert.equal(await askClient(ben, license), clientSpelling[outcome] ?? outcome, 'client')
  }

  test('the document itself opens, and so is known', () => everywhere(original, 'granted VIEW'))

  test('the forgery opens where it is only marked', () => everywhere(forged, 'granted VIEW'))

  test('a revocation of the document reaches the forgery', async () => {
    const body = { kind: 'document', contentId: keptName(original).contentId }
    await lakeside.administer('revoke', { body })
    try {
      await everywhere(original, 'content-revoked')
      await everywhere(forged, 'content-revoked')
    } finally {
      await lakeside.administer('unrevoke', { body })
    }
  })

  test('the forgery is refused where the operator wants that, and the document is not', async () => {
    await lakeside.restart({ keyTransplant: 'deny' })
    await everywhere(forged, 'key-transplant-refused')
    await everywhere(original, 'granted VIEW')
  })
})
