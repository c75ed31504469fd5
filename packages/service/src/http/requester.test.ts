import assert from 'node:assert/strict'
import { test } from 'node:test'
import { networkOf, requesterOf } from './requester.ts'

const info = { correlationId: 'x', door: 'rest', remoteAddress: '192.0.2.1' } as const
const user = {
  id: '192.0.2.1',
  sid: 'S-1-5-21-1-2-3-4',
  address: 'alice@lakeside.example',
  aliases: [],
  sidHistory: [],
  displayName: 'Alice',
  disabled: false,
}

test('whoever has signed in is a person, everybody else an address, and the two never meet', () => {
  assert.equal(requesterOf({ info }), '192.0.2.1')
  assert.notEqual(requesterOf({ info, caller: { user, authentication: 'basic' } }), requesterOf({ info }))
})

test('an account without address is a person too', () => {
  const account = { id: 'id-mail01', sid: 'S-1-5-21-1-2-3-5', name: 'corp\\mail01$', disabled: false }
  assert.equal(requesterOf({ info, caller: { account, authentication: 'kerberos' } }), 'person id-mail01')
})

test('addresses of one network of IPv6 are one requester', () => {
  for (const address of [
    '2001:db8:1:2::1',
    '2001:DB8:1:2:ffff:0:0:1',
    '2001:db8:1:2:3:4:192.0.2.7',
    '2001:db8:1:2::%eth0',
  ]) {
    assert.equal(networkOf(address), '2001:db8:1:2::/64', address)
  }
  assert.notEqual(networkOf('2001:db8:1:3::1'), '2001:db8:1:2::/64')
  assert.equal(networkOf('::1'), '0:0:0:0::/64')
  assert.equal(networkOf('1::'), '1:0:0:0::/64')
})

test('addresses of IPv4 are requesters each, also where the socket speaks IPv6', () => {
  assert.equal(networkOf('192.0.2.1'), '192.0.2.1')
  assert.equal(networkOf('::ffff:192.0.2.1'), '192.0.2.1')
  assert.notEqual(networkOf('::ffff:192.0.2.2'), networkOf('192.0.2.1'))
})
