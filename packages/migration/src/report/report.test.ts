import assert from 'node:assert/strict'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { openProject } from '../project/project.ts'
import { runStep } from '../project/run-step.ts'
import { newFolder, testMigration } from '../project/test-migration.fixture.ts'
import { verifyReport, writeReport } from './write-report.ts'

async function reported() {
  const migration = await testMigration({ plan: (plan) => ({ ...plan, organisation: 'Lakeside <b>&' }) })
  for (const step of ['0', '1', '1b', '2', '3']) await runStep(migration.project, step, migration.options)
  return { ...migration, written: await writeReport(migration.project, migration.options) }
}

suite('the report', () => {
  test('says what was found, done, proved and is left', async () => {
    const { written, options } = await reported()
    const { report } = written
    assert.equal(report.state, 'Activated')
    assert.deepEqual(
      report.done.map(({ step, actor }) => `${step} ${actor}`),
      ['0', '1', '1b', '2', '3'].map((step) => `${step} ${options.actor}`),
    )
    assert(report.proved.some(({ id }) => id === 'issuers-covered'))
    assert(report.found.some(({ id, cure }) => id === 'rehearsal-present' && cure !== undefined))
    assert.deepEqual(report.left.map(({ step }) => step).slice(0, 2), ['4', '5'])
    const html = readFileSync(written.html, 'utf8')
    assert.match(html, /5 of \d+ steps are done/)
    assert.doesNotMatch(html, /<b>&(?!amp)|<script|https?:\/\/[^"]*\.css/)
    assert.match(html, /Lakeside &lt;b&gt;&amp;/)
  })

  test('has the same bytes every time, also from a copy of the folder and at another hour', async () => {
    const { folder, written, options } = await reported()
    const copy = newFolder()
    cpSync(folder, copy, { recursive: true })
    const again = await writeReport(openProject(copy), { ...options, actor: 'bob', now: () => new Date('2031-01-01') })
    for (const name of ['json', 'html', 'signature'] as const) {
      assert.deepEqual(readFileSync(again[name]), readFileSync(written[name]))
    }
  })

  test('is verified with the key that was printed when the plan was made', async () => {
    const { folder, written } = await reported()
    const { publicKey } = written.report
    const verified = verifyReport(join(folder, 'report'), publicKey)
    assert.deepEqual(verified, { organisation: 'Lakeside <b>&', state: 'Activated', publicKey })
    const other = await reported()
    assert.throws(() => verifyReport(join(folder, 'report'), other.written.report.publicKey), {
      code: 'report-not-genuine',
    })
  })

  test('is refused after any change, and when another project signed it', async () => {
    for (const name of ['json', 'html', 'signature'] as const) {
      const { folder, written } = await reported()
      const text = readFileSync(written[name], 'utf8')
      writeFileSync(written[name], text.replace('Activated', 'Rekeyed').replace(/"signature":"./, '"signature":"!'))
      assert.throws(() => verifyReport(join(folder, 'report')), { code: 'report-not-genuine' })
    }
    const [mine, other] = [await reported(), await reported()]
    cpSync(other.written.signature, mine.written.signature)
    assert.throws(() => verifyReport(join(mine.folder, 'report')), { code: 'report-not-genuine' })
  })

  test('is not made from evidence that was changed', async () => {
    const { project, options, written } = await reported()
    const [check] = written.report.proved
    const path = join(project.folder.root, check!.evidence)
    writeFileSync(path, readFileSync(path, 'utf8').replace('passed', 'failed'))
    await assert.rejects(writeReport(project, options), { code: 'project-damaged' })
  })
})
