/** Whether the service answers at every address that clients have of it, old ones included. */
import { RightsError } from '@sealward/xrml'
import { fine, skipped, wrongBecause, type Finding } from './finding.ts'
import type { Check } from './patient.ts'
import { askService } from './service-request.ts'

const licensingPage = '/_wmcs/licensing/license.asmx'

export const serviceCheck: Check = {
  name: 'service',
  async run({ urls, installed, authority }) {
    const former = (await installed?.takenOver()) ?? []
    if (urls.length + former.length === 0) return [skipped('no address of a service is known')]
    return Promise.all([
      ...urls.map((url) => answerFinding(`${url}/healthz`, authority)),
      ...former.map((name) => formerFinding(name, authority)),
    ])
  },
}

async function answerFinding(url: string, authority: string | undefined): Promise<Finding> {
  try {
    const { status } = await askService(url, authority)
    if (status !== 200) throw new RightsError('service-answer-refused', { detail: `status ${status}` })
    return fine(`${url} answers`)
  } catch (error) {
    return wrongBecause(error, url)
  }
}

/** Licences have either scheme; one of them is enough. */
async function formerFinding(name: string, authority: string | undefined): Promise<Finding> {
  const secure = await answerFinding(`https://${name}${licensingPage}`, authority)
  return secure.outcome === 'fine' ? secure : answerFinding(`http://${name}${licensingPage}`, authority)
}
