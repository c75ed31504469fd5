/** The claims on addresses while sources are compared with what is stored: changed entry by entry, then settled. */
import { isDeepStrictEqual } from 'node:util'
import type { AddressClaim, DirectoryChanges } from '../../core/synchronised-directory.ts'
import { belongs, settleAddress } from './settle-address.ts'
import type { SourceEntry } from './source-reading.ts'

export interface Claims {
  /** What the entry lists now; nothing for an entry that is gone. */
  list(entry: string, listed: Pick<SourceEntry, 'address' | 'aliases'> | undefined): void
  /** After all entries have been listed. @returns identifiers of entries whose addresses may count differently now */
  settle(wait: number): ReadonlySet<string>
  /** The primary address that counts. @param former the one that counted before */
  countingAddress(entry: string, former: string | undefined): string | undefined
  /** Claims on addresses that are contested or waited for. */
  open(): readonly (readonly AddressClaim[])[]
  changes(): Pick<DirectoryChanges, 'claims' | 'forgotten'>
  /** Whether what the entry lists or holds is different from before. */
  changed(entry: string): boolean
}

export function claimsOver(stored: readonly AddressClaim[], now: Date): Claims {
  const byAddress = new Map<string, Map<string, AddressClaim>>()
  const byEntry = new Map<string, Map<string, AddressClaim>>()
  const touched = new Set<string>()
  const put = (claim: AddressClaim): void => {
    claimsAt(byAddress, claim.address).set(claim.entry, claim)
    claimsAt(byEntry, claim.entry).set(claim.address, claim)
  }
  for (const claim of stored) {
    put(claim)
    if (claim.contested || (claim.current && !claim.holder)) touched.add(claim.address)
  }
  const storedByEntry = new Map([...byEntry].map(([entry, claims]) => [entry, new Map(claims)]))
  const change = (claim: AddressClaim): void => {
    put(claim)
    touched.add(claim.address)
  }

  return {
    list(entry, listed) {
      const { address, aliases } = listed ?? { address: undefined, aliases: [] }
      const wanted = new Set(address === undefined ? [] : [address, ...aliases])
      const known = claimsAt(byEntry, entry)
      for (const claim of known.values()) {
        if (claim.current && !wanted.has(claim.address)) {
          change({ ...claim, current: false, primary: false, until: now })
        }
      }
      for (const each of wanted) {
        const primary = each === address
        const claim = known.get(each)
        if (claim?.current === true) {
          if (claim.primary !== primary) change({ ...claim, primary })
        } else {
          const { holder, contested } = claim ?? { holder: false, contested: false }
          change({ address: each, entry, current: true, primary, holder, contested, since: now, until: undefined })
        }
      }
    },
    settle(wait) {
      const affected = new Set<string>()
      for (const address of touched) {
        const claims = claimsAt(byAddress, address)
        for (const entry of claims.keys()) affected.add(entry)
        const settled = settleAddress([...claims.values()], { now, wait })
        for (const entry of claims.keys()) claimsAt(byEntry, entry).delete(address)
        claims.clear()
        for (const claim of settled) put(claim)
      }
      return affected
    },
    countingAddress(entry, former) {
      const claims = claimsAt(byEntry, entry)
      const listed = [...claims.values()].find(({ current, primary }) => current && primary)
      if (listed === undefined) return undefined
      if (belongs(listed)) return listed.address
      // Who was renamed to an address that is another's goes on under the old one.
      const before = claims.get(former ?? '')
      return before !== undefined && belongs(before) ? before.address : undefined
    },
    open: () =>
      [...byAddress.values()]
        .map((claims) => [...claims.values()])
        .filter((claims) => claims.some(({ contested, current, holder }) => contested || (current && !holder))),
    changes() {
      const before = new Map(stored.map((claim) => [keyOf(claim), claim]))
      const after = [...byAddress.values()].flatMap((claims) => [...claims.values()])
      const kept = new Set(after.map(keyOf))
      return {
        claims: after.filter((claim) => !isDeepStrictEqual(claim, before.get(keyOf(claim)))),
        forgotten: stored.filter((claim) => !kept.has(keyOf(claim))),
      }
    },
    changed: (entry) => !isDeepStrictEqual(storedByEntry.get(entry) ?? new Map(), claimsAt(byEntry, entry)),
  }
}

function keyOf({ address, entry }: AddressClaim): string {
  return `${address} ${entry}`
}

function claimsAt(index: Map<string, Map<string, AddressClaim>>, key: string): Map<string, AddressClaim> {
  const known = index.get(key)
  if (known !== undefined) return known
  const claims = new Map<string, AddressClaim>()
  index.set(key, claims)
  return claims
}
