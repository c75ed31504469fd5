/** A new key signs from now on. People change over within weeks, as their certificates are renewed. */
import { rekeyNeeded, rekeyShareShown, rekeyTargetKnown, templatesResigned } from './checks/rekey.ts'
import { oneActiveKey } from './checks/exports.ts'
import { samplesOpen } from './checks/watch.ts'
import { action } from './planned.ts'
import { rekeyTarget } from './rekey-target.ts'
import type { Step } from './step.ts'

export const rekey: Step = {
  id: '9',
  numbers: { y2016: '9', newer: '12' },
  title: 'Change the key',
  phase: 'Phase 4',
  role: 'key custodian',
  inputs: ['rekey'],
  from: ['Decommissioned', 'Rekeyed'],
  to: 'Rekeyed',
  approval: true,
  checks: [rekeyTargetKnown, rekeyNeeded],
  do: async (context) => {
    const { rekey: wanted, organisation } = context.plan
    if (wanted === undefined) return []
    if (wanted.key === 'new')
      return [action('activate-new-key', 'new-key', { name: `${organisation} ${context.now.getUTCFullYear()}` })]
    const target = await rekeyTarget(context)
    return target === undefined ? [] : [action('activate-key', `activate-${target.id}`, { keyId: target.id })]
  },
  verify: [oneActiveKey, templatesResigned, rekeyShareShown, samplesOpen],
  byHand: () => ['Follow the share of people on the new key from day to day; it never changes at once.'],
  undo: { loss: 'none: certificates of both keys stay valid', byHand: [] },
}
