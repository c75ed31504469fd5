/** Thousands of damaged variants of valid inputs, in process: what a coverage-guided run is too slow for. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { seedsOf, type FuzzTarget } from './seeds.ts'
import { fuzz as compoundFile } from './targets/compound-file.ts'
import { fuzz as jsonLicense } from './targets/json-license.ts'
import { fuzz as pfile } from './targets/pfile.ts'
import { fuzz as registrationFile } from './targets/registration-file.ts'
import { fuzz as tpd } from './targets/tpd.ts'
import { fuzz as xrml } from './targets/xrml.ts'

const targets: Readonly<Record<FuzzTarget, (bytes: Uint8Array) => void>> = {
  xrml,
  'compound-file': compoundFile,
  pfile,
  tpd,
  'json-license': jsonLicense,
  'registration-file': registrationFile,
}

const variants = 10_000
const hang = 10_000

/** Numbers that follow from their place alone; a finding prints its input. */
function numbers(target: string, variant: number): () => number {
  let block = createHash('sha256').update(`${target}:${variant}`).digest()
  let at = 0
  return () => {
    if (at + 4 > block.length) {
      block = createHash('sha256').update(block).digest()
      at = 0
    }
    at += 4
    return block.readUInt32LE(at - 4)
  }
}

const interesting = [0x00, 0x01, 0x7f, 0x80, 0xfe, 0xff, 0x3c, 0x3e, 0x26, 0x22]

function damage(seed: Uint8Array, next: () => number): Buffer {
  let bytes: Buffer = Buffer.from(seed)
  for (let step = 0; step <= next() % 6; step++) {
    const at = next() % Math.max(1, bytes.length)
    const length = next() % 64
    switch (next() % 6) {
      case 0:
        bytes[at] = interesting[next() % interesting.length] ?? 0
        break
      case 1:
        bytes[at] = (bytes[at] ?? 0) ^ (1 << (next() % 8))
        break
      case 2:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)])
        break
      case 3:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at, at + length), bytes.subarray(at)])
        break
      case 4:
        if (at + 4 <= bytes.length) bytes.writeUInt32LE(next() % 2 === 0 ? 0xffffffff : next() % bytes.length, at)
        break
      default:
        bytes = bytes.subarray(0, at)
    }
  }
  return bytes
}

for (const [name, fuzz] of Object.entries(targets)) {
  test(`${variants} damaged variants of valid input give ${name} nothing but typed errors`, async () => {
    const seeds = await seedsOf(name as FuzzTarget)
    const before = process.memoryUsage().rss
    for (let variant = 0; variant < variants; variant++) {
      const next = numbers(name, variant)
      const seed = seeds[next() % seeds.length]
      assert.ok(seed !== undefined)
      const input = damage(seed, next)
      const started = performance.now()
      try {
        fuzz(input)
      } catch (cause) {
        throw new Error(`variant ${variant}: ${input.subarray(0, 600).toString('base64')}`, { cause })
      }
      assert.ok(performance.now() - started < hang, `variant ${variant} took too long`)
    }
    assert.ok(process.memoryUsage().rss - before < 512 * 1024 * 1024)
  })
}
