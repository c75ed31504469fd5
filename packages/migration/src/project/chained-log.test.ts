import assert from 'node:assert/strict'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { appendToChainedLog, dropUnfinishedLine, emptyHead, readChainedLog } from './chained-log.ts'
import { newFolder, testMigration } from './test-migration.fixture.ts'
import { projectStatus } from './project-status.ts'
import { runStep } from './run-step.ts'

function threeLines(): string {
  const path = join(newFolder(), 'log.jsonl')
  let head = emptyHead
  for (const n of [1, 2, 3]) head = appendToChainedLog(path, head, { n })
  return path
}

suite('a chained log', () => {
  test('gives its entries back in order', () => {
    const { entries, head } = readChainedLog<{ readonly n: number }>(threeLines())
    assert.deepEqual(
      entries.map(({ n }) => n),
      [1, 2, 3],
    )
    assert.equal(head.sequence, 3)
  })

  test('shows every line that is changed, removed, moved or added', () => {
    const changes: readonly ((lines: readonly string[]) => readonly string[])[] = [
      (lines) => lines.with(1, (lines[1] ?? '').replace('"n":2', '"n":4')),
      ([a = '', , c = '']) => [a, c],
      ([a = '', b = '', c = '']) => [b, a, c],
      (lines) => lines.slice(1),
      (lines) => [...lines, lines.at(-1) ?? ''],
      (lines) => [...lines, 'not JSON'],
      (lines) => [...lines, 'null'],
    ]
    for (const change of changes) {
      const path = threeLines()
      const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
      writeFileSync(path, `${change(lines).join('\n')}\n`)
      assert.throws(() => readChainedLog(path), { code: 'project-damaged' })
    }
  })

  test('passes over a line whose writer was killed, and takes it away before the next', () => {
    const path = threeLines()
    const whole = readFileSync(path, 'utf8')
    appendFileSync(path, '{"sequence":4,"ha')
    assert.equal(readChainedLog(path).head.sequence, 3)
    dropUnfinishedLine(path)
    assert.equal(readFileSync(path, 'utf8'), whole)
  })
})

test('a journal that was cut off at a line is noticed by the state beside it', async () => {
  const { project, options } = await testMigration()
  await runStep(project, '1', options)
  const path = project.folder.journalFile
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
  writeFileSync(path, `${lines.slice(0, -1).join('\n')}\n`)
  assert.throws(() => projectStatus(project), { code: 'project-damaged' })
})
