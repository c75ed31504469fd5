/** Policies and templates: everything that they say comes back. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { parseXrml } from '../document.ts'
import { noTimes } from '../elements/rights-list.ts'
import { at, guid, hierarchy, issuedAt, licensingUrl, owner } from '../hierarchy.fixture.ts'
import { parsePolicy } from '../rights/policy.ts'
import { verifySignature } from '../signature.ts'
import { issueRightsTemplate, writeRightsData } from './rights-policy.ts'

const day = 86_400_000
const { documents, keys, licensor } = await hierarchy()

suite('policies', () => {
  test('a template starts with its owner and says what it was made of', () => {
    const policy = parsePolicy(documents.template)
    verifySignature(documents.template)
    assert.equal(policy.official, true)
    assert.equal(policy.id, guid('a').slice(1, -1))
    assert.deepEqual(policy.names, [{ lcid: 1033, name: 'Read <only>', description: 'Staff & guests' }])
    assert.deepEqual(
      policy.entries.map(({ right, principal }) => [right, principal?.name ?? principal?.id]),
      [
        ['OWNER', 'Owner'],
        ['VIEW', 'staff@lakeside.example'],
        ['DOCEDIT', 'staff@lakeside.example'],
      ],
    )
    assert.ok(!documents.template.text.includes('SECURITYLEVEL'))
  })

  test('everything that a policy can say comes back', async () => {
    const range = { from: at('2021-01-01T00:00'), until: at('2022-01-01T00:00') }
    const fields = {
      id: guid('d'),
      names: [{ lcid: 1033, name: 'A', description: 'B' }],
      grants: [
        { to: 'any.one@lakeside.example', rights: ['VIEW'], times: { ranges: [range], intervals: [7 * day] } },
        { to: 'anyone', rights: ['PRINT'] },
        { to: 'Owner', rights: ['OWNER'] },
      ],
      preconditions: { ranges: [range], intervals: [365 * day] },
      applicationData: [{ name: 'VIEWER', value: '1' }],
      referral: 'mailto:help@lakeside.example',
    }
    const data = parsePolicy(parseXrml(writeRightsData({ ...fields, issuedAt, contentId: guid('e'), owner })))
    const template = parsePolicy(
      parseXrml(
        await issueRightsTemplate({
          ...fields,
          issuedAt,
          licensor,
          publishingUrl: licensingUrl,
          key: keys.server.handle,
        }),
      ),
    )
    for (const policy of [data, template]) {
      assert.equal(policy.id, guid('d').slice(1, -1))
      assert.deepEqual(policy.names, fields.names)
      assert.deepEqual(policy.preconditions, fields.preconditions)
      assert.deepEqual(policy.applicationData, fields.applicationData)
      assert.equal(policy.referral, fields.referral)
      assert.deepEqual(
        policy.entries.slice(policy.official ? 1 : 0).map(({ principal, times }) => [principal, times]),
        [
          [
            { idType: 'Unspecified', id: '', name: 'any.one@lakeside.example' },
            { ranges: [range], intervals: [7 * day] },
          ],
          [{ idType: 'Internal', id: 'ANYONE', name: undefined }, noTimes],
          [{ idType: 'Internal', id: 'Owner', name: undefined }, noTimes],
        ],
      )
    }
    assert.deepEqual([data.official, data.owner], [false, owner])
    assert.deepEqual([template.official, template.owner], [true, undefined])
  })

  test('names of persons and policies cannot break out of their elements', () => {
    const hostile = '</NAME></OBJECT></PRINCIPAL><NAME>"&\''
    const text = writeRightsData({
      id: guid('d'),
      names: [{ lcid: 1, name: hostile, description: hostile }],
      grants: [{ to: hostile, rights: [`X"><VIEW>`] }],
      issuedAt,
      contentId: 'c"',
      owner: { ...owner, address: hostile },
    })
    const policy = parsePolicy(parseXrml(text))
    assert.equal(policy.names[0]?.name, hostile)
    assert.equal(policy.entries[0]?.principal?.name, hostile)
    assert.equal(policy.entries[0].right, 'X"><VIEW>')
    assert.equal(policy.owner?.address, hostile)
  })

  test('line ends of descriptions are LF, whoever typed them', async () => {
    const text = await issueRightsTemplate({
      id: guid('d'),
      names: [{ lcid: 1, name: 'a\r\nb', description: 'c\rd' }],
      grants: [],
      issuedAt,
      licensor,
      publishingUrl: licensingUrl,
      key: keys.server.handle,
    })
    assert.ok(!text.includes('\r'))
    assert.deepEqual(parsePolicy(parseXrml(text)).names, [{ lcid: 1, name: 'a\nb', description: 'c\nd' }])
  })
})
