/** Whether the tenant may be left: what is needed afterwards is in hand. */
import { failed, notApplicable, passed, type Check } from '../check.ts'

export const exitRehearsed: Check = {
  id: 'exit-rehearsed',
  title: 'A rehearsal of the exit opened everything with the exported keys',
  run: async ({ ports }) => {
    if (ports.exit === undefined) return notApplicable('no exit is connected')
    const { ready, findings } = await ports.exit.rehearse()
    if (ready) return passed()
    return failed({
      finding: findings.join('; '),
      cure: 'Export all keys of the tenant, archived and imported ones included, and rehearse again.',
      data: [...findings],
    })
  },
}
