/** Whether the service answers at every address that clients have of it, old ones included. */
import { usualBasePath } from '@sealward/protocol'
import { RightsError } from '@sealward/xrml'
import { fine, skipped, wrongBecause, type Finding } from './finding.ts'
import type { Check } from './patient.ts'
import { askService } from './service-request.ts'

const licensingPage = 'licensing/license.asmx'

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

/** Licences have either scheme; one of them is enough. A web site with a base path of its own has the scheme that it has. */
async function formerFinding(entry: string, authority: string | undefined): Promise<Finding> {
  if (entry.includes('://')) return answerFinding(`${entry}/${licensingPage}`, authority)
  const secure = await answerFinding(`https://${entry}${usualBasePath}/${licensingPage}`, authority)
  if (secure.outcome === 'fine') return secure
  return answerFinding(`http://${entry}${usualBasePath}/${licensingPage}`, authority)
}
