/**
 * The VersionData header of every call and answer: which versions of the data the sender understands (MS-RMPR 2.2.3.1,
 * 2.2.4). Version 1.1 brings batches of licence requests, version 1.2 marks servers of cryptographic mode 2.
 */
import { element, RightsError, textElement, type XmlElement } from '@sealward/xrml'
import { optionalElement } from './elements.ts'

export interface VersionData {
  /** Four numbers with dots between them. */
  readonly minimum: string
  readonly maximum: string
}

export const firstVersion = '1.0.0.0'
export const batchVersion = '1.1.0.0'
/** The highest version that this implementation speaks. */
export const highestVersion = '1.2.0.0'

/** What a client sends unless it needs more. */
export const clientVersionData: VersionData = { minimum: firstVersion, maximum: firstVersion }
/** What a server sends. */
export const serverVersionData: VersionData = { minimum: firstVersion, maximum: highestVersion }

const versionText = /^\d{1,9}\.\d{1,9}\.\d{1,9}\.\d{1,9}$/

/**
 * A missing header or value counts as the first version: a minimum above it needs a maximum beside it.
 * @throws RightsError `malformed-data-version`
 */
export function parseVersionData(header: XmlElement | undefined): VersionData {
  const versions = { minimum: versionIn(header, 'MinimumVersion'), maximum: versionIn(header, 'MaximumVersion') }
  if (compareVersions(versions.minimum, versions.maximum) > 0) {
    throw new RightsError('malformed-data-version', { detail: 'the minimum is above the maximum' })
  }
  return versions
}

function versionIn(header: XmlElement | undefined, name: string): string {
  const text = optionalElement(header, name)?.text
  if (text === undefined) return firstVersion
  if (!versionText.test(text)) throw new RightsError('malformed-data-version', { detail: name })
  return text
}

/** The markup of the header, in the namespace of the service. */
export function writeVersionData(namespace: string, versions: VersionData): string {
  return element(
    'VersionData',
    { xmlns: namespace },
    textElement('MinimumVersion', {}, versions.minimum),
    textElement('MaximumVersion', {}, versions.maximum),
  )
}

/** @throws RightsError `unsupported-data-version` when the sender wants more than this implementation speaks. */
export function requireSupportedVersion(versions: VersionData): void {
  if (compareVersions(versions.maximum, highestVersion) > 0) {
    throw new RightsError('unsupported-data-version', { detail: `asked for ${versions.maximum}` })
  }
}

/** The same with nothing above a maximum; undefined if nothing of it is above. */
export function versionsUpTo(versions: VersionData, maximum: string): VersionData | undefined {
  if (compareVersions(versions.maximum, maximum) <= 0) return undefined
  const { minimum } = versions
  return { minimum: compareVersions(minimum, maximum) > 0 ? maximum : minimum, maximum }
}

/** Negative, zero or positive as the first version is lower than, equal to or higher than the second. */
export function compareVersions(a: string, b: string): number {
  const left = a.split('.').map(Number)
  const right = b.split('.').map(Number)
  for (const [index, number] of left.entries()) {
    const difference = number - (right[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
