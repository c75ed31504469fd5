/** The steps of a decision about a licence in the words of an explanation. */
import { canonicalGuid, type DecideInput, type DecideStep, type RightsEntry } from '@sealward/xrml'
import type { Trace, TracedGrant, TracedStep } from '../decision-trace.ts'
import type { CurrentPolicy } from './open-license.ts'
import type { VerifiedLicense } from './verify-publishing-license.ts'

export function verifiedText({ license, key, issuer }: VerifiedLicense): string {
  const origin = key.origin === 'created' ? 'a key of this service' : 'an imported key'
  const signer = issuer[0] === undefined ? 'signed by the server' : `signed by the certificate of ${issuer[0]}`
  return `${license.kind}, ${signer}; made for ${origin}, ${key.id} (${key.state})`
}

/** @param id of the policy in the licence */
export function policyText({ template }: CurrentPolicy, id: string | undefined): string {
  if (template !== undefined) return `template ${template.id} (${template.state}) replaces the policy of the licence`
  if (id === undefined) return 'the policy of the licence itself'
  return `no template ${canonicalGuid(id)} here: the copy in the licence`
}

/** Tells the steps of the pure decision to those who listen to the whole. */
export function decideTrace(trace: Trace, question: DecideInput): (step: DecideStep) => void {
  return (taken) => trace(stepOf(taken, question))
}

function stepOf(taken: DecideStep, { owner, issuer }: DecideInput): TracedStep {
  switch (taken.step) {
    case 'owner':
      return { step: 'owner', outcome: applying(taken.applies), detail: owner ?? 'nobody' }
    case 'issuer':
      return { step: 'issuer', outcome: applying(taken.applies), detail: issuer.join(', ') || 'a server' }
    case 'super-user':
      return { step: 'super-user', outcome: applying(taken.applies), detail: '' }
    case 'content-time':
      return {
        step: 'content-time',
        ...(taken.state === 'now'
          ? { outcome: 'passed' }
          : { outcome: 'refused', code: taken.state === 'over' ? 'content-expired' : 'no-rights' }),
        detail: taken.ranges.map(({ from, until }) => `${from.toISOString()} to ${until.toISOString()}`).join(', '),
      }
    case 'entry':
      return grantStep(taken)
  }
}

function grantStep({ entry, match, state }: Extract<DecideStep, { step: 'entry' }>): TracedStep {
  const { right, times } = entry
  const principal = principalOf(entry)
  const whether = match === undefined ? 'does not name the person' : `names the person by ${match.by}`
  const when = { now: '', over: ', but its time is over', 'not-yet': ', but its time has not come' }[state]
  const starts = times.ranges.map(({ from }) => from.getTime())
  const ends = times.ranges.map(({ until }) => until.getTime())
  const grant: TracedGrant = {
    right,
    principal,
    matched: match?.by,
    time: state,
    ...(starts.length === 0 ? {} : { from: new Date(Math.max(...starts)), until: new Date(Math.min(...ends)) }),
  }
  const outcome = applying(match !== undefined && state === 'now')
  return { step: 'grant', outcome, detail: `${right} for ${principal} ${whether}${when}`, grant }
}

function principalOf({ principal }: RightsEntry): string {
  if (principal === undefined) return 'nobody'
  const { idType, id, name } = principal
  return (name ?? '') === '' ? `${idType} ${id}` : (name ?? '')
}

function applying(applies: boolean): 'applies' | 'does-not-apply' {
  return applies ? 'applies' : 'does-not-apply'
}
