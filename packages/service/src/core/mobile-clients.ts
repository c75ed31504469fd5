/**
 * Which REST clients are served. They say themselves what they are (`x-ms-rms-platform-id`), so this keeps genuine clients
 * out, of a kind that the organisation does not want, and no attacker.
 */
import type { Platform } from '@sealward/protocol'
import { RightsError } from '@sealward/xrml'
import { devicePlatforms, type DevicePlatform } from './device-platforms.ts'
import type { RefusedApplication, Settings } from './settings.ts'

/**
 * @throws RightsError `device-platform-refused`, `device-platform-unknown` where only known platforms are served,
 * `application-refused`
 */
export function requireServedClient(
  settings: Pick<Settings, 'refusedPlatforms' | 'refusedApplications'>,
  client: Platform,
): void {
  const platform = platformOf(client)
  if (settings.refusedPlatforms.includes(platform)) {
    throw new RightsError(platform === 'Other' ? 'device-platform-unknown' : 'device-platform-refused')
  }
  if (settings.refusedApplications.some((refused) => isApplication(client, refused))) {
    throw new RightsError('application-refused')
  }
}

function platformOf(client: Platform): DevicePlatform {
  const named = client.get('DevicePlatform')?.toLowerCase()
  return devicePlatforms.find((platform) => platform.toLowerCase() === named) ?? 'Other'
}

function isApplication(client: Platform, { name, below }: RefusedApplication): boolean {
  if (client.get('AppName')?.toLowerCase() !== name.toLowerCase()) return false
  return below === undefined || isOlder(client.get('AppVersion') ?? '', below)
}

/** Numbers between dots; what is no version is older than any. */
function isOlder(version: string, other: string): boolean {
  const [own, least] = [version, other].map((text) => text.split('.').map(Number))
  if (own === undefined || least === undefined || own.some(Number.isNaN) || version === '') return true
  for (let at = 0; at < Math.max(own.length, least.length); at++) {
    const difference = (own[at] ?? 0) - (least[at] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return false
}
