/** The last message of NTLM (MS-NLMP 2.2.1.3), as far as channel binding is concerned. */

/** AV_PAIR of MS-NLMP 2.2.2.1. */
export function pair(id: number, value: Uint8Array): Buffer {
  const head = Buffer.alloc(4)
  head.writeUInt16LE(id)
  head.writeUInt16LE(value.length, 2)
  return Buffer.concat([head, value])
}
export const end = pair(0, Buffer.alloc(0))
export const names = pair(2, Buffer.from('CORP', 'utf16le'))

/** AUTHENTICATE_MESSAGE with an answer of NTLMv2. */
export function message(...pairs: readonly Buffer[]): Buffer {
  const answer = Buffer.concat([Buffer.alloc(44, 1), ...pairs])
  const head = Buffer.alloc(64)
  head.write('NTLMSSP\0\x03', 'latin1')
  head.writeUInt16LE(answer.length, 20)
  head.writeUInt16LE(answer.length, 22)
  head.writeUInt32LE(head.length, 24)
  return Buffer.concat([head, answer])
}
