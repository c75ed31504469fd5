/**
 * REFRESH (MS-RMPR 2.2.9.1.13): the licence may only be used beside a revocation list that is not older than INTERVALTIME.
 * Clients fetch the list from the revocation point and check it; servers copy the condition from policies and publishing
 * licences to use licences.
 */
import type { PublicKey } from '../crypto/public-key.ts'
import { RightsError } from '../errors/rights-error.ts'
import { children, rawElement, type XmlElement } from '../text/element.ts'
import { element } from '../text/writer.ts'
import { addressOf, canonicalGuid, parseObject, writeObject } from './object.ts'
import { onlyChild } from './only-child.ts'
import { parsePublicKey, writePublicKey } from './public-key.ts'
import { parseIntervalTime, writeIntervalTime, type IntervalTime } from './times.ts'

/** A DISTRIBUTIONPOINT of type `Revocation`. */
export interface RevocationPoint {
  /** Canonical GUID of the list. */
  readonly listId: string
  readonly url: string
  /** The key that signs the list; absent where that is the issuer's. */
  readonly publicKey: PublicKey | undefined
}

export interface RefreshCondition {
  readonly points: readonly RevocationPoint[]
  /** The greatest age of a list, in milliseconds. */
  readonly interval: IntervalTime
  readonly raw: string
}

/** A licence names one list, or one for each authority; more than this is no genuine licence. */
const pointsMost = 8

/**
 * The conditions of a BODY or WORK.
 * @throws RightsError `xrml-malformed`, `public-key-invalid`
 */
export function parseRefreshConditions(source: XmlElement): readonly RefreshCondition[] {
  return children(onlyChild(source, 'CONDITIONLIST') ?? source, 'REFRESH').map(parseRefresh)
}

function parseRefresh(source: XmlElement): RefreshCondition {
  const interval = onlyChild(source, 'INTERVALTIME')
  const points = children(source, 'DISTRIBUTIONPOINT')
  if (interval === undefined || points.length === 0 || points.length > pointsMost) {
    throw new RightsError('xrml-malformed', { detail: 'REFRESH' })
  }
  return { points: points.map(parsePoint), interval: parseIntervalTime(interval), raw: rawElement(source) }
}

function parsePoint(source: XmlElement): RevocationPoint {
  const object = parseObject(onlyChild(source, 'OBJECT'), 'REFRESH')
  const key = onlyChild(source, 'PUBLICKEY') ?? onlyChild(onlyChild(source, 'OBJECT'), 'PUBLICKEY')
  return {
    listId: canonicalGuid(object.id),
    url: addressOf(object, 'URL') ?? '',
    publicKey: key === undefined ? undefined : parsePublicKey(key),
  }
}

/** @param interval milliseconds, whole seconds */
export function writeRefresh(point: RevocationPoint & { readonly publicKey: PublicKey }, interval: number): string {
  const object = writeObject({
    type: 'Revocation',
    idType: 'MS-GUID',
    id: `{${point.listId}}`,
    addresses: [{ type: 'URL', value: point.url }],
  })
  const where = element('DISTRIBUTIONPOINT', {}, object, writePublicKey(point.publicKey))
  return element('REFRESH', {}, where, writeIntervalTime(interval))
}

/** CONDITIONLIST of a WORK with conditions as written elsewhere, each once; empty without any. */
export function writeRefreshConditions(conditions: readonly string[]): string {
  const each = [...new Set(conditions)]
  return each.length === 0 ? '' : element('CONDITIONLIST', {}, ...each)
}
