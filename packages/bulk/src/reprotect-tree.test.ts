import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import {
  memorySink,
  memorySource,
  openProtected,
  readPieces,
  writePfile,
  writeProtectedOffice,
} from '@sealward/formats'
import { RightsError } from '@sealward/xrml'
import { createParserPool, type ParserPool } from './isolated-parser/parser-pool.ts'
import { openRunJournal } from './run-journal.ts'
import { reprotectTree, type PublishOrder, type ReprotectTreeOptions } from './reprotect-tree.ts'

const oldKey = randomBytes(16)
const newKey = randomBytes(32)
const plain = Buffer.concat([Buffer.from('PK\x03\x04'), randomBytes(200_000)])
const template = { templateId: '{22222222-2222-4222-8222-222222222222}' }
let folder = ''
let root = ''
let pool: ParserPool
let orders: PublishOrder[] = []

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'sealward-reprotect-'))
  root = join(folder, 'documents')
  pool = createParserPool({ root, writable: true })
})
after(async () => {
  await pool.close()
  rmSync(folder, { recursive: true })
})
beforeEach(() => {
  orders = []
  mkdirSync(join(root, 'sub'), { recursive: true })
  const content = memorySource(plain)
  const licenseText = '<XrML>old</XrML>'
  const text = memorySink()
  writePfile({ shape: '2.1', extension: '.txt', licenseText, cipher: { mode: 'cbc4k', key: oldKey }, content }, text)
  const office = memorySink()
  writeProtectedOffice({ licenseText, cipher: { mode: 'ecb', key: oldKey }, content }, office)
  writeFileSync(join(root, 'a.ptxt'), text.bytes(), { mode: 0o640 })
  utimesSync(join(root, 'a.ptxt'), 1e9, 1e9)
  writeFileSync(join(root, 'sub/b.docx'), office.bytes())
  writeFileSync(join(root, 'sub/c.txt'), 'clear')
})
afterEach(() => {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true })
})

function options(more: Partial<ReprotectTreeOptions> = {}): ReprotectTreeOptions {
  return {
    root,
    pool,
    targetKeys: [],
    replacement: () => template,
    license: ({ format }) =>
      Promise.resolve({
        cipher: { mode: format === 'pfile' ? 'cbc4k' : 'ecb', key: oldKey },
        rights: ['OWNER'],
        owner: 'anna@lakeside.example',
        expiresAt: undefined,
        contentId: '',
        from: 'service',
      }),
    publish: (order) => {
      orders.push(order)
      return Promise.resolve({
        documents: ['<XrML>new</XrML>'],
        cipher: { mode: order.choice.mode, key: newKey.subarray(0, order.choice.keyBytes) },
        owner: order.owner ?? 'ines@lakeside.example',
        useLicense: undefined,
      })
    },
    ...more,
  }
}

async function run(more: Partial<ReprotectTreeOptions> = {}): Promise<readonly string[]> {
  const lines: string[] = []
  for await (const item of reprotectTree(options(more))) {
    const fact = 'code' in item ? ` ${item.code}` : 'owner' in item ? ` ${item.owner}` : ''
    lines.push(`${item.path} ${item.outcome}${fact}`)
  }
  return lines
}

function refusing(): never {
  throw new RightsError('template-not-mapped')
}

function contentOf(path: string, mode: 'cbc4k' | 'cbc4k-nopad'): Buffer {
  const file = openProtected(memorySource(readFileSync(path)))
  assert.match(file.licenseText, /<XrML>new<\/XrML>/)
  return Buffer.concat([...readPieces(file.openContent({ mode, key: newKey }))])
}

test('documents open with the new key, keep their content, owner, name, permissions and times', async () => {
  const anna = 'anna@lakeside.example'
  assert.deepEqual(await run(), [
    `a.ptxt reprotected ${anna}`,
    `sub/b.docx reprotected ${anna}`,
    'sub/c.txt not-protected',
  ])
  assert.deepEqual(contentOf(join(root, 'a.ptxt'), 'cbc4k'), plain)
  assert.deepEqual(contentOf(join(root, 'sub/b.docx'), 'cbc4k-nopad'), plain)
  const { mode, mtimeMs } = statSync(join(root, 'a.ptxt'))
  assert.deepEqual([mode & 0o777, mtimeMs], [0o640, 1e12])
  const order = orders.find(({ choice }) => choice.mode === 'cbc4k')
  assert.deepEqual(order, { policy: template, choice: { mode: 'cbc4k', keyBytes: 32 }, owner: anna })
  assert.deepEqual(readdirSync(root), ['a.ptxt', 'sub'])
})

test('the owner may be whoever publishes; results may stand elsewhere', async () => {
  const outputRoot = join(folder, 'output')
  mkdirSync(outputRoot)
  const digest = createHash('sha256')
    .update(readFileSync(join(root, 'a.ptxt')))
    .digest('hex')
  const lines = await run({ keepOwner: false, outputRoot })
  assert.equal(lines[0], 'a.ptxt reprotected ines@lakeside.example')
  assert.equal(
    createHash('sha256')
      .update(readFileSync(join(root, 'a.ptxt')))
      .digest('hex'),
    digest,
  )
  assert.deepEqual(contentOf(join(outputRoot, 'sub/b.docx'), 'cbc4k-nopad'), plain)
})

test('a journal spares a second licence; a failure leaves the old file', async () => {
  const runWithJournal = async (more: Partial<ReprotectTreeOptions>): Promise<readonly string[]> => {
    const journal = openRunJournal(join(folder, 'journal'), { work: 'reprotect', root })
    try {
      return await run({ ...more, journal })
    } finally {
      journal.close()
    }
  }
  const original = readFileSync(join(root, 'a.ptxt'))
  assert.equal((await runWithJournal({ replacement: refusing }))[0], 'a.ptxt failed template-not-mapped')
  assert.deepEqual(readFileSync(join(root, 'a.ptxt')), original)
  await runWithJournal({})
  const published = orders.length
  assert.deepEqual(await runWithJournal({}), [
    'a.ptxt done-before',
    'sub/b.docx done-before',
    'sub/c.txt not-protected',
  ])
  assert.equal(orders.length, published)
})
