/** Recognises Internet messages (RFC 5322) and rights-managed ones among them (MS-OXORMMS 2.2). */
import type { ByteSource } from './byte-source.ts'

/** First bytes of `message.rpmsg`. */
export const rpmsgMagic = Uint8Array.of(0x76, 0xe8, 0x04, 0x60, 0xc4, 0x11, 0xe3, 0x86)

/** Header fields of all parts up to the protected attachment come within this. */
const searchWindow = 1024 * 1024
const headerWindow = 16_384
const fieldLine = /^(?:[\x21-\x39\x3b-\x7e]{1,76}:[^\r\n]*|[ \t][^\r\n]*)$/
const usualField = /^(?:from|to|date|subject|received|return-path|message-id|mime-version|x-[a-z-]+|content-[a-z-]+):/i
const protectedAttachment =
  /application\/x-microsoft-rpmsg-message|^content-class:\s*rpmsg\.message|["=]message\.rpmsg/im

/** True when the file starts with header fields, two of them usual in messages. */
export function isInternetMessage(source: ByteSource): boolean {
  const lines = Buffer.from(source.read(0, headerWindow)).toString('latin1').split(/\r?\n/)
  const end = lines.indexOf('')
  // The last line of the window may be cut.
  const fields = lines.slice(0, end < 0 ? -1 : end)
  return fields.filter((line) => usualField.test(line)).length >= 2 && fields.every((line) => fieldLine.test(line))
}

export function isProtectedInternetMessage(source: ByteSource): boolean {
  return protectedAttachment.test(Buffer.from(source.read(0, searchWindow)).toString('latin1'))
}
