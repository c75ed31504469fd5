import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRightsError } from '@sealward/xrml'
import { parseChallenge, writeChallenge } from './challenge.ts'

const authorization = 'https://sts.lakeside.example/authorize'

test('a challenge is written in the form of on-premises servers', () => {
  const challenge = { authorization, resource: 'api.rms.rest.com' }
  assert.equal(writeChallenge(challenge), `Bearer realm="api.rms.rest.com", authorization="${authorization}"`)
  assert.deepEqual(parseChallenge(writeChallenge(challenge)), challenge)
  const scoped = { ...challenge, scope: 'openid' }
  assert.deepEqual(parseChallenge(writeChallenge(scoped)), scoped)
})

test('a challenge is written in the form of the cloud: the resource by its name, the scope as realm', () => {
  const challenge = { authorization, resource: 'https://api.lakeside.example/' }
  const header = `Bearer authorization="${authorization}", resource="https://api.lakeside.example/"`
  assert.equal(writeChallenge(challenge, 'cloud'), header)
  const scoped = { ...challenge, scope: 'openid' }
  assert.equal(writeChallenge(scoped, 'cloud'), header.replace('Bearer ', 'Bearer realm="openid", '))
  assert.deepEqual(parseChallenge(writeChallenge(scoped, 'cloud')), scoped)
})

const spellings: readonly (readonly [header: string, expected: object])[] = [
  [`bearer AUTHORIZATION_URI = ${authorization} , Realm= "r"`, { authorization, resource: 'r' }],
  [
    `Bearer authorization="${authorization}", resource="res", realm="scope"`,
    { authorization, resource: 'res', scope: 'scope' },
  ],
  [`Bearer authorization="${authorization}", resource="", realm="r"`, { authorization, resource: 'r' }],
  [`Bearer authorization="${authorization}", claims="eyJ=="`, { authorization }],
]

for (const [header, expected] of spellings) {
  test(`reads ${header}`, () => assert.deepEqual(parseChallenge(header), expected))
}

const unusable = [
  '',
  'Bearer',
  'Bearer realm="r"',
  `Negotiate, Bearer authorization="${authorization}"`,
  'Bearer authorization="https://sts.lakeside.example/authorize?p=1"',
  'Bearer authorization=""',
  `${'Bearer '.repeat(2_000)}authorization=${authorization}`,
]

for (const header of unusable) {
  test(`refuses ${header.slice(0, 70) || 'an empty header'}`, () => {
    assert.throws(
      () => parseChallenge(header),
      (error) => isRightsError(error, 'challenge-invalid'),
    )
  })
}

test('writes no value that a client would drop, or that would end the header', () => {
  for (const value of ['https://sts?p=1', 'a,b', 'a"b', 'a\r\nSet-Cookie: b', '']) {
    const writes = [{ authorization: value }, { authorization, resource: value }, { authorization, scope: value }]
    for (const challenge of writes) {
      assert.throws(
        () => writeChallenge(challenge),
        (error) => isRightsError(error, 'challenge-invalid'),
      )
    }
  }
})
