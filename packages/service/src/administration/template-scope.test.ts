/** Departmental templates: who is offered them, in core and configuration; the doors have a test of their own. */
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { info, lastRecord, openTestCluster, people, type TestCluster } from '../core/cluster.fixture.ts'
import type { Caller } from '../core/ports.ts'
import { acquireTemplates, listTemplates, templateInformation } from '../core/templates.ts'
import { setTemplateScope } from './template-scope.ts'
import { archiveTemplate, createTemplate, deleteTemplate, editTemplate, listTemplates as listAll } from './templates.ts'

const content = {
  names: [{ lcid: 1033, name: 'Offer', description: '' }],
  grants: [{ to: 'ben@lakeside.example', rights: ['VIEW'] }],
}
let cluster: TestCluster
let id: string
let open: string

before(async () => {
  cluster = await openTestCluster()
  ;({ id } = await createTemplate(cluster.administration, { ...content, state: 'published' }))
  ;({ id: open } = await createTemplate(cluster.administration, { ...content, state: 'published' }))
})

const setScope = (...scope: readonly string[]) => setTemplateScope(cluster.administration, { id, scope })

/** Whether somebody gets the template, by all three operations; the other one, without scope, always comes. */
async function offered(caller: Caller): Promise<boolean> {
  const request = { info, caller }
  const listed = (await listTemplates(cluster.context, request)).map((template) => template.id)
  const { templates } = await templateInformation(cluster.context, request)
  const acquired = await acquireTemplates(cluster.context, { ...request, ids: [id, open] })
  const known = acquired.filter(({ text }) => text !== undefined).map((template) => template.id)
  assert.deepEqual(
    templates.map((template) => template.id),
    listed,
  )
  assert.deepEqual(known.toSorted(), listed.toSorted())
  assert.ok(listed.includes(open))
  return listed.includes(id)
}

async function whoIsOffered(): Promise<string> {
  const names = []
  for (const name of ['alice', 'ben', 'clara']) if (await offered(await cluster.caller(name))) names.push(name)
  return names.join(' ')
}

test('members of a group see it, nested ones too, and each change counts at once', async () => {
  assert.equal(await whoIsOffered(), 'alice ben clara')
  await setScope('Staff@Lakeside.example')
  assert.equal(await whoIsOffered(), 'alice clara')
  await setScope('north@lakeside.example', 'ben.alias@lakeside.example')
  assert.equal(await whoIsOffered(), 'ben clara')
  cluster.setPeople({ ...people, groups: [] })
  assert.equal(await whoIsOffered(), 'ben')
  cluster.setPeople(people)
  await setScope('nobody@lakeside.example')
  assert.equal(await whoIsOffered(), '')
  await setScope()
  assert.equal(await whoIsOffered(), 'alice ben clara')
})

test('a new template may be published for its scope alone', async () => {
  const scope = ['Sales@lakeside.example']
  const made = await createTemplate(cluster.administration, { ...content, state: 'published', scope })
  const listedFor = async (name: string) => {
    const list = await listTemplates(cluster.context, { info, caller: await cluster.caller(name) })
    return list.some((template) => template.id === made.id)
  }
  assert.deepEqual([await listedFor('clara'), await listedFor('alice')], [true, false])
  await deleteTemplate(cluster.administration, { id: made.id })
})

test('the scope is canonical, in the log, and stays when the template is edited', async () => {
  await setScope('Staff@Lakeside.example', 'ben@lakeside.example', 'staff@lakeside.example')
  const scope = ['ben@lakeside.example', 'staff@lakeside.example']
  const { actor, operation, template, ...record } = await lastRecord(cluster, 'administration')
  assert.deepEqual([actor, operation, template], ['test', 'set-template-scope', id.slice(1, -1)])
  assert.deepEqual(record['before'], [])
  assert.deepEqual(record['scope'], scope)
  await editTemplate(cluster.administration, { id, ...content })
  await archiveTemplate(cluster.administration, { id })
  const listed = await listAll(cluster.administration)
  assert.deepEqual(
    listed.map((each) => [each.id === id, each.scope]),
    listed.map((each) => (each.id === id ? [true, scope] : [false, []])),
  )
})

test('what is no address or no template changes nothing; a removed template leaves no scope behind', async () => {
  const { version } = await cluster.context.configuration()
  await assert.rejects(setScope('alice@lakeside.example', 'nowhere'), { code: 'address-refused' })
  await assert.rejects(setTemplateScope(cluster.administration, { id: '{0}', scope: [] }), { code: 'template-unknown' })
  assert.equal((await cluster.context.configuration()).version, version)
  const wrong = createTemplate(cluster.administration, { ...content, scope: ['nowhere'] })
  await assert.rejects(wrong, { code: 'address-refused' })
  assert.equal((await cluster.context.configuration()).version, version)
  assert.deepEqual([...(await cluster.context.store.templates.scopes()).keys()], [id.slice(1, -1)])
  await deleteTemplate(cluster.administration, { id })
  assert.equal((await cluster.context.store.templates.scopes()).size, 0)
})
