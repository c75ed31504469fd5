/** The whole migration with five keys and two hundred templates; `npm run bench -- migration` runs it with 10 000 documents. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { programIn } from './program.ts'
import { fullSizeStory } from './full-size/story.ts'

test('five keys, two hundred templates: rehearsed, moved step by step, and reported', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'sealward-full-size-'))
  const size = { documents: 300, templates: 200 }
  const story = await fullSizeStory({ program: programIn({ folder }), size, sampled: 25 })
  context.after(async () => {
    await story.close()
    rmSync(folder, { recursive: true })
  })
  let failed = false
  for (const { name, run } of story.stages) {
    // What follows a stage that failed would fail because of it.
    await context.test(name, { skip: failed }, async () => {
      failed = true
      await run()
      failed = false
    })
  }
})
