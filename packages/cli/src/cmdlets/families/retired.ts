/** Cmdlets that lost their meaning already in the original. They answer, so that old scripts go on, and change nothing. */
import { defineCmdlet, type Cmdlet } from '../cmdlet.ts'
import type { Parameters } from '../parameters.ts'
import type { Shown } from '../shown.ts'

const notice = 'the usage log is always on and needs no account; fetch it with Get-AipServiceUserLog'

export const retiredCmdlets: readonly Cmdlet[] = [
  retired('Enable-AadrmUsageLogFeature', 'Switched the usage log on; it is always on', {}),
  retired('Disable-AadrmUsageLogFeature', 'Switched the usage log off; it is always on', {}),
  retired('Get-AadrmUsageLogFeature', 'Said whether the usage log needs an account; it never does', {}, false),
  retired('Get-AadrmUsageLogLastCounterValue', 'Showed the last file of the usage log', {}, 0),
  retired('Get-AadrmUsageLogStorageAccount', 'Showed where the usage log is stored', {}, ''),
  retired('Set-AadrmUsageLogStorageAccount', 'Named where the usage log is stored', {
    StorageAccount: { kind: 'text', says: 'changes nothing' },
    AccessKey: { kind: 'secret', says: 'not asked for' },
  }),
  retired('Get-AadrmUsageLog', 'Fetched the usage log by the numbers of its files', {
    Path: { kind: 'text', says: 'nothing is written' },
    FromCounter: { kind: 'number', says: 'changes nothing' },
    ToCounter: { kind: 'number', says: 'changes nothing' },
  }),
]

function retired(name: string, synopsis: string, parameters: Parameters, answer?: Shown): Cmdlet {
  return defineCmdlet({
    names: [name],
    synopsis,
    parameters,
    examples: ['', '-Json'],
    run: async (_, { say }) => {
      say(`WARNING: ${name} changes nothing: ${notice}`)
      return answer
    },
  })
}
