import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  guidFromBytes,
  guidToBytes,
  sidFromBytes,
  sidOfSameDomain,
  sidToBytes,
  syntheticSid,
  uuidOfSyntheticSid,
} from './identifiers.ts'

test('a security identifier has its authority in big-endian bytes and its parts in little-endian ones', () => {
  const bytes = '010500000000000515000000d57f957ee84d3247842a21514f040000'
  const sid = 'S-1-5-21-2123726805-1194479080-1361128068-1103'
  assert.equal(sidFromBytes(Buffer.from(bytes, 'hex')), sid)
  assert.equal(sidToBytes(sid)?.toString('hex'), bytes)
  assert.equal(sidOfSameDomain(sid, '513'), 'S-1-5-21-2123726805-1194479080-1361128068-513')
  for (const known of ['S-1-5-18', 'S-1-5-32-544', 'S-1-281474976710655-4294967295']) {
    assert.equal(sidFromBytes(sidToBytes(known) ?? Buffer.alloc(0)), known)
  }
})

test('what is cut off, too long or out of range is no security identifier', () => {
  const whole = sidToBytes('S-1-5-21-1-2-3-4') ?? Buffer.alloc(0)
  for (let length = 0; length < whole.length; length++) assert.equal(sidFromBytes(whole.subarray(0, length)), undefined)
  assert.equal(sidFromBytes(Buffer.concat([whole, Buffer.alloc(1)])), undefined)
  for (const text of [
    'S-1-5',
    'S-2-5-18',
    'S-1-5-4294967296',
    'S-1-281474976710656-1',
    `S-1-5${'-1'.repeat(16)}`,
    '',
  ]) {
    assert.equal(sidToBytes(text), undefined, text)
  }
})

test('a GUID has its first three fields in little-endian bytes', () => {
  const bytes = Buffer.from('0942 70b5 dfa9 c648 b485 b8c3 aee6 79a3'.replaceAll(' ', ''), 'hex')
  const guid = 'b5704209-a9df-48c6-b485-b8c3aee679a3'
  assert.equal(guidFromBytes(bytes), guid)
  assert.deepEqual(guidToBytes(guid), bytes)
  assert.equal(guidFromBytes(bytes.subarray(1)), undefined)
  assert.equal(guidToBytes('b5704209'), undefined)
})

test('an identifier made from a UUID leads back to it, and no account of a domain has its form', () => {
  const uuid = '2f072896-79a0-1041-914e-350484ff5a5a'
  const sid = syntheticSid(uuid) ?? ''
  assert.equal(sid, 'S-1-5-21-788998294-2040533057-2437821700-2231327322-1000')
  assert.equal(uuidOfSyntheticSid(sid), uuid)
  for (const other of ['S-1-5-21-1-2-3-1000', 'S-1-5-21-1-2-3-4-1001', 'S-1-5-21-1-2-3-4294967296-1000']) {
    assert.equal(uuidOfSyntheticSid(other), undefined, other)
  }
  assert.equal(syntheticSid('no UUID'), undefined)
})
