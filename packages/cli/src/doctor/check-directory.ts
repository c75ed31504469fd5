/** Whether the directory answers, lets the reading account in and shows groups; and which cluster its forest names. */
import {
  absoluteDirectory,
  clusterOf,
  lookAtSource,
  openDirectory,
  originOf,
  ownSites,
  sameAddress,
  type LookedAtSource,
} from '@sealward/service'
import { fine, skipped, wrong, wrongBecause, type Finding } from './finding.ts'
import { installedCheck, type Installed } from './patient.ts'

type Look = { readonly at: Date } & (
  | { readonly seen: LookedAtSource }
  | { readonly name: string; readonly failure: unknown }
)

const timeoutMost = 5_000
/** Three checks look at the same servers: each is asked once. */
const looks = new WeakMap<Installed, Promise<readonly Look[]>>()

/** Every LDAP source of the configuration; none for a directory file. */
export function lookAtDirectory(installed: Installed): Promise<readonly Look[]> {
  const known = looks.get(installed)
  if (known !== undefined) return known
  const looking = lookAtSources(installed)
  looks.set(installed, looking)
  return looking
}

async function lookAtSources({ config, folder }: Installed): Promise<readonly Look[]> {
  const settings = absoluteDirectory(originOf(config.directory), folder)
  if (typeof settings === 'string') return []
  const timeout = Math.min(settings.timeoutSeconds * 1_000, timeoutMost)
  return Promise.all(
    settings.sources.map(async (source): Promise<Look> => {
      try {
        const seen = await lookAtSource(source, timeout)
        return { seen, at: new Date() }
      } catch (failure) {
        return { name: source.name ?? source.urls[0] ?? '', failure, at: new Date() }
      }
    }),
  )
}

export const directoryCheck = installedCheck('directory', async (installed) => {
  const sources = await lookAtDirectory(installed)
  return sources.length === 0 ? [await fileFinding(installed)] : sources.flatMap(sourceFindings)
})

function sourceFindings(look: Look): readonly Finding[] {
  if ('failure' in look) return [wrongBecause(look.failure, look.name)]
  const { name, showsGroups } = look.seen
  const answers = fine(`${name} answers and lets the reading account in`)
  return [answers, showsGroups ? fine(`${name} shows groups`) : wrong('directory-groups-hidden', name)]
}

async function fileFinding({ config, folder }: Installed): Promise<Finding> {
  const settings = originOf(config.directory)
  const what = typeof settings === 'string' ? settings : 'the directory'
  try {
    const clock = { now: () => new Date() }
    const directory = await openDirectory({ settings, folder, clock, report: () => undefined })
    await directory.close()
    return fine(`${what} can be read`)
  } catch (error) {
    return wrongBecause(error, what)
  }
}

export const connectionPointCheck = installedCheck('scp', async (installed) => {
  const sources = await lookAtDirectory(installed)
  const forests = sources.flatMap((look) => {
    if (!('seen' in look) || look.seen.registrations === undefined) return []
    return [{ name: look.seen.name, registrations: look.seen.registrations }]
  })
  if (forests.length === 0) return [skipped('no forest could be asked')]
  const { config } = installed
  const expected = ownSites(clusterOf(config)).map(({ url }) => `${url}/certification`)
  return forests.map(({ name, registrations }) => {
    const [first, ...others] = registrations
    if (first === undefined) return wrong('scp-missing', `${name} names no cluster; expected ${expected[0] ?? ''}`)
    const strange = [first, ...others].find(({ url }) => !expected.some((each) => sameAddress(each, url)))
    if (strange !== undefined) return wrong('scp-elsewhere', `${name} names ${strange.url} (${strange.dn})`)
    return fine(`${name} names ${first.url}`)
  })
})
