import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readConfig } from '@sealward/service'
import { limitsCheck } from './check-limits.ts'

function found(limits: object) {
  const config = readConfig({ publicUrl: 'http://127.0.0.1:8443', database: 'a.db', directory: 'a.json', limits })
  const installed = {
    config,
    configFile: 'service.json',
    folder: '.',
    masterKey: () => assert.fail('nobody needs the key'),
    takenOver: async () => [],
  }
  return limitsCheck.run({ installed, urls: [], authority: undefined, nameServers: [], now: () => new Date(0) })
}

test('a limit above the standard one is wrong, below it fine', async () => {
  const findings = await found({ xmlDepth: 128, templates: 1 })
  assert.deepEqual(
    findings.map(({ outcome, code, found: text }) => [outcome, code, text]),
    [['wrong', 'limit-raised', 'limits.xmlDepth: 128, standard 64']],
  )
  assert.deepEqual(
    (await found({ templates: 1 })).map(({ outcome }) => outcome),
    ['fine'],
  )
})
