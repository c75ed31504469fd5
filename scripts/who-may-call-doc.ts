/**
 * Writes docs/who-may-call.md from the routes and operations of a service that is opened for it; with `--check` only says
 * whether it is up to date.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeDoors } from '@sealward/service'

const path = join(import.meta.dirname, '..', 'docs', 'who-may-call.md')

export async function whoMayCallPage(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'sealward-doors-'))
  try {
    writeFileSync(join(folder, 'people.json'), JSON.stringify({ users: [], groups: [] }))
    return await describeDoors(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

if (import.meta.main) {
  const page = await whoMayCallPage()
  if (!process.argv.includes('--check')) {
    writeFileSync(path, page)
  } else if (readFileSync(path, 'utf8') !== page) {
    console.error('docs/who-may-call.md does not match the routes of the service: run npm run who-may-call')
    process.exitCode = 1
  }
}
