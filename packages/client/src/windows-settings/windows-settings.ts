/**
 * The settings of a Windows client as settings of this one: where the services are, where old licences are answered,
 * which servers are trusted, and whether anybody may protect. Nothing is repaired: what this client would refuse later is
 * left out here and named, with the code of the refusal.
 */
import { normalizeLicensingUrl } from '@sealward/protocol'
import { isRightsError, RightsError, type ErrorCode } from '@sealward/xrml'
import type { ServiceLocation } from '../connection.ts'
import type { RedirectionRule } from '../redirection.ts'
import type { AppliedRegistration, RegistryValue } from './registry-values.ts'
import { settingOf, type WindowsSetting } from './setting-names.ts'

export interface WindowsSettings {
  readonly serviceLocation: ServiceLocation
  readonly redirections: readonly RedirectionRule[]
  /** `host` or `host:port`. */
  readonly trustedServers: readonly string[]
  readonly trustedServersOnly: boolean
  /** The key and value that forbids protecting. */
  readonly protectionDisabledBy?: string
  readonly taken: readonly TakenSetting[]
  readonly ignored: readonly IgnoredSetting[]
}

export interface TakenSetting {
  readonly setting: WindowsSetting
  readonly value: string
  /** Key and name. */
  readonly from: string
}

export interface IgnoredSetting {
  readonly from: string
  readonly line: number
  readonly why: string
  /** Present if the value is meant for this client and cannot be used. */
  readonly code?: ErrorCode
}

interface Candidate extends TakenSetting {
  readonly rank: number
  readonly line: number
  /** Values with the same one are about the same thing. */
  readonly slot: string
}

/**
 * ```ts
 * const settings = windowsSettings(applyRegistration(readRegistrationFile(bytes)))
 * ```
 */
export function windowsSettings({ values, idleRemovals }: AppliedRegistration): WindowsSettings {
  const candidates: Candidate[] = []
  const ignored: IgnoredSetting[] = idleRemovals.map(({ key, name, line }) => ({
    from: name === undefined ? key : nameOf({ key, name }),
    line,
    why: 'removes what this file does not set',
  }))
  for (const value of values) {
    const named = settingOf(value.key, value.name)
    if ('why' in named) {
      ignored.push({ from: nameOf(value), line: value.line, why: named.why })
      continue
    }
    try {
      candidates.push({ ...read(named.setting, value), rank: named.rank, line: value.line, from: nameOf(value) })
    } catch (error) {
      if (!isRightsError(error)) throw error
      const { code, detail, message } = error
      ignored.push({ from: nameOf(value), line: value.line, why: detail ?? message, code })
    }
  }
  const { taken, beaten } = decide(candidates)
  const all = (setting: WindowsSetting): readonly Candidate[] => taken.filter((each) => each.setting === setting)
  const [certification] = all('certification')
  const [licensing] = all('licensing')
  const [disabled] = all('disable-creation')
  return {
    serviceLocation: {
      ...(certification === undefined ? {} : { certification: certification.value }),
      ...(licensing === undefined ? {} : { licensing: licensing.value }),
    },
    redirections: all('redirection').map(({ slot, value }) => ({ from: slot, to: value })),
    trustedServers: all('trusted-server').map(({ value }) => value),
    trustedServersOnly: all('trusted-servers-only')[0]?.value === 'yes',
    ...(disabled?.value === 'yes' ? { protectionDisabledBy: disabled.from } : {}),
    taken: taken.map(({ setting, value, from }) => ({ setting, value, from })),
    ignored: [...ignored, ...beaten].toSorted((a, b) => a.line - b.line),
  }
}

/** Of several values for one thing the first in rank counts; others are worth a word only if they say something else. */
function decide(candidates: readonly Candidate[]): {
  readonly taken: readonly Candidate[]
  readonly beaten: readonly IgnoredSetting[]
} {
  const winners = new Map<string, Candidate>()
  const beaten: IgnoredSetting[] = []
  for (const candidate of candidates.toSorted((a, b) => a.rank - b.rank || a.line - b.line)) {
    const { setting, slot, value, from, line } = candidate
    const winner = winners.get(`${setting} ${slot}`)
    if (winner === undefined) winners.set(`${setting} ${slot}`, candidate)
    else if (winner.value !== value) beaten.push({ from, line, why: `${winner.from} comes first` })
  }
  return { taken: [...winners.values()], beaten }
}

/** @throws RightsError `registration-file-invalid`, `licensing-url-invalid`, `service-url-refused` */
function read(setting: WindowsSetting, { name, data }: RegistryValue): Pick<Candidate, 'setting' | 'value' | 'slot'> {
  switch (setting) {
    case 'certification':
    case 'licensing':
      return { setting, slot: '', value: secureUrl(textOf(data)) }
    case 'redirection':
      // One rule covers every spelling of an address.
      return { setting, slot: normalizeLicensingUrl(name), value: secureUrl(textOf(data)) }
    case 'disable-creation':
    case 'trusted-servers-only':
      return { setting, slot: '', value: numberOf(data) === 0 ? 'no' : 'yes' }
    case 'trusted-server':
      return { setting, slot: name.toLowerCase(), value: trustedHost(name) }
  }
}

/** This client speaks HTTPS only; what a Windows client may do in its own network is no reason to send a password openly. */
function secureUrl(text: string): string {
  const url = normalizeLicensingUrl(text)
  if (!url.startsWith('https:')) throw new RightsError('service-url-refused', { detail: `${url} is not https` })
  return url
}

/** A host, or the address of a server: only the host counts, since only https is spoken. */
function trustedHost(name: string): string {
  return new URL(normalizeLicensingUrl(/^https?:\/\//i.test(name) ? name : `https://${name}`)).host
}

function textOf(data: RegistryValue['data']): string {
  if (data.type === 'text') return data.text
  if (data.type === 'expandable-text' && !data.text.includes('%')) return data.text
  const why = data.type === 'expandable-text' ? 'it names a variable of the computer' : 'it is not a text'
  throw new RightsError('registration-file-invalid', { detail: why })
}

function numberOf(data: RegistryValue['data']): number {
  if (data.type === 'number') return data.number
  throw new RightsError('registration-file-invalid', { detail: 'it is not a number' })
}

function nameOf({ key, name }: Pick<RegistryValue, 'key' | 'name'>): string {
  return `${key}\\${name === '' ? '(default)' : name}`
}
