import assert from 'node:assert/strict'
import { createHash, X509Certificate } from 'node:crypto'
import { test } from 'node:test'
import { makeLoopbackCertificate } from '../../tls/self-signed.ts'
import { channelBindingOf, digestOf, namedChannelBinding } from './channel-binding.ts'
import { end, message, names, pair } from './ntlm-message.fixture.ts'

const binding = Buffer.alloc(16, 5)

function wrapped(token: Buffer): Buffer {
  return der(0xa1, der(0x30, der(0xa2, der(0x04, token))))
}

function der(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tag, 0x81, content.length]), content])
}

test('the digest is that of the published example', () => {
  const endPoint = Buffer.from('ea05fefecc6b0bd571dbbc5baa3ed45386d0446835f7b74c85621b9983475f95', 'hex')
  assert.equal(Buffer.from(digestOf(endPoint)).toString('hex'), '6586e99d81c2fc984e47172fd4dd0310')
})

test('a certificate is named by its digest', () => {
  const { certificate } = makeLoopbackCertificate(new Date(0), new Date(1), Buffer.alloc(16))
  const digest = createHash('sha256').update(new X509Certificate(certificate).raw).digest()
  assert.deepEqual(channelBindingOf(certificate), digestOf(digest))
})

test('a named binding is found, bare and in SPNEGO', () => {
  for (const token of [message(names, pair(0x0a, binding), end), message(pair(0x0a, binding), names, end)]) {
    for (const form of [token, wrapped(token)]) assert.deepEqual(namedChannelBinding(form), binding)
  }
})

const unbound: Readonly<Record<string, Buffer>> = {
  'without the pair': message(names, end),
  'with zeros': message(pair(0x0a, Buffer.alloc(16)), end),
  'with the pair behind the end': message(names, end, pair(0x0a, binding)),
  'of NTLMv1': message().fill(0, 20, 21).fill(24, 20, 21),
  'that is too short': message(end).subarray(0, 27),
  'in SPNEGO without message': Buffer.from('a1023000', 'hex'),
}
for (const [name, token] of Object.entries(unbound)) {
  test(`a message ${name} names none`, () => assert.equal(namedChannelBinding(token), undefined))
}

const refused: Readonly<Record<string, Buffer>> = {
  'two bindings': message(pair(0x0a, binding), pair(0x0a, binding), end),
  'a short binding': message(pair(0x0a, binding.subarray(1)), end),
  'a pair beyond the end': message(pair(0x0a, binding).subarray(0, 19)),
  'an answer beyond the end': message(names, end).subarray(0, -1),
}
for (const [name, token] of Object.entries(refused)) {
  test(`refuses ${name}`, () => assert.throws(() => namedChannelBinding(token), { code: 'credentials-refused' }))
}
