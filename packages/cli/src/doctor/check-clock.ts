/** The clock of this machine against that of the service and of the directory (threat P5). */
import { fine, skipped, wrong, type Finding } from './finding.ts'
import { lookAtDirectory } from './check-directory.ts'
import { askService } from './service-request.ts'
import type { Check } from './patient.ts'

/** From there on services refuse to issue. */
const differenceMost = 120_000

export const clockCheck: Check = {
  name: 'clock',
  async run({ urls, authority, installed, now }) {
    const [url] = urls
    const service = url === undefined ? undefined : await timeOfService(url, authority)
    const sources = installed === undefined ? [] : await lookAtDirectory(installed)
    const directories = sources.flatMap((source) =>
      'failure' in source || source.seen.time === undefined ? [] : [{ ...source, time: source.seen.time }],
    )
    const findings = [
      ...(service === undefined ? [] : [compared('the service', service, now())]),
      ...directories.map(({ seen, time, at }) => compared(`the directory ${seen.name}`, time, at)),
    ]
    return findings.length === 0 ? [skipped('neither a service nor a directory says what time it is')] : findings
  },
}

function compared(whose: string, time: Date, now: Date): Finding {
  const difference = time.getTime() - now.getTime()
  const seconds = Math.round(Math.abs(difference) / 1_000)
  const found = `${whose} is ${seconds} s ${difference < 0 ? 'behind' : 'ahead of'} this machine`
  return Math.abs(difference) > differenceMost ? wrong('clock-wrong', found) : fine(found)
}

/** Whether it can be reached is a check of its own. */
async function timeOfService(url: string, authority: string | undefined): Promise<Date | undefined> {
  try {
    return (await askService(`${url}/healthz`, authority)).date
  } catch {
    return undefined
  }
}
