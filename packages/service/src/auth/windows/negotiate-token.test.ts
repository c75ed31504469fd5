import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readNegotiateToken } from './negotiate-token.ts'

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}
const hex = (text: string): Buffer => Buffer.from(text, 'hex')
const identifier = (digits: string): Buffer => der(6, hex(digits))

const spnego = identifier('2b0601050502')
const kerberos = identifier('2a864886f712010202')
const kerberosOfWindows = identifier('2a864882f712010202')
const ntlm = identifier('2b06010401823702020a')
const unknown = identifier('2b06010401823702021e')

interface Parts {
  readonly mechanisms?: readonly Buffer[]
  readonly token?: Buffer | undefined
  readonly flags?: Buffer
}
const authenticator = Buffer.alloc(300, 7)
const sealed = (cipher: Buffer): Buffer => der(0x30, der(0xa0, hex('020112')), der(0xa2, der(4, cipher)))
const request = (cipher: Buffer = authenticator): Buffer =>
  der(
    0x6e,
    der(
      0x30,
      der(0xa0, hex('020105')),
      der(0xa1, hex('02010e')),
      der(0xa2, hex('030500a0000000')),
      der(0xa4, sealed(cipher)),
    ),
  )
const framed = (mechanism = kerberos, kind = '0100', cipher?: Buffer): Buffer =>
  der(0x60, mechanism, hex(kind), request(cipher))
function initial({ mechanisms = [kerberos, ntlm], token = framed(), flags = Buffer.alloc(0) }: Parts = {}): Buffer {
  const list = der(0xa0, der(0x30, ...mechanisms))
  return der(0x60, spnego, der(0xa0, der(0x30, list, flags, der(0xa2, der(4, token)))))
}
const bare = (type: number): Buffer => Buffer.from(`NTLMSSP\0${String.fromCharCode(type)}\0\0\0 and more`, 'latin1')

const kerberosTokens: Readonly<Record<string, Buffer>> = {
  'a ticket': initial(),
  'a ticket as Windows names it': initial({ mechanisms: [kerberosOfWindows, kerberos, unknown, ntlm] }),
  'a ticket with request flags': initial({ flags: der(0xa1, hex('03020560')) }),
  'a ticket framed by the other name': initial({ token: framed(kerberosOfWindows) }),
}
for (const [name, token] of Object.entries(kerberosTokens)) {
  test(`reads ${name}`, () => {
    const read = readNegotiateToken(token)
    assert.ok(read.mechanism === 'kerberos')
    assert.deepEqual(Buffer.from(read.authenticator), authenticator)
  })
}

const ntlmTokens: Readonly<Record<string, readonly [Buffer, boolean]>> = {
  'the first message': [bare(1), true],
  'the last message': [bare(3), false],
  'the first message in SPNEGO': [initial({ mechanisms: [ntlm], token: bare(1) }), true],
  'a later message in SPNEGO': [der(0xa1, der(0x30, der(0xa2, der(4, bare(3))))), false],
}
for (const [name, [token, first]] of Object.entries(ntlmTokens)) {
  test(`reads ${name} of NTLM`, () => assert.deepEqual(readNegotiateToken(token), { mechanism: 'ntlm', first }))
}

/** The first length of two bytes in the token, spelled with three. */
function longer(token: Buffer): Buffer {
  assert.equal(token[1], 0x82)
  return Buffer.concat([token.subarray(0, 1), hex('8300'), token.subarray(2)])
}
const refused: Readonly<Record<string, Buffer>> = {
  'an empty token': Buffer.alloc(0),
  'a length that is not the shortest': longer(initial()),
  'a length that is not the shortest, further inside': initial({ token: longer(framed()) }),
  'an indefinite length': Buffer.concat([hex('6080'), initial().subarray(4), hex('0000')]),
  'a length beyond the end': hex('6083ffffff'),
  'a tag of several bytes': hex('7f8101'),
  'something behind': Buffer.concat([initial(), hex('00')]),
  'Kerberos without SPNEGO': framed(),
  'an unknown mechanism': initial({ mechanisms: [unknown, kerberos] }),
  'no mechanism': initial({ mechanisms: [] }),
  'Kerberos with the token of NTLM': initial({ token: bare(1) }),
  'a ticket framed as something else': initial({ token: framed(ntlm) }),
  'an answer instead of a request': initial({ token: framed(kerberos, '0200') }),
  'an empty authenticator': initial({ token: framed(kerberos, '0100', Buffer.alloc(0)) }),
  'the challenge of a server': bare(2),
  'the beginning of NTLM': Buffer.from('NTLMSSP\0', 'latin1'),
}
for (const [name, token] of Object.entries(refused)) {
  test(`refuses ${name}`, () => assert.throws(() => readNegotiateToken(token), { code: 'credentials-refused' }))
}

test('refuses a ticket cut anywhere', () => {
  const token = initial()
  for (let length = 0; length < token.length; length++) {
    assert.throws(() => readNegotiateToken(token.subarray(0, length)), { code: 'credentials-refused' }, String(length))
  }
})

test('has only typed errors for changed bytes', () => {
  const token = initial()
  for (let at = 0; at < token.length; at++) {
    for (const value of [0, 0x7f, 0x80, 0x84, 0xff]) {
      const changed = Buffer.from(token)
      changed[at] = value
      try {
        readNegotiateToken(changed)
      } catch (error) {
        assert.equal((error as { code?: string }).code, 'credentials-refused')
      }
    }
  }
})
