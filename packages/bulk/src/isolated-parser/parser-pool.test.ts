import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { contentOf, memorySink, memorySource, writeCompoundFile, writePfile } from '@sealward/formats'
import { isRightsError } from '@sealward/xrml'
import { createParserPool } from './parser-pool.ts'

const key = randomBytes(16)
const plain = randomBytes(100_000)
let folder = ''

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'sealward-pool-'))
  const sink = memorySink()
  const content = memorySource(plain)
  writePfile({ shape: '2.1', extension: '.txt', licenseText: '<XrML/>', cipher: { mode: 'cbc4k', key }, content }, sink)
  writeFileSync(join(folder, 'good.ptxt'), sink.bytes())
  writeFileSync(join(folder, 'cut.ptxt'), sink.bytes().subarray(0, 40))
  writeFileSync(join(folder, 'plain.txt'), 'plain')
})

after(() => rmSync(folder, { recursive: true }))

test('says what files are and hands out licences without having a key', async () => {
  const pool = createParserPool({ root: folder })
  try {
    const [good, cut, plainText] = await Promise.all(['good.ptxt', 'cut.ptxt', 'plain.txt'].map((f) => pool.inspect(f)))
    assert.equal(good?.licenseText, '<XrML/>')
    assert.equal(Buffer.from(good.licenseBytes ?? []).toString(), '\ufeff<XrML/>\0')
    assert.equal(good.format, 'pfile')
    assert.deepEqual([cut?.protected, cut?.licenseText, cut?.refusal], [true, undefined, 'pfile-damaged'])
    assert.deepEqual([plainText?.protected, plainText?.format], [false, 'unknown'])
  } finally {
    await pool.close()
  }
})

test('decrypts a stream with the one key that it is given, and keeps only hash and size', async () => {
  const pool = createParserPool({ root: folder, processes: 1 })
  try {
    const expected = { size: plain.length, sha256: createHash('sha256').update(plain).digest('hex') }
    const lanes = Array.from({ length: 20 }, () =>
      pool.hashContent('good.ptxt', { mode: 'ecb', key: Buffer.from(key) }),
    )
    assert.deepEqual(new Set((await Promise.all(lanes)).map((found) => found.sha256)), new Set([expected.sha256]))
    await assert.rejects(pool.hashContent('good.ptxt', { mode: 'ecb', key: randomBytes(16) }), (error) =>
      isRightsError(error, 'content-key-mismatch', 'content-size-mismatch'),
    )
  } finally {
    await pool.close()
  }
})

test('a file that takes too long costs its process and itself, not the files behind it', async () => {
  const pool = createParserPool({ root: folder, processes: 1, limits: { milliseconds: 1 } })
  try {
    const results = await Promise.allSettled(Array.from({ length: 3 }, () => pool.inspect('good.ptxt')))
    for (const result of results) {
      if (result.status === 'rejected') assert.ok(isRightsError(result.reason, 'parser-gave-up'))
    }
  } finally {
    await pool.close()
  }
})

test('a missing file and a folder are typed errors', async () => {
  const pool = createParserPool({ root: folder, processes: 1 })
  try {
    await assert.rejects(pool.inspect('missing'), (error) => isRightsError(error, 'file-unreadable'))
    await assert.rejects(pool.inspect('.'), (error) => isRightsError(error, 'file-unreadable'))
  } finally {
    await pool.close()
  }
})

test('closing fails what is under way and leaves no process', async () => {
  const pool = createParserPool({ root: folder })
  const underWay = pool.inspect('good.ptxt')
  const outcome = assert.rejects(underWay, (error) => isRightsError(error, 'parser-gave-up'))
  await pool.close()
  await outcome
  await assert.rejects(pool.inspect('good.ptxt'), (error) => isRightsError(error, 'parser-gave-up'))
})

test('a process that breaks down costs the file at which it broke, and no other', async () => {
  const heavy = memorySink()
  const streams = Array.from({ length: 60_000 }, (_, index) => ({
    kind: 'stream' as const,
    name: `s${index}`,
    content: contentOf(new Uint8Array(0)),
  }))
  writeCompoundFile({ kind: 'storage', name: '', children: streams }, heavy)
  writeFileSync(join(folder, 'heavy.doc'), heavy.bytes())
  const pool = createParserPool({ root: folder, limits: { heapMegabytes: 12 } })
  try {
    const names = ['good.ptxt', 'heavy.doc', ...Array.from({ length: 20 }, () => 'good.ptxt')]
    const results = await Promise.allSettled(names.map((name) => pool.inspect(name)))
    const outcomes = results.map((result) => (result.status === 'fulfilled' ? 'read' : codeOf(result.reason)))
    assert.equal(outcomes.filter((outcome) => outcome === 'read').length, 21)
    assert.equal(outcomes[1], 'parser-gave-up')
  } finally {
    await pool.close()
  }
})

test('without leave to write a process writes nothing', async () => {
  const pool = createParserPool({ root: folder })
  try {
    const { state } = await pool.inspect('good.ptxt')
    const written = pool.writeContent('good.ptxt', { mode: 'cbc4k', key }, { state })
    await assert.rejects(written, (error) => isRightsError(error, 'file-not-written'))
  } finally {
    await pool.close()
  }
})

function codeOf(error: unknown): string {
  return isRightsError(error) ? error.code : String(error)
}
