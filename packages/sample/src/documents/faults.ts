/** What goes wrong with protected documents, made on purpose, and the refusal that each must meet. */
import { decodeBase64, encodeBase64, type ErrorCode } from '@sealward/xrml'

export type Fault =
  | 'license-changed'
  | 'signature-changed'
  | 'issued-outside-range'
  | 'compound-file-damaged'
  | 'header-truncated'
  | 'content-truncated'
  | 'content-flipped'

export const faultReasons: Readonly<Record<Fault, ErrorCode>> = {
  'license-changed': 'xrml-digest-mismatch',
  'signature-changed': 'xrml-signature-invalid',
  'issued-outside-range': 'chain-issued-outside-range',
  'compound-file-damaged': 'compound-file-damaged',
  'header-truncated': 'pfile-damaged',
  'content-truncated': 'pfile-damaged',
  'content-flipped': 'content-key-mismatch',
}

/** Faults after which not even the licence can be read. */
export const unreadableFaults: ReadonlySet<Fault | undefined> = new Set<Fault>([
  'compound-file-damaged',
  'header-truncated',
  'content-truncated',
])

/** The licence text as somebody changed it after it was signed. */
export function alterLicense(fault: Fault | undefined): ((text: string) => string) | undefined {
  if (fault === 'license-changed') return renameHost
  if (fault === 'signature-changed') return changeSignature
  return undefined
}

/** One letter of the licensing address. */
function renameHost(text: string): string {
  return text.replace('//rms.', '//rns.')
}

/** One bit of the publishing licence's signature value, which stays well-formed. */
function changeSignature(text: string): string {
  const end = text.indexOf('</VALUE></SIGNATURE>')
  const start = text.lastIndexOf('>', end) + 1
  const value = decodeBase64(text.slice(start, end), 'the signature')
  const changed = Uint8Array.from(value, (byte, index) => (index === 0 ? byte ^ 1 : byte))
  return text.slice(0, start) + encodeBase64(changed) + text.slice(end)
}

/** The file as a failing disk or copy left it. @param contentSize plaintext bytes, to find the content in an Office file */
export function damageFile(fault: Fault | undefined, file: Uint8Array, contentSize: number): Uint8Array {
  switch (fault) {
    case 'compound-file-damaged':
      return withFirstDirectorySector(file, 0x00ff_ffff)
    case 'header-truncated':
      return file.subarray(0, 600)
    case 'content-truncated':
      return file.subarray(0, -7)
    case 'content-flipped':
      return withChangedContent(file, contentSize)
    default:
      return file
  }
}

/** Lets the header of a compound file point far behind its end (MS-CFB 2.2). */
function withFirstDirectorySector(file: Uint8Array, sector: number): Uint8Array {
  const damaged = Buffer.from(file)
  damaged.writeUInt32LE(sector, 48)
  return damaged
}

/** Changes the first bytes behind the size prefix of the protected stream, which starts on a (mini) sector. */
function withChangedContent(file: Uint8Array, contentSize: number): Uint8Array {
  const damaged = Buffer.from(file)
  for (let sector = 512; sector < damaged.length; sector += 64) {
    if (damaged.readBigUInt64LE(sector) !== BigInt(contentSize)) continue
    damaged.writeUInt32BE(~damaged.readUInt32BE(sector + 8) >>> 0, sector + 8)
    return damaged
  }
  throw new RangeError('the protected stream is not in the file')
}
