/** Runs are killed at random times, with and without their parsers; every file is old or new, and nothing is left over. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomBytes, randomInt } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { isPartName } from '@sealward/client'
import {
  memorySink,
  memorySource,
  openProtected,
  readPieces,
  writePfile,
  writeProtectedOffice,
} from '@sealward/formats'

const program = new URL('./killed-run.fixture.ts', import.meta.url)
const oldKey = Buffer.alloc(16, 1)
const newKey = Buffer.alloc(32, 2)
const mark = 'IN CLEAR '.repeat(8)
const files = 30
const kills = 8

interface Document {
  readonly name: string
  readonly plainName: string
  readonly old: Uint8Array
  readonly plain: Buffer
}

function documents(): readonly Document[] {
  return Array.from({ length: files }, (_, index) => {
    const plain = Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.from(mark), randomBytes(randomInt(200_000))])
    const content = memorySource(plain)
    const sink = memorySink()
    const licenseText = '<XrML>old</XrML>'
    if (index % 2 === 0) {
      writePfile(
        { shape: '3.0', extension: '.txt', licenseText, cipher: { mode: 'cbc4k', key: oldKey }, content },
        sink,
      )
      return { name: `d${index}.ptxt`, plainName: `d${index}.txt`, old: sink.bytes(), plain }
    }
    writeProtectedOffice({ licenseText, cipher: { mode: 'ecb', key: oldKey }, content }, sink)
    return { name: `d${index}.docx`, plainName: `d${index}.docx`, old: sink.bytes(), plain }
  })
}

/** @returns the milliseconds that it took, or undefined if it was killed */
function run(args: readonly string[], kill?: { readonly after: number; readonly group: boolean }): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program.pathname, ...args], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let complaint = ''
    child.stderr.on('data', (text: Buffer) => {
      complaint += text.toString()
    })
    child.stdout.resume()
    const { pid } = child
    if (kill !== undefined && pid !== undefined) {
      const killNow = (): void => {
        if (child.exitCode === null) process.kill(kill.group ? -pid : pid, 'SIGKILL')
      }
      // Counted from the first finished file, so that the time of the start does not matter.
      child.stdout.once('data', () => setTimeout(killNow, kill.after))
    }
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      if (signal === 'SIGKILL' || code === 0) resolve(signal === 'SIGKILL')
      else reject(new Error(`exit code ${code}: ${complaint}`))
    })
  })
}

function read(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch {
    // Renamed between the look at the folder and now.
    return undefined
  }
}

type Work = 'in place' | 'below another folder' | 'reprotect'

/** Every file with a name of its own is whole: the old one, or the new one. */
function requireWhole(folder: string, all: readonly Document[], work: Work): void {
  for (const name of readdirSync(folder)) {
    const bytes = read(join(folder, name))
    if (bytes === undefined) continue
    if (work === 'reprotect') assert.equal(bytes.includes(mark), false, `${name} in clear`)
    if (isPartName(name)) continue
    const document = all.find((each) => each.name === name || each.plainName === name)
    assert.ok(document !== undefined, `${name} is nobody's`)
    const whole =
      bytes.equals(document.old) || (work === 'reprotect' ? isNew(bytes, document) : bytes.equals(document.plain))
    assert.ok(whole, `${name} is neither old nor new`)
  }
}

function isNew(bytes: Buffer, { plain, name }: Document): boolean {
  const file = openProtected(memorySource(bytes))
  const mode = name.endsWith('.docx') ? 'cbc4k-nopad' : 'cbc4k'
  return (
    file.licenseText.includes('new') &&
    Buffer.concat([...readPieces(file.openContent({ mode, key: newKey }))]).equals(plain)
  )
}

for (const work of ['in place', 'below another folder', 'reprotect'] as const satisfies readonly Work[]) {
  test(`${work}: killed ${kills} times and resumed, every file is old or new and no remains are left`, async () => {
    const base = mkdtempSync(join(tmpdir(), 'sealward-killed-'))
    const [root, output] = [join(base, 'documents'), join(base, 'output')]
    const other = work === 'below another folder'
    const args = [work === 'reprotect' ? work : 'unprotect', root, join(base, 'journal'), ...(other ? [output] : [])]
    let killed = 0
    try {
      for (let round = 0; round < kills; round++) {
        for (const folder of [base]) rmSync(folder, { recursive: true })
        for (const folder of [root, output]) mkdirSync(folder, { recursive: true })
        const all = documents()
        for (const { name, old } of all) writeFileSync(join(root, name), old)
        if (await run(args, { after: randomInt(120), group: round % 2 === 0 })) killed++
        requireWhole(root, all, work)
        if (other) requireWhole(output, all, work)
        await run(args)
        const results = other ? output : root
        const expected = all.map(({ name, plainName }) => (work === 'reprotect' ? name : plainName))
        assert.deepEqual(readdirSync(results).sort(), expected.sort())
        requireWhole(results, all, work)
        for (const { name, plainName, old, plain } of all) {
          if (work !== 'reprotect') assert.deepEqual(readFileSync(join(results, plainName)), plain)
          else assert.ok(isNew(readFileSync(join(root, name)), { name, plainName, old, plain }), `${name} is still old`)
          if (other) assert.deepEqual(readFileSync(join(root, name)), Buffer.from(old))
        }
        assert.equal(existsSync(join(base, 'journal.lock')), false)
      }
    } finally {
      rmSync(base, { recursive: true, force: true })
    }
    assert.ok(killed > 0, 'every run ended before it was killed')
  })
}
