import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { isRightsError } from '@sealward/xrml'
import { inParentFolder } from './anchored-folder.ts'
import { walkEntries, walkTree } from './walk.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sealward-walk-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function make(...paths: readonly string[]): void {
  for (const path of paths) {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), '')
  }
}

function refused(error: unknown): boolean {
  return isRightsError(error, 'tree-limit-exceeded')
}

test('paths come in their own order, whatever is a folder', () => {
  const paths = ['a-b/x', 'a/x', 'a/y/z', 'a.txt', 'Z', 'b', 'a0', 'é', 'a/y.x']
  make(...paths)
  assert.deepEqual(
    [...walkTree(folder)].map(({ path }) => path),
    [...paths].sort(),
  )
})

test('links are named and not followed', () => {
  make('a/x')
  symlinkSync('/etc', join(folder, 'etc'))
  symlinkSync('a/x', join(folder, 'x'))
  symlinkSync('.', join(folder, 'a/self'))
  assert.deepEqual([...walkTree(folder)], [{ path: 'a/x' }])
  assert.deepEqual(
    [...walkEntries(folder)],
    [
      { kind: 'skipped', path: 'a/self', reason: 'link' },
      { kind: 'file', path: 'a/x' },
      { kind: 'skipped', path: 'etc', reason: 'link' },
      { kind: 'skipped', path: 'x', reason: 'link' },
    ],
  )
})

test('a tree beyond the limits stops the walk', () => {
  make('a/b/c/d', 'e')
  assert.throws(() => [...walkTree(folder, { levels: 3 })], refused)
  assert.throws(() => [...walkTree(folder, { entries: 4 })], refused)
  assert.equal([...walkTree(folder, { levels: 4, entries: 5 })].length, 2)
  assert.throws(
    () => [...walkTree(join(folder, 'missing'))],
    (error) => isRightsError(error, 'file-unreadable'),
  )
})

test('a folder that becomes a link while it is open leads nowhere else', () => {
  make('a/b/file', 'outside/file')
  const seen = inParentFolder(folder, 'a/b/file', (path) => {
    renameSync(join(folder, 'a'), join(folder, 'moved'))
    symlinkSync('outside', join(folder, 'a'))
    writeFileSync(join(path, 'written'), '')
    return true
  })
  assert.ok(seen)
  assert.ok([...walkTree(folder)].some(({ path }) => path === 'moved/b/written'))
  for (const path of ['a/file', '../x/y', './file/x', 'a//file']) {
    assert.throws(
      () => inParentFolder(folder, path, () => true),
      (error) => isRightsError(error, 'file-unreadable'),
      path,
    )
  }
})
