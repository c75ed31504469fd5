import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { spawnSync } from 'node:child_process'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import type { DocumentLicense } from '@sealward/client'
import { memorySink, memorySource, writePfile, writeProtectedOffice } from '@sealward/formats'
import { RightsError } from '@sealward/xrml'
import { createParserPool, type ParserPool } from './isolated-parser/parser-pool.ts'
import { createRunTally } from './run-tally.ts'
import { openRunJournal } from './run-journal.ts'
import type { UnprotectedItem } from './tree-item.ts'
import { unprotectTree, type UnprotectTreeOptions } from './unprotect-tree.ts'

const key = randomBytes(16)
const plain = Buffer.concat([Buffer.from('PK\x03\x04'), randomBytes(9000)])
let folder = ''
let root = ''
let pool: ParserPool
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'sealward-tree-'))
  root = join(folder, 'documents')
  pool = createParserPool({ root, writable: true })
})
after(async () => {
  await pool.close()
  rmSync(folder, { recursive: true })
})
beforeEach(() => {
  mkdirSync(join(root, 'sub'), { recursive: true })
  const content = memorySource(plain)
  const text = memorySink()
  const licenseText = '<XrML>bob</XrML>'
  writePfile({ shape: '3.0', extension: '.txt', licenseText, cipher: { mode: 'cbc4k', key }, content }, text)
  const office = memorySink()
  writeProtectedOffice({ licenseText, cipher: { mode: 'ecb', key }, content }, office)
  writeFileSync(join(root, 'a.ptxt'), text.bytes())
  writeFileSync(join(root, 'sub/b.docx'), office.bytes())
  writeFileSync(join(root, 'sub/c.txt'), 'clear')
})
afterEach(() => {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true })
})

function license(rights: readonly string[] = ['EXPORT']): UnprotectTreeOptions['license'] {
  return ({ format, licenseText }) => {
    assert.equal(licenseText, '<XrML>bob</XrML>')
    const cipher = { mode: format === 'pfile' ? 'cbc4k' : 'ecb', key } as const
    const made: DocumentLicense = { cipher, rights, owner: 'bob', expiresAt: undefined, contentId: '', from: 'service' }
    return Promise.resolve(made)
  }
}

const refusing = (): Promise<never> => Promise.reject(new RightsError('no-rights'))

async function run(options: Partial<UnprotectTreeOptions> = {}): Promise<readonly string[]> {
  const items: UnprotectedItem[] = []
  for await (const item of unprotectTree({ root, pool, license: license(), ...options })) items.push(item)
  return items.map(({ path, outcome, ...more }) => `${path} ${outcome}${'code' in more ? ` ${more.code}` : ''}`)
}

test('results take the place of the originals; a second run finds nothing to do', async () => {
  assert.deepEqual(await run(), ['a.ptxt unprotected', 'sub/b.docx unprotected', 'sub/c.txt not-protected'])
  assert.deepEqual([readFileSync(join(root, 'a.txt')), readFileSync(join(root, 'sub/b.docx'))], [plain, plain])
  assert.deepEqual(readdirSync(root), ['a.txt', 'sub'])
  assert.deepEqual(await run(), ['a.txt not-protected', 'sub/b.docx not-protected', 'sub/c.txt not-protected'])
})

test('below another folder the originals stay, and what is there is not done again', async () => {
  const outputRoot = join(folder, 'output')
  mkdirSync(outputRoot)
  const kept = readFileSync(join(root, 'a.ptxt'))
  await run({ outputRoot })
  assert.deepEqual(await run({ outputRoot }), [
    'a.ptxt done-before',
    'sub/b.docx done-before',
    'sub/c.txt not-protected',
  ])
  assert.deepEqual(readFileSync(join(outputRoot, 'sub/b.docx')), plain)
  assert.deepEqual(readFileSync(join(root, 'a.ptxt')), kept)
})

test('each file fails alone, with its code, and stays as it is', async () => {
  const original = readFileSync(join(root, 'a.ptxt'))
  writeFileSync(join(root, 'damaged.ptxt'), original.subarray(0, 60))
  assert.deepEqual(await run({ license: license(['VIEW']) }), [
    'a.ptxt failed right-missing',
    'damaged.ptxt failed pfile-damaged',
    'sub/b.docx failed right-missing',
    'sub/c.txt not-protected',
  ])
  assert.equal((await run({ license: refusing }))[0], 'a.ptxt failed no-rights')
  assert.deepEqual(readFileSync(join(root, 'a.ptxt')), original)
})

test('links and files with several names are passed over', async () => {
  linkSync(join(root, 'a.ptxt'), join(folder, 'elsewhere'))
  symlinkSync('/etc', join(root, 'etc'))
  assert.deepEqual((await run()).slice(0, 2), ['a.ptxt skipped', 'etc skipped'])
  assert.equal((await run({ hardLinks: true }))[0], 'a.ptxt unprotected')
})

test('a file that changes between reading and writing stays', async () => {
  const changing: UnprotectTreeOptions['license'] = async (content) => {
    if (content.format === 'pfile') writeFileSync(join(root, 'a.ptxt'), 'changed')
    return license()(content)
  }
  assert.equal((await run({ license: changing }))[0], 'a.ptxt failed file-changed-meanwhile')
  assert.equal(readFileSync(join(root, 'a.ptxt'), 'utf8'), 'changed')
})

