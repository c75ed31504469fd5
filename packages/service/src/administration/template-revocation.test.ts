/** Templates that demand a revocation list: whose list, how old, and what keeps it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRightsError } from '@sealward/xrml'
import { openTestCluster } from '../core/cluster.fixture.ts'
import { setTemplateRevocation } from './template-revocation.ts'
import { createTemplate, editTemplate, listTemplates } from './templates.ts'

const content = {
  names: [{ lcid: 1033, name: 'Offer', description: '' }],
  grants: [{ to: 'ben@lakeside.example', rights: ['VIEW'] }],
}
const day = 86_400_000

test('a template demands the list of the service or another one, keeps it when it is edited, and loses it', async () => {
  const { administration, context } = await openTestCluster()
  const { id } = await createTemplate(administration, content)
  const demanded = async () => {
    const { templates } = await context.configuration()
    return templates.get(id.slice(1, -1))?.[0]?.policy.refresh[0]
  }
  assert.equal(await demanded(), undefined)
  await setTemplateRevocation(administration, { id, demanded: { refreshDays: 2 } })
  const { activeKey, settings } = await context.configuration()
  const own = await demanded()
  assert.equal(own?.interval, 2 * day)
  assert.equal(own.points[0]?.listId, settings.serviceId)
  assert.equal(own.points[0].publicKey?.fingerprint, activeKey?.id)
  assert.equal(own.points[0].url, `https://rights.lakeside.example/sealward/v1/revocation-lists/${activeKey?.id ?? ''}`)
  await editTemplate(administration, { id, ...content, referral: 'mailto:help@lakeside.example' })
  assert.equal((await demanded())?.raw, own.raw)

  const publicKey = activeKey?.handle.publicKey.keyObject.export({ format: 'pem', type: 'spki' }).toString() ?? ''
  const listId = '{0E1B0A1C-1111-4222-8333-444455556666}'
  const elsewhere = { url: 'https://lists.lakeside.example/list.xml', listId, publicKey }
  for (const wrong of [
    { ...elsewhere, url: 'file:///etc/passwd' },
    { ...elsewhere, listId: 'none' },
    { ...elsewhere, publicKey: 'none' },
  ]) {
    await assert.rejects(
      setTemplateRevocation(administration, { id, demanded: { refreshDays: 1, elsewhere: wrong } }),
      (error) => isRightsError(error, 'exclusion-refused'),
    )
  }
  assert.equal((await demanded())?.raw, own.raw)
  await setTemplateRevocation(administration, { id, demanded: { refreshDays: 1, elsewhere } })
  assert.equal((await demanded())?.points[0]?.url, elsewhere.url)
  assert.deepEqual(
    (await listTemplates(administration)).map(({ refresh }) => refresh),
    [day],
  )
  await setTemplateRevocation(administration, { id, demanded: undefined })
  assert.equal(await demanded(), undefined)
})
