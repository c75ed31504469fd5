/** Kinds of devices that are refused; the REST protocol says of which kind a client is. */
import { devicePlatforms } from '@sealward/service'
import { RightsError } from '@sealward/xrml'
import { bothFamilies, defineCmdlet, type Cmdlet } from '../cmdlet.ts'
import type { Parameters } from '../parameters.ts'

/** Clients of no known platform have no switch of the cmdlets. */
const platforms = devicePlatforms.filter((platform) => platform !== 'Other')

const parameters = {
  All: { kind: 'switch', says: 'all of them' },
  Android: { kind: 'switch', says: 'Android' },
  iOS: { kind: 'switch', says: 'iOS' },
  Mac: { kind: 'switch', says: 'macOS' },
  Web: { kind: 'switch', says: 'browsers' },
  Windows: { kind: 'switch', says: 'Windows' },
  WindowsPhone: { kind: 'switch', says: 'Windows Phone' },
  WindowsStore: { kind: 'switch', says: 'applications of the Windows store' },
} as const satisfies Parameters

export const devicePlatformCmdlets: readonly Cmdlet[] = [
  servedCmdlet('Enable', true),
  servedCmdlet('Disable', false),
  defineCmdlet({
    names: bothFamilies('Get', 'DevicePlatform'),
    synopsis: 'Show which kinds of devices are served',
    run: async (_, context) => {
      const { refusedPlatforms } = await (await context.administration()).call('getMobileClients')
      return Object.fromEntries(platforms.map((platform) => [platform, !refusedPlatforms.includes(platform)]))
    },
  }),
]

function servedCmdlet(verb: 'Enable' | 'Disable', served: boolean): Cmdlet {
  return defineCmdlet({
    names: bothFamilies(verb, 'DevicePlatform'),
    synopsis: served ? 'Serve kinds of devices' : 'Refuse licences and templates to kinds of devices',
    changes: true,
    parameters,
    examples: ['-Android -iOS', '-All -Force'],
    run: async (values, context) => {
      const chosen = platforms.filter((platform) => values.All || values[platform])
      if (chosen.length === 0) throw new RightsError('option-invalid', { detail: 'name a platform, or -All' })
      const administration = await context.administration()
      const effect = served ? 'is served' : 'gets no licences and no templates'
      if (!(await context.agreed(chosen.map((platform) => `platform ${platform} ${effect}`)))) return undefined
      for (const platform of chosen) {
        await administration.call('setPlatformServed', { parameters: { platform }, body: { served } })
      }
      return undefined
    },
  })
}