test('what a killed run left half written is removed', async () => {
  const machine = createHash('sha256').update(hostname()).digest('hex').slice(0, 8)
  const { pid } = spawnSync(process.execPath, ['--eval', ''])
  writeFileSync(join(root, `.sealward-${machine}-${pid}-0123456789abcdef.part`), 'half')
  writeFileSync(join(root, `.sealward-${machine}-${process.ppid}-0123456789abcdef.part`), 'half')
  const outcomes = (await run()).slice(0, 2).map((line) => line.split(' ')[1])
  assert.deepEqual(new Set(outcomes), new Set(['removed-remains', 'skipped']))
})

test('ending the run in the middle leaves whole files only', async () => {
  const large = memorySink()
  const content = memorySource(randomBytes(20_000_000))
  const cipher = { mode: 'cbc4k', key } as const
  writePfile({ shape: '3.0', extension: '.bin', licenseText: '<XrML>bob</XrML>', cipher, content }, large)
  writeFileSync(join(root, 'large.bin.pfile'), large.bytes())
  const short = createParserPool({ root, writable: true })
  const { state } = await short.inspect('large.bin.pfile')
  const written = assert.rejects(short.writeContent('large.bin.pfile', cipher, { state }))
  await new Promise((resolve) => setTimeout(resolve, 30))
  await short.close()
  await written
  const left = readdirSync(root).filter((name) => name.includes('large') || name.includes('part'))
  assert.ok(left.length === 1 && ['large.bin', 'large.bin.pfile'].includes(left[0] ?? ''), left.join())
})

function journalFor(outputRoot?: string) {
  const path = join(folder, 'journal.jsonl')
  return openRunJournal(path, { work: 'unprotect', root, ...(outputRoot === undefined ? {} : { outputRoot }) })
}

async function runWithJournal(options: Partial<UnprotectTreeOptions> = {}): Promise<readonly string[]> {
  const journal = journalFor(options.outputRoot)
  try {
    return await run({ ...options, journal })
  } finally {
    journal.close()
  }
}

test('with a journal, what is finished is known by its hash and not opened again', async () => {
  await runWithJournal()
  const asked: string[] = []
  const counting: UnprotectTreeOptions['license'] = (content) => {
    asked.push(content.format)
    return license()(content)
  }
  const again = await runWithJournal({ license: counting })
  assert.deepEqual(again, ['a.txt done-before', 'sub/b.docx done-before', 'sub/c.txt not-protected'])
  writeFileSync(join(root, 'a.txt'), 'edited since')
  assert.equal((await runWithJournal({ license: counting }))[0], 'a.txt not-protected')
  assert.deepEqual(asked, [])
})

test('below another folder a missing or changed result is made again or reported', async () => {
  const outputRoot = join(folder, 'output')
  await runWithJournal({ outputRoot }).catch(() => undefined)
  mkdirSync(outputRoot, { recursive: true })
  await runWithJournal({ outputRoot })
  rmSync(join(outputRoot, 'a.txt'))
  writeFileSync(join(outputRoot, 'sub/b.docx'), 'changed')
  assert.deepEqual(await runWithJournal({ outputRoot }), [
    'a.ptxt unprotected',
    'sub/b.docx failed file-exists',
    'sub/c.txt not-protected',
  ])
})

test('a result that a killed run wrote without saying so is recognised by its content', async () => {
  writeFileSync(join(root, 'a.txt'), plain)
  assert.equal((await runWithJournal())[0], 'a.ptxt done-before')
  assert.deepEqual(readdirSync(root), ['a.txt', 'sub'])
})

test('another file in the place of the result is left alone', async () => {
  writeFileSync(join(root, 'a.txt'), 'something else')
  assert.equal((await runWithJournal())[0], 'a.ptxt failed file-exists')
  assert.equal(readFileSync(join(root, 'a.txt'), 'utf8'), 'something else')
})

test('half-written results below another folder are removed as well', async () => {
  const outputRoot = join(folder, 'output')
  mkdirSync(join(outputRoot, 'sub'), { recursive: true })
  const machine = createHash('sha256').update(hostname()).digest('hex').slice(0, 8)
  const { pid } = spawnSync(process.execPath, ['--eval', ''])
  const part = `sub/.sealward-${machine}-${pid}-0123456789abcdef.part`
  writeFileSync(join(outputRoot, part), 'half')
  assert.equal((await run({ outputRoot }))[0], `${part} removed-remains`)
  assert.deepEqual(readdirSync(join(outputRoot, 'sub')), ['b.docx'])
})

test('the tally counts outcomes and classes of failure', async () => {
  const tally = createRunTally()
  writeFileSync(join(root, 'damaged.ptxt'), readFileSync(join(root, 'a.ptxt')).subarray(0, 60))
  for await (const item of unprotectTree({ root, pool, license: refusing, sizeMost: 9_500 })) tally.add(item)
  const { files, outcomes, failures } = tally.summary()
  assert.deepEqual([files, outcomes.failed, outcomes['not-protected']], [4, 3, 1])
  assert.deepEqual([failures['no-rights'], failures.damaged, failures['too-large']], [1, 1, 1])
})
