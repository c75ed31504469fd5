/** What users of a service that they have to find first do with the program. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DiscoveredService } from './discovered-service.ts'

export const anna = 'anna.berg@lakeside.example'
export const li = 'li.chen@lakeside.example'

interface Step {
  readonly source: string
  readonly outcome: string
  readonly found?: string
  readonly why: string
  readonly code?: string
  readonly cure?: string
}

export interface Explanation {
  readonly steps: readonly Step[]
  readonly service: { readonly url: string; readonly admission: string } | null
  readonly document: { readonly addresses: readonly { readonly asks: string; readonly code: string | null }[] } | null
  readonly store: {
    readonly identities: readonly {
      readonly user: string
      readonly machineKeyBits: number | null
      readonly certificates: readonly { readonly chain: string; readonly state: string }[]
      readonly licences: number
      readonly highestTime: string | null
    }[]
  }
  readonly online: { readonly root: string; readonly trusted: boolean } | null
}

let documents = 0

/** Anna protects for Li, and Li opens. @returns the document */
export async function exchange({ folder, program, as }: DiscoveredService, connection: string): Promise<string> {
  const [clear, document] = [`note-${++documents}.txt`, `note-${documents}.ptxt`]
  writeFileSync(join(folder, clear), 'for Li')
  const how = ['--connection', connection]
  const grant = ['--grant', `${li}=viewer`, '--output', document, '--yes']
  await program.done('protect', clear, ...grant, ...how, ...as(anna))
  const opened = await program.run('open', document, ...how, ...as(li))
  assert.deepEqual([opened.code, opened.stdout], [0, 'for Li'], opened.stderr)
  return document
}

/** What Anna reads when she cannot protect. */
export async function refusal({ folder, program, as }: DiscoveredService, connection: string): Promise<string> {
  writeFileSync(join(folder, 'refused.txt'), 'for nobody')
  const grant = ['--grant', `${li}=viewer`, '--output', 'refused.ptxt', '--yes']
  const { code, stderr } = await program.run(
    'protect',
    'refused.txt',
    ...grant,
    '--connection',
    connection,
    ...as(anna),
  )
  assert.notEqual(code, 0)
  return stderr
}

export async function explain(
  { program }: DiscoveredService,
  connection: string,
  ...more: readonly string[]
): Promise<Explanation> {
  const { stdout, stderr } = await program.run('client', 'explain', '--connection', connection, '--json', ...more)
  assert.notEqual(stdout, '', stderr)
  return JSON.parse(stdout) as Explanation
}
