/** Content encryption: our kernel against the one-call bound of the same cipher in the same runtime, and `openssl enc`. */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createChunkCipher, type ContentCipher } from '@sealward/formats'
import type { Effort } from '../effort.ts'
import { compare, ownCpuSeconds, show, type Party } from '../measure.ts'
import { removeFolder, run, temporaryFolder } from '../processes.ts'

const gigabyte = 1e9
const kibibyte = 1024
const mebibyte = 1024 * 1024

export async function benchContent({ rounds }: Effort): Promise<void> {
  for (const size of [64 * kibibyte, mebibyte, 16 * mebibyte]) await benchKernel(size, rounds)
  await benchOpenssl(rounds)
}

async function benchKernel(size: number, rounds: number): Promise<void> {
  const cipher: ContentCipher = { mode: 'cbc4k-nopad', key: randomBytes(16) }
  const plain = randomBytes(size)
  const kernel = createChunkCipher(cipher)
  const ciphertext = kernel.encrypt(plain, 0)
  if (Buffer.compare(kernel.decrypt(ciphertext, 0), plain) !== 0) throw new Error('decrypted content differs')
  const times = Math.max(1, Math.round((96 * mebibyte) / size))
  const party = (name: string, once: () => void): Party => ({
    name,
    work: () => ({
      amount: (times * size) / gigabyte,
      cpuSeconds: ownCpuSeconds(() => {
        for (let n = 0; n < times; n++) once()
      }),
    }),
  })
  const iv = Buffer.alloc(16)
  const decrypt = await compare(
    [
      party('bound: one CBC decryption over the buffer', () => {
        const decipher = createDecipheriv('aes-128-cbc', cipher.key, iv).setAutoPadding(false)
        decipher.update(ciphertext)
        decipher.final()
      }),
      party('decrypt CBC4K', () => void kernel.decrypt(ciphertext, 0)),
    ],
    rounds,
  )
  show(`Content kernel, AES-128, decrypt ${size / kibibyte} KiB`, 'GB', decrypt)
  const encrypt = await compare(
    [
      party('bound: one CBC encryption over the buffer', () => {
        const encipher = createCipheriv('aes-128-cbc', cipher.key, iv).setAutoPadding(false)
        encipher.update(plain)
        encipher.final()
      }),
      party('encrypt CBC4K', () => void kernel.encrypt(plain, 0)),
    ],
    rounds,
  )
  show(`Content kernel, AES-128, encrypt ${size / kibibyte} KiB`, 'GB', encrypt)
}

/** A whole process each: start, read, decrypt, write. */
async function benchOpenssl(rounds: number): Promise<void> {
  const size = 256 * mebibyte
  const folder = temporaryFolder()
  const [whole, chunked, output] = ['whole', 'chunked', 'output'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  const key = randomBytes(16)
  const hex = key.toString('hex')
  const plain = randomBytes(size)
  writeFileSync(chunked, createChunkCipher({ mode: 'cbc4k-nopad', key }).encrypt(plain, 0))
  const encipher = createCipheriv('aes-128-cbc', key, Buffer.alloc(16)).setAutoPadding(false)
  writeFileSync(whole, encipher.update(plain))
  const hash = createHash('sha256').update(plain).digest('hex')
  const party = (name: string, command: string, args: readonly string[]): Party => ({
    name,
    async work() {
      const { status, cpuSeconds } = await run(command, args)
      if (status !== 0) throw new Error(`${name}: status ${status}`)
      if (createHash('sha256').update(readFileSync(output)).digest('hex') !== hash) throw new Error(`${name}: output`)
      return { amount: size / gigabyte, cpuSeconds }
    },
  })
  const enc = ['enc', '-d', '-aes-128-cbc', '-nopad', '-K', hex, '-iv', '0'.repeat(32), '-in', whole, '-out', output]
  const decrypter = fileURLToPath(new URL('decrypt-file.ts', import.meta.url))
  const results = await compare(
    [
      party('openssl enc -d -aes-128-cbc', 'openssl', enc),
      party('sealward, CBC4K', process.execPath, [decrypter, chunked, output, hex]),
    ],
    rounds,
  )
  show('256 MiB file, decrypted by a process', 'GB', results)
  removeFolder(folder)
}
