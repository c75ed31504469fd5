/** Decrypts a file of whole chunks with a key in hex: `decrypt-file.ts INPUT OUTPUT KEY`. Only for the benchmark. */
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs'
import { createChunkCipher } from '@sealward/formats'

const [input = '', output = '', key = ''] = process.argv.slice(2)
const source = openSync(input, 'r')
const target = openSync(output, 'w')
const size = fstatSync(source).size
const kernel = createChunkCipher({ mode: 'cbc4k-nopad', key: Buffer.from(key, 'hex') })
const piece = Buffer.alloc(64 * 1024)
for (let offset = 0; offset < size; ) {
  const read = readSync(source, piece, 0, piece.length, offset)
  const plain = kernel.decrypt(piece.subarray(0, read), offset / 4096)
  writeSync(target, plain)
  offset += read
}
closeSync(source)
closeSync(target)
