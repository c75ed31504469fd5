/** The identity providers of the configuration, with the keys in their files or from where they publish them. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'
import { RightsError } from '@sealward/xrml'
import type { OutboundLimits } from '../core/limits.ts'
import type { Clock } from '../core/ports.ts'
import { discoverKeys, fetchKeys } from './issuer-keys/discovery.ts'
import { createRemoteKeys } from './issuer-keys/remote-keys.ts'
import { externalIssuer, type TokenIssuer } from './token-issuers.ts'

/** One of the file and the two addresses. */
export interface KeySettings {
  readonly keysFile?: string | undefined
  readonly discoveryUrl?: string | undefined
  readonly keysUrl?: string | undefined
  readonly caFile?: string | undefined
}

type IssuerSettings = Omit<Parameters<typeof externalIssuer>[0], 'keyFor'> & KeySettings

export interface IssuerWorld {
  /** Relative paths start here. */
  readonly folder: string
  readonly clock: Clock
  /** Development: identity providers may be on this machine. */
  readonly loopbackAllowed: boolean
  readonly limits: OutboundLimits
}

/** @throws RightsError `configuration-invalid` */
export async function configuredIssuers(
  settings: readonly IssuerSettings[],
  world: IssuerWorld,
): Promise<readonly TokenIssuer[]> {
  return Promise.all(settings.map(async (issuer) => externalIssuer({ ...issuer, keyFor: await keysOf(issuer, world) })))
}

/**
 * Whether the keys of an issuer can be had at this moment, for whoever looks at a configuration.
 * @throws RightsError `configuration-invalid`, `identity-provider-unavailable`
 */
export async function requireIssuerKeys(settings: IssuerSettings, world: IssuerWorld): Promise<void> {
  const { keysFile } = settings
  if (keysFile !== undefined) await readKeySet(resolve(world.folder, keysFile))
  else await (await loaderOf(settings, world))()
}

async function keysOf(settings: IssuerSettings, world: IssuerWorld): Promise<JWTVerifyGetKey> {
  const { keysFile } = settings
  if (keysFile !== undefined) return readKeySet(resolve(world.folder, keysFile))
  return createRemoteKeys(await loaderOf(settings, world), world.clock)
}

async function loaderOf(settings: IssuerSettings, world: IssuerWorld): Promise<() => Promise<JSONWebKeySet>> {
  const { issuer, discoveryUrl, keysUrl, caFile } = settings
  const { folder, loopbackAllowed, limits } = world
  const url = discoveryUrl ?? keysUrl ?? ''
  const ca = caFile === undefined ? {} : { ca: await readText(resolve(folder, caFile)) }
  const source = { host: new URL(url).host, loopbackAllowed, limits, ...ca }
  return discoveryUrl === undefined ? () => fetchKeys(url, source) : () => discoverKeys(url, issuer, source)
}

async function readKeySet(file: string): Promise<JWTVerifyGetKey> {
  const text = await readText(file)
  try {
    return createLocalJWKSet(JSON.parse(text) as JSONWebKeySet)
  } catch (cause) {
    throw new RightsError('configuration-invalid', { detail: `${file} is no key set that can be read`, cause })
  }
}

function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new RightsError('configuration-invalid', { detail: `${file} cannot be read`, cause })
  })
}
