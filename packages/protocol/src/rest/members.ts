/**
 * Reading JSON messages member by member. Member names are compared with their case (RFC 8259), only a message's own
 * members count, and nothing of a message becomes a property of an object of ours: names chosen by the sender go into
 * maps.
 */
import { decodeBase64, RightsError } from '@sealward/xrml'

export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [name: string]: Json
}

/** @throws RightsError `rest-message-invalid` unless the text is JSON; a byte order mark before it is tolerated. */
export function readJson(text: string): Json {
  try {
    return JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text) as Json
  } catch (cause) {
    throw new RightsError('rest-message-invalid', { detail: 'not JSON', cause })
  }
}

/** @throws RightsError `rest-message-invalid` unless the value is an object. */
export function asObject(value: Json | undefined, what: string): JsonObject {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw invalidMember(what, 'an object')
  return value as JsonObject
}

/** @throws RightsError `rest-message-invalid` unless the value is a list of at most `limit` items. */
export function asList(value: Json | undefined, what: string, limit: number): readonly Json[] {
  if (!Array.isArray(value)) throw invalidMember(what, 'a list')
  if (value.length > limit) throw invalidMember(what, `a list of at most ${limit} items`)
  return value as readonly Json[]
}

/** The member's value; null counts as absence. */
export function member(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? (object[name] ?? undefined) : undefined
}

export function optionalString(object: JsonObject, name: string): string | undefined {
  const value = member(object, name)
  if (value !== undefined && typeof value !== 'string') throw invalidMember(name, 'a text')
  return value
}

/** A text that is not empty. */
export function requiredString(object: JsonObject, name: string): string {
  const value = optionalString(object, name)
  if (value === undefined || value === '') throw invalidMember(name, 'a text that is not empty')
  return value
}

export function optionalBoolean(object: JsonObject, name: string): boolean | undefined {
  const value = member(object, name)
  if (value !== undefined && typeof value !== 'boolean') throw invalidMember(name, 'true or false')
  return value
}

export function requiredBoolean(object: JsonObject, name: string): boolean {
  const value = optionalBoolean(object, name)
  if (value === undefined) throw invalidMember(name, 'true or false')
  return value
}

/** A whole number. */
export function optionalInteger(object: JsonObject, name: string): number | undefined {
  const value = member(object, name)
  if (value !== undefined && !Number.isSafeInteger(value)) throw invalidMember(name, 'a whole number')
  return value as number | undefined
}

export function stringList(value: Json | undefined, what: string, limit: number): readonly string[] {
  return asList(value, what, limit).map((item) => {
    if (typeof item !== 'string') throw invalidMember(what, 'a list of texts')
    return item
  })
}

/** An object whose members are texts, for application data; absent counts as empty. */
export function stringMap(object: JsonObject, name: string, limit: number): ReadonlyMap<string, string> {
  const value = member(object, name)
  if (value === undefined) return new Map()
  const entries = Object.entries(asObject(value, name))
  if (entries.length > limit) throw invalidMember(name, `an object of at most ${limit} members`)
  return new Map(
    entries.map(([key, text]) => {
      if (typeof text !== 'string') throw invalidMember(name, 'an object of texts')
      return [key, text]
    }),
  )
}

/** A map as a JSON object, or null if it is empty. */
export function writeStringMap(map: ReadonlyMap<string, string>): JsonObject | null {
  if (map.size === 0) return null
  // Without a prototype, the name `__proto__` is a name like any other.
  const object: Record<string, string> = Object.create(null) as Record<string, string>
  for (const [name, value] of map) object[name] = value
  return object
}

/** Bytes in standard base64 with padding. */
export function requiredBytes(object: JsonObject, name: string): Uint8Array {
  try {
    return decodeBase64(requiredString(object, name), name)
  } catch (cause) {
    throw new RightsError('rest-message-invalid', { detail: `${name} must be base64`, cause })
  }
}

export function invalidMember(name: string, what: string): RightsError {
  return new RightsError('rest-message-invalid', { detail: `${name} must be ${what}` })
}
