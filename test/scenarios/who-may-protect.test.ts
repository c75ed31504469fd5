/**
 * Opening and protecting are two permissions: in a read-only cluster, and in a tenant to which people move in groups, those
 * who may not protect open everything all the same, and are told the reason.
 */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { openDocument, protectFile, type Client, type Door, type Publishing } from '@sealward/client'
import { operate } from '@sealward/service'
import { openLakeside, type Lakeside } from './lakeside.ts'

const [anna, li, sofia] = ['anna.berg', 'li.chen', 'sofia.rossi'].map((name) => `${name}@lakeside.example`) as [
  string,
  string,
  string,
]

const ways: readonly (readonly [Door, Publishing])[] = [
  ['soap', 'online'],
  ['soap', 'offline'],
  ['rest', 'online'],
]

for (const { name, personality, operation, body, code } of [
  {
    name: 'a read-only cluster',
    personality: 'cluster',
    operation: 'setReadOnly',
    body: { everyone: true },
    code: 'service-read-only',
  },
  {
    name: 'a tenant with an onboarding policy',
    personality: 'tenant',
    operation: 'setOnboarding',
    body: { group: 'finance@lakeside.example', scope: 'All', useLicense: false },
    code: 'publishing-not-onboarded',
  },
] as const) {
  suite(name, () => {
    let lakeside: Lakeside
    let early = ''
    before(async () => {
      lakeside = await openLakeside({ documents: 1, personality })
      early = await protect(lakeside.client(anna), 'offline')
      // Sofia has a certificate from the time when everybody protected.
      await protect(lakeside.client(sofia), 'offline')
      const service = lakeside.service()
      const context = { administration: service.administration('ines'), core: service.context }
      await operate(context, operation, { body })
    })
    after(() => lakeside.close())

    async function protect(client: Client, publishing: Publishing): Promise<string> {
      const path = join(lakeside.newFolder(), 'note.txt')
      writeFileSync(path, 'a note')
      return (await protectFile(client, path, { grants: [{ to: li, rights: ['VIEW'] }] }, { publishing })).path
    }

    test('who may not protect opens, over both protocols, on a machine that never asked before', async () => {
      for (const door of ['soap', 'rest'] as const) {
        const { rights } = await openDocument(lakeside.client(li, door), early, { write: () => undefined })
        assert.deepEqual(rights, ['VIEW'], door)
      }
    })

    test('and protects in no way, with the reason as the code', async () => {
      for (const [door, publishing] of ways) {
        await assert.rejects(protect(lakeside.client(li, door), publishing), { code }, `${door} ${publishing}`)
      }
    })

    test('a certificate that was given before goes on working offline', async () => {
      const path = await protect(lakeside.client(sofia), 'offline')
      const { rights } = await openDocument(lakeside.client(li), path, { write: () => undefined })
      assert.deepEqual(rights, ['VIEW'])
      await assert.rejects(protect(lakeside.client(sofia), 'online'), { code })
    })

    test('a wrong password is a wrong password', async () => {
      const storeDirectory = lakeside.newFolder()
      const stranger = lakeside.client(li, 'soap', { password: () => Buffer.from('wrong'), storeDirectory })
      await assert.rejects(protect(stranger, 'online'), { code: 'credentials-refused' })
    })
  })
}
