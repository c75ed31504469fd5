/** The way out of the tenant. It is a job of its own; here it is only made sure that it can be gone. */
import { exitRehearsed } from './checks/exit.ts'
import type { Step } from './step.ts'
import { states } from '../project/states.ts'

export const exit: Step = {
  id: 'x',
  numbers: { y2016: undefined, newer: undefined },
  title: 'Exit',
  phase: 'After',
  role: 'key custodian',
  inputs: [],
  from: states,
  approval: true,
  checks: [exitRehearsed],
  do: () => Promise.resolve([]),
  verify: [],
  byHand: () => ['Run the exit; this step only proves that it can be begun.'],
  undo: { loss: 'nothing', byHand: [] },
}
