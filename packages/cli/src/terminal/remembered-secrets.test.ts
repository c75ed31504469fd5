import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RightsError } from '@sealward/xrml'
import { withSecrets, type RememberedSecrets } from './remembered-secrets.ts'

test('a secret is asked for once in a command, also by several at a time', async () => {
  const asked: string[] = []
  const ask = (name: string) => () => {
    asked.push(name)
    return Promise.resolve(`secret of ${name}`)
  }
  const given = await withSecrets(async (secrets) =>
    Promise.all(['rms', 'rms', 'tenant', 'rms'].map((name) => secrets.get(name, ask(name)))),
  )
  assert.deepEqual(asked, ['rms', 'tenant'])
  assert.deepEqual(given, ['secret of rms', 'secret of rms', 'secret of tenant', 'secret of rms'])
})

test('who refuses to answer is not asked again', async () => {
  let asked = 0
  const refuse = (): Promise<string> => {
    asked++
    return Promise.reject(new RightsError('secret-missing'))
  }
  await withSecrets(async (secrets) => {
    await assert.rejects(secrets.get('rms', refuse), { code: 'secret-missing' })
    await assert.rejects(secrets.get('rms', refuse), { code: 'secret-missing' })
  })
  assert.equal(asked, 1)
})

test('nothing is known after the end, also after a bad one', async () => {
  let after: RememberedSecrets | undefined
  const failing = withSecrets(async (secrets) => {
    after = secrets
    await secrets.get('rms', () => Promise.resolve('first'))
    throw new RightsError('interrupted')
  })
  await assert.rejects(failing, { code: 'interrupted' })
  assert.equal(await after?.get('rms', () => Promise.resolve('second')), 'second')
})
