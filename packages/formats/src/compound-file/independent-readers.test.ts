/** Compound files that we write, read by programs that we did not write. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { contentOf } from '../byte-source.ts'
import type { NewEntry, NewStorage } from './directory-plan.ts'
import { writeCompoundFile } from './write.ts'

const listWithOlefile = `
import hashlib, json, olefile, sys
file = olefile.OleFileIO(sys.argv[1], raise_defects=olefile.DEFECT_INCORRECT)
print(json.dumps({'/'.join(path): hashlib.sha256(file.openstream(path).read()).hexdigest() for path in file.listdir()}))
`

interface Reader {
  readonly name: string
  readonly isPresent: boolean
  /** SHA-256 by path, of every stream or of those asked for. */
  read(file: string, paths: readonly string[]): Readonly<Record<string, string>>
}

// Debian's module belongs to Debian's interpreter; another python3 may come first on the PATH.
const python = ['/usr/bin/python3', 'python3'].find((command) => succeeds(command, '-c', 'import olefile'))

const readers: readonly Reader[] = [
  {
    name: 'olefile',
    isPresent: python !== undefined,
    read: (file) => JSON.parse(run(python ?? '', '-c', listWithOlefile, file).toString()) as Record<string, string>,
  },
  {
    name: '7z',
    isPresent: succeeds('7z', 'i'),
    read: (file, paths) => {
      run('7z', 't', '-tCompound', file)
      return hashEach(paths, (path) => run('7z', 'e', '-tCompound', '-so', file, path.replaceAll('\x06', '[6]')))
    },
  },
  {
    name: 'gsf',
    isPresent: succeeds('gsf', '--version'),
    read: (file, paths) => hashEach(paths, (path) => run('gsf', 'cat', file, path)),
  },
]

const sizes = { tiny: 1, '63 bytes': 63, '64 bytes': 64, below: 4095, cutoff: 4096, above: 4097, Large: 300_001 }

let folder = ''
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'compound-file-'))
})
after(() => rmSync(folder, { recursive: true }))

for (const reader of readers) {
  const { name, isPresent } = reader
  const skip = !isPresent && process.env['CI'] !== 'true' && `${name} is not installed`
  for (const version of [3, 4] as const) {
    for (const [size, more] of [
      ['small', 0],
      ['above 7 MB', 8_500_000],
    ] as const) {
      test(`${name} reads a ${size} file of version ${version} with equal stream bytes`, { skip }, () => {
        assert.ok(isPresent, `${name} must be installed`)
        const { root, expected } = sample(more)
        const path = join(folder, `${name}-${version}-${more}`)
        const file = openSync(path, 'w')
        writeCompoundFile(root, { write: (bytes) => writeSync(file, bytes) }, { version })
        closeSync(file)
        assert.deepEqual(reader.read(path, Object.keys(expected)), expected)
      })
    }
  }
}

/** Many entries, so that the trees have several levels; storages inside storages; sizes around every limit. */
function sample(more: number): { root: NewStorage; expected: Record<string, string> } {
  const expected: Record<string, string> = {}
  const stream = (folderPath: string, name: string, size: number): NewEntry => {
    const bytes = Buffer.from(Uint8Array.from({ length: size }, (_, index) => (index * 13 + (index >> 8) + size) & 255))
    expected[folderPath + name] = createHash('sha256').update(bytes).digest('hex')
    return { kind: 'stream', name, content: contentOf(bytes) }
  }
  const streams = (folderPath: string): NewEntry[] =>
    Object.entries(sizes).map(([name, size]) => stream(folderPath, name, size))
  const many = Array.from({ length: 40 }, (_, index) => stream('', `entry ${index}`, 50 + index))
  const deep: NewStorage = { kind: 'storage', name: 'deep', children: streams('\x06Spaces/deep/') }
  const spaces: NewStorage = { kind: 'storage', name: '\x06Spaces', children: [...streams('\x06Spaces/'), deep] }
  const large = more === 0 ? [] : [stream('', 'larger', more)]
  return { root: { kind: 'storage', name: '', children: [...streams(''), ...many, spaces, ...large] }, expected }
}

function hashEach(paths: readonly string[], read: (path: string) => Buffer): Record<string, string> {
  return Object.fromEntries(paths.map((path) => [path, createHash('sha256').update(read(path)).digest('hex')]))
}

function run(command: string, ...parameters: readonly string[]): Buffer {
  const { status, stdout, stderr } = spawnSync(command, parameters, { maxBuffer: 1 << 28 })
  assert.equal(
    status,
    0,
    `${command} ${parameters.join(' ')}: ${stdout.toString('latin1', 0, 500)} ${stderr.toString()}`,
  )
  return stdout
}

function succeeds(command: string, ...parameters: readonly string[]): boolean {
  return spawnSync(command, parameters, { stdio: 'ignore' }).status === 0
}
