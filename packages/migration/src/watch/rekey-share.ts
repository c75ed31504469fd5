/**
 * How far a change of keys has come: people get a certificate of the new key when their old one is renewed, which takes
 * weeks. The change is over when no valid client licensor certificate of an old key is left; certificates decide when
 * that is at the latest, the course of the last days when it will probably be.
 */
import type { IssuedLicensor } from '../admin-api.ts'
import { ownText } from './own-text.ts'
import type { RequestEvent } from './request-event.ts'
import { dayMilliseconds, dayName, dayOf } from './subject-activity.ts'

export interface RekeyOptions {
  readonly now: Date
  /** Fingerprint of the key that is active now. */
  readonly activeKey: string
  /** Days to show; default 60. */
  readonly days?: number
}

export interface RekeyDay {
  readonly day: string
  /** Licences given out on that day, by the key of the document. */
  readonly licenses: Readonly<Record<string, number>>
  /** Users by the key of their current certificate at the end of that day. */
  readonly clients: Readonly<Record<string, number>>
}

export interface RekeyShare {
  readonly activeKey: string
  readonly days: readonly RekeyDay[]
  readonly users: readonly { readonly user: string; readonly key: string; readonly validUntil: Date | undefined }[]
  /** Users whose current certificate is of an old key. */
  readonly left: number
  /** 0 to 1; 1 without any user. */
  readonly share: number
  /** When the last certificate of an old key ends, or ends by itself; absent when none is left. */
  readonly endsAtLatest: Date | undefined
  /** By the course of the last two weeks; absent when none is left or nothing moves. */
  readonly projectedEnd: Date | undefined
}

/** Certificates of one user, by time of issue. */
interface Certificate {
  readonly issuedAt: number
  readonly key: string
  readonly validUntil: Date | undefined
}

export interface RekeyInput {
  readonly certificates: AsyncIterable<IssuedLicensor> | Iterable<IssuedLicensor>
  /** For the licences per key; without them only clients are counted. */
  readonly events?: AsyncIterable<RequestEvent> | Iterable<RequestEvent>
}

/**
 * ```ts
 * const { share, projectedEnd } = await rekeyShare({ certificates: await admin.issuedLicensors() }, { now, activeKey })
 * ```
 */
export async function rekeyShare(input: RekeyInput, options: RekeyOptions): Promise<RekeyShare> {
  const { now, activeKey, days: shown = 60 } = options
  const today = dayOf(now.getTime())
  const byUser = new Map<string, Certificate[]>()
  for await (const { user, keyId, issuedAt, validUntil } of input.certificates) {
    const certificate = { issuedAt: Date.parse(issuedAt), key: keyId, validUntil: dateOf(validUntil) }
    if (Number.isNaN(certificate.issuedAt)) continue
    const name = user.toLowerCase()
    const known = byUser.get(name)
    if (known === undefined) byUser.set(name, [certificate])
    else known.push(certificate)
  }
  for (const certificates of byUser.values()) certificates.sort((a, b) => a.issuedAt - b.issuedAt)
  const licenses = await licensesByDay(input.events ?? [], today - shown + 1)
  const days = Array.from({ length: shown }, (_, index): RekeyDay => {
    const day = today - shown + 1 + index
    const end = Math.min(now.getTime(), (day + 1) * dayMilliseconds - 1)
    return { day: dayName(day), licenses: licenses.get(day) ?? {}, clients: clientsAt(byUser, end) }
  })
  const users = [...byUser]
    .flatMap(([user, certificates]) => {
      const current = currentAt(certificates, now.getTime())
      return current === undefined ? [] : [{ user, key: current.key, validUntil: current.validUntil }]
    })
    .sort((a, b) => (a.user < b.user ? -1 : 1))
  const old = users.filter(({ key }) => key !== activeKey)
  return {
    activeKey,
    days,
    users,
    left: old.length,
    share: users.length === 0 ? 1 : (users.length - old.length) / users.length,
    endsAtLatest: latest(old),
    projectedEnd: projected(days, options, latest(old)),
  }
}

function dateOf(text: string): Date | undefined {
  const time = new Date(text)
  return Number.isNaN(time.getTime()) ? undefined : time
}

async function licensesByDay(
  events: AsyncIterable<RequestEvent> | Iterable<RequestEvent>,
  firstDay: number,
): Promise<ReadonlyMap<number, Record<string, number>>> {
  const days = new Map<number, Record<string, number>>()
  for await (const { time, operation, ok, issuerKey } of events) {
    const day = dayOf(time.getTime())
    if (!ok || issuerKey === undefined || operation !== 'AcquireLicense' || day < firstDay) continue
    const counts = days.get(day) ?? {}
    if (counts[issuerKey] === undefined) counts[ownText(issuerKey)] = 1
    else counts[issuerKey]++
    days.set(day, counts)
  }
  return days
}

function currentAt(certificates: readonly Certificate[], time: number): Certificate | undefined {
  const current = certificates.findLast(({ issuedAt }) => issuedAt <= time)
  return current?.validUntil !== undefined && current.validUntil.getTime() <= time ? undefined : current
}

function clientsAt(byUser: ReadonlyMap<string, readonly Certificate[]>, time: number): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const certificates of byUser.values()) {
    const key = currentAt(certificates, time)?.key
    if (key !== undefined) counts[key] = (counts[key] ?? 0) + 1
  }
  return counts
}

function latest(users: RekeyShare['users']): Date | undefined {
  const ends = users.map(({ validUntil }) => validUntil?.getTime())
  const known = ends.filter((end) => end !== undefined)
  return known.length === 0 || known.length < ends.length ? undefined : new Date(Math.max(...known))
}

const trendDays = 14

/** Certificates end by themselves, so it never takes longer than the last of them lives. */
function projected(
  days: readonly RekeyDay[],
  { now, activeKey }: RekeyOptions,
  limit: Date | undefined,
): Date | undefined {
  const left = days.slice(-trendDays).map(({ clients }) => oldClients(clients, activeKey))
  const [first = 0, last = 0] = [left[0], left.at(-1)]
  if (last === 0) return undefined
  const perDay = (first - last) / Math.max(1, left.length - 1)
  if (perDay <= 0) return limit
  const end = now.getTime() + Math.ceil(last / perDay) * dayMilliseconds
  return new Date(Math.min(end, limit?.getTime() ?? end))
}

function oldClients(clients: Readonly<Record<string, number>>, activeKey: string): number {
  return Object.entries(clients).reduce((sum, [key, count]) => (key === activeKey ? sum : sum + count), 0)
}
