/** What to do next: commands that work as they stand, with the sample and with an export of one's own. */
import { relative } from 'node:path'
import type { Narrator } from './narrator.ts'
import { passwordFileOf } from './prepare-data.ts'
import { readSampleAccounts, type SampleFiles } from './sample-files.ts'

export interface GuideInput {
  readonly data: string
  readonly sample: SampleFiles
  readonly narrator: Narrator
}

export function printSampleGuide({ data, sample, narrator }: GuideInput): void {
  const accounts = readSampleAccounts(sample)
  narrator.step('People who can sign in')
  narrator.block(accounts.map(({ address }) => address).join('\n'))
  narrator.detail(`Their passwords: ${shown(passwordFileOf(data, '<address>'))}`)

  const who = 'anna.berg@lakeside.example'
  const asAnna = `--user ${who} --password-file ${shown(passwordFileOf(data, who))}${connectionOption(data)}`
  narrator.step('Try it, in another terminal')
  narrator.block(
    [
      `npx sealward inspect "${shown(`${sample.documents}/finance/budget 2009.xlsx`)}"`,
      `npx sealward open "${shown(`${sample.documents}/finance/budget 2009.xlsx`)}" --output budget.xlsx ${asAnna}`,
      `npx sealward protect notes.txt --grant board@lakeside.example=reviewer ${asAnna}`,
      `npx sealward client sign-in --user ${who}${connectionOption(data)}`,
      `npx sealward key list${dataOption(data)}`,
      `npx sealward log verify${dataOption(data)}`,
    ].join('\n'),
  )
}

export function printOwnGuide(narrator: Narrator): void {
  narrator.step('The same with your own export')
  narrator.block(
    [
      'npx sealward rehearse --tpd cluster.xml --documents /srv/share --html rehearsal.html',
      'npx sealward tpd import cluster.xml --data my-service --activate',
      'npx sealward start --data my-service',
    ].join('\n'),
  )
  narrator.detail('The first command changes nothing. People and groups go into my-service/directory.json, in the form')
  narrator.detail('of the one in the sample; `npx sealward directory set-password ADDRESS` gives somebody a password.')
}

function shown(path: string): string {
  const short = relative(process.cwd(), path)
  return short.startsWith('..') ? path : short
}

function connectionOption(data: string): string {
  return shown(data) === 'sealward-data' ? '' : ` --connection ${shown(data)}/connection.json`
}

function dataOption(data: string): string {
  return shown(data) === 'sealward-data' ? '' : ` --data ${shown(data)}`
}
