/** Whether files that hold secrets are closed to others (threat S14), and whether there is room to write. */
import { statfsSync, statSync, type Stats } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { absoluteDirectory, originOf, type Config } from '@sealward/service'
import { dataFiles } from '../data/data-directory.ts'
import { fine, skipped, wrong, wrongBecause } from './finding.ts'
import { installedCheck } from './patient.ts'

const mebibyte = 2 ** 20
const freeLeast = 512 * mebibyte
const ownerAlone = 0o077
/** The group may be that of a service that hands out certificates. */
const ownerAndGroup = 0o007
const writable = 0o022

interface Guarded {
  readonly path: string
  /** Bits of the mode that must not be set. */
  readonly closed: number
}

export const filesCheck = installedCheck('files', async ({ config, configFile, folder }) => {
  if (process.platform === 'win32') return [skipped('on Windows access control lists decide')]
  const guarded = [
    { path: configFile, closed: writable },
    { path: folder, closed: writable },
    ...secretsOf(config, folder),
  ]
  const present = guarded.flatMap((each) => {
    const stats = statSync(each.path, { throwIfNoEntry: false })
    return stats === undefined ? [] : [{ ...each, stats }]
  })
  const loose = present.filter(({ stats, closed }) => (stats.mode & closed) !== 0)
  if (loose.length > 0)
    return loose.map(({ path, stats }) => wrong('file-mode-loose', `${path} has mode ${modeOf(stats)}`))
  return [fine(`${present.length} files and folders are closed to others`)]
})

export const diskCheck = installedCheck('disk', async ({ config, folder }) => {
  const place = dirname(resolve(folder, config.database))
  try {
    const { bavail, bsize } = statfsSync(place)
    const free = bavail * bsize
    const found = `${Math.floor(free / mebibyte)} MiB are free in ${place}`
    return [free < freeLeast ? wrong('disk-space-low', found) : fine(found)]
  } catch (error) {
    return [wrongBecause(error, place)]
  }
})

function secretsOf(config: Config, folder: string): readonly Guarded[] {
  const { administration, authentication, listener, database } = config
  const directory = absoluteDirectory(originOf(config.directory), folder)
  const passwords = typeof directory === 'string' ? [] : directory.sources.map(({ passwordFile }) => passwordFile)
  const own = [join(folder, dataFiles.masterKey), ...passwords]
  const named = [administration.tokenFile, administration.readerTokenFile, database, authentication.windows?.keytabFile]
  const closed = [...own, ...named.flatMap((file) => (file === undefined ? [] : [resolve(folder, file)]))]
  return [
    ...closed.map((path): Guarded => ({ path, closed: ownerAlone })),
    ...(listener.keyFile === undefined ? [] : [{ path: resolve(folder, listener.keyFile), closed: ownerAndGroup }]),
  ]
}

function modeOf({ mode }: Stats): string {
  return (mode & 0o777).toString(8)
}
