/** F1, F2: whatever a container declares, it is refused or read at the cost of the bytes that are there. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { seedsOf } from '../fuzz/seeds.ts'
import { fuzz as readCompoundFile } from '../fuzz/targets/compound-file.ts'
import { fuzz as readPfile } from '../fuzz/targets/pfile.ts'
import { costOf } from './measure.ts'

/** As sizes they are 2 and 4 GiB, as places they lie outside of every file, as sectors some mean the end of a chain. */
const hostileWords = [0x7fff_ffff, 0xffff_fff0, 0xffff_ffff]

/** Headers and directories of the seeds lie within. */
const headBytes = 4096

const containers = [
  // Tables and entries of a compound file are made of aligned words.
  { format: 'compound-file', step: 4, read: readCompoundFile },
  { format: 'pfile', step: 1, read: readPfile },
] as const

for (const { format, step, read } of containers) {
  suite(`a size or place of four bytes anywhere in the head of a ${format}`, async () => {
    for (const [index, seed] of (await seedsOf(format)).entries()) {
      test(`costs no more than the file, in seed ${index}`, () => {
        for (let at = 0; at + 4 <= Math.min(seed.length, headBytes); at += step) {
          for (const word of hostileWords) {
            const bytes = Buffer.from(seed)
            bytes.writeUInt32LE(word, at)
            // The target throws what is no typed error.
            const { mebibytes } = costOf(() => read(bytes))
            assert.ok(mebibytes < 64, `${mebibytes} MiB with ${word} at ${at}`)
          }
        }
      })
    }
  })
}
