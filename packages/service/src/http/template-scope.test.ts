/** Both doors offer a departmental template to those in its scope alone; what was made with it opens as before. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { parseTemplates } from '@sealward/protocol'
import { setTemplateScope } from '../administration/template-scope.ts'
import { fromTemplate, restCalls, type RestCalls } from './rest/rest-calls.fixture.ts'
import { soapResponse } from './test-client.ts'
import { addressOf, openTestOrganisation, type Person, type TestOrganisation } from './test-organisation.ts'

let organisation: TestOrganisation
let server: FastifyInstance
let calls: RestCalls

before(async () => {
  organisation = await openTestOrganisation()
  server = organisation.server()
  calls = restCalls(organisation, server)
})

after(() => organisation.close())

const setScope = (...scope: readonly string[]) =>
  setTemplateScope({ ...organisation.context, actor: 'test' }, { id: organisation.templateId, scope })

/** How many templates somebody gets: over REST, in the SOAP list, and by naming the one. */
async function counts(person: Person): Promise<readonly number[]> {
  const rest = await calls.send({ path: 'templates', as: person })
  assert.equal(rest.statusCode, 200)
  const options = { authorization: organisation.basic(person) }
  const list = await soapResponse(server, 'AcquireTemplateInformation', {}, options)
  const asked = { guids: [organisation.templateId] }
  const { templates } = await soapResponse(server, 'AcquireTemplates', asked, options)
  const fetched = templates.filter(({ template }) => template !== undefined)
  return [parseTemplates(rest.payload).length, list.templates.length, fetched.length]
}

test('members of the scope get the template, others do not, from the next request on', async () => {
  assert.deepEqual(
    [await counts('alice'), await counts('carol')],
    [
      [1, 1, 1],
      [1, 1, 1],
    ],
  )
  await setScope('sales@lakeside.example')
  assert.deepEqual(
    [await counts('alice'), await counts('carol')],
    [
      [1, 1, 1],
      [0, 0, 0],
    ],
  )
  await setScope(addressOf('carol'))
  assert.deepEqual(
    [await counts('alice'), await counts('carol')],
    [
      [0, 0, 0],
      [1, 1, 1],
    ],
  )
  await setScope()
  assert.deepEqual(
    [await counts('alice'), await counts('carol')],
    [
      [1, 1, 1],
      [1, 1, 1],
    ],
  )
})

test('outside of the scope people open what was made with it, and protect with an identifier that they know', async () => {
  const license = async () => {
    const { json } = await calls.publish(fromTemplate(organisation))
    return String(json['SerializedPublishingLicense'])
  }
  const first = await license()
  await setScope(addressOf('carol'))
  assert.equal((await calls.open(first, 'bob')).json['FromTemplate'], true)
  const second = await license()
  assert.equal((await calls.open(second, 'bob')).json['FromTemplate'], true)
  const granted = await calls.open(second, 'carol')
  assert.equal(granted.json['AccessStatus'], 'AccessDenied', 'a scope grants nothing')
})
