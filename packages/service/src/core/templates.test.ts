import assert from 'node:assert/strict'
import { before, suite, test } from 'node:test'
import { parseXrml, verifySignature } from '@sealward/xrml'
import { archiveTemplate, createTemplate, listTemplates as listAll } from '../administration/templates.ts'
import { acquireTemplates, listTemplates, templateInformation } from './templates.ts'
import { findServiceLocations, licensorCertificate, serverInfo } from './service-locations.ts'
import { info, lastRecord, openTestCluster, type TestCluster } from './cluster.fixture.ts'

suite('template distribution', () => {
  let cluster: TestCluster
  let id: string
  const names = [
    { lcid: 1033, name: 'Confidential', description: '' },
    { lcid: 1031, name: 'Vertraulich', description: 'Nur intern' },
  ]
  const grants = [{ to: 'Staff@Lakeside.example', rights: ['VIEW'] }]

  before(async () => {
    cluster = await openTestCluster()
    ;({ id } = await createTemplate(cluster.administration, { names, grants, state: 'published' }))
    await createTemplate(cluster.administration, { names, grants })
  })

  test('lists published templates in the language of the caller, never with an empty description', async () => {
    const caller = await cluster.caller('alice')
    const list = (languages: readonly string[]) => listTemplates(cluster.context, { info, caller, languages })
    assert.deepEqual(await list([]), [{ id, name: 'Confidential', description: 'Confidential' }])
    assert.deepEqual(await list(['fr', 'de']), [{ id, name: 'Vertraulich', description: 'Nur intern' }])
  })

  test('gives hash and exact text; what is archived is not known', async () => {
    const caller = await cluster.caller('alice')
    const { templates, publicKey } = await templateInformation(cluster.context, { info, caller })
    assert.equal(templates.length, 1)
    const archived = (await listAll(cluster.administration)).find((template) => template.state === 'archived')
    const asked = [id.toUpperCase(), archived!.id, 'nonsense']
    const [known, ...unknown] = await acquireTemplates(cluster.context, { info, caller, ids: asked })
    assert.equal(known!.hash, templates[0]!.hash)
    const document = parseXrml(known!.text!)
    verifySignature(document)
    assert.ok(document.text.includes('staff@lakeside.example'))
    assert.deepEqual(
      unknown,
      asked.slice(1).map((guid) => ({ id: guid })),
    )
    assert.equal(publicKey.fingerprint, (await cluster.context.configuration()).activeKey!.id)
  })

  test('refuses templates that no client could use', async () => {
    const create = (changes: object) => createTemplate(cluster.administration, { names, grants, ...changes })
    for (const changes of [
      { names: [] },
      { names: [{ lcid: 1033, name: '', description: 'x' }] },
      { names: [{ lcid: 1033, name: 'a;b', description: 'x' }] },
      { grants: [] },
      { grants: [{ to: 'staff@lakeside.example', rights: [] }] },
    ]) {
      await assert.rejects(create(changes), { code: 'template-refused' })
    }
    await assert.rejects(create({ grants: [{ to: 'nowhere', rights: ['VIEW'] }] }), { code: 'address-refused' })
    await assert.rejects(archiveTemplate(cluster.administration, { id: '{0}' }), { code: 'template-unknown' })
    const record = await lastRecord(cluster, 'administration')
    assert.equal(record['operation'], 'create-template')
    assert.equal(record['actor'], 'test')
  })
})

test('the service says where it is and what it is', async () => {
  const cluster = await openTestCluster()
  const { context } = cluster
  assert.deepEqual(
    await findServiceLocations(context, {
      caller: await cluster.caller('alice'),
      types: ['LicensingInternalService', 'LicensingService', 'EnrollmentService'],
    }),
    [
      { type: 'LicensingInternalService', url: 'https://rights.lakeside.example/_wmcs/licensing' },
      { type: 'LicensingService' },
      { type: 'EnrollmentService' },
    ],
  )
  const { chain } = await licensorCertificate(context)
  assert.equal(chain.length, 2)
  assert.deepEqual((await serverInfo(context)).licensorChain, chain)
  const over = { ...context, cluster: { ...context.cluster, decommissioned: true } }
  await assert.rejects(licensorCertificate(over), { code: 'cluster-decommissioned' })
  const empty = await openTestCluster({ create: false })
  await assert.rejects(licensorCertificate(empty.context), { code: 'no-active-key' })
})
