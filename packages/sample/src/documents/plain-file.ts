/** The files of the sample that rights management never touched. */
import { writePasswordEncrypted } from '../contents/password-encrypted.ts'
import type { RandomBytes } from '../randomness.ts'
import type { PlainRow } from './document-plan.ts'
import type { ExpectedDocument, SampleDocument } from './expected-document.ts'
import { defaultContentSize, writeContent } from './sample-content.ts'

export async function makePlainFile(row: PlainRow, seed: number, random: RandomBytes): Promise<SampleDocument> {
  return { bytes: await plainBytes(row, seed, random), expected: { path: row.name, ...outcomeOf(row) } }
}

function outcomeOf({ content }: PlainRow): Omit<ExpectedDocument, 'path'> {
  if (content === 'password-encrypted') {
    return { format: 'password-encrypted-office', outcome: 'fails', reason: 'file-password-encrypted' }
  }
  if (content === 'docx') return { format: 'unprotected', outcome: 'unprotected' }
  return { format: content === 'pdf' ? 'pdf' : 'unknown', outcome: 'unprotected' }
}

function plainBytes({ name, content }: PlainRow, seed: number, random: RandomBytes): Promise<Uint8Array> | Uint8Array {
  switch (content) {
    case 'password-encrypted':
      return writePasswordEncrypted(random)
    case 'empty':
      return new Uint8Array(0)
    case 'unknown':
      return Buffer.concat([Buffer.from('LKSD'), random(2048)])
    default:
      return writeContent({ kind: content, title: name, author: '', size: defaultContentSize, seed, random })
  }
}
