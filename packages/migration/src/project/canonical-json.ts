/** JSON with one spelling per value (RFC 8785 for the values that a project keeps): what is hashed, signed or compared. */
import { createHash } from 'node:crypto'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json | undefined }

/**
 * The type itself if JSON can hold its values, with a place that nothing fits where it cannot: a date, a map or a function.
 * An interface has no index signature, so `Json` alone would refuse every typed record.
 */
export type Storable<T> = T extends Json | undefined
  ? T
  : T extends (...args: never) => unknown
    ? never
    : T extends object
      ? { readonly [K in keyof T]: Storable<T[K]> }
      : never

/** A typed record as the JSON that it is. */
export function asJson<T>(value: T & Storable<T>): Json {
  // The constraint has proved what the compiler cannot express: an interface that holds JSON alone.
  return value as unknown as Json
}

/** Sorted member names, no white space; members that are `undefined` are left out. */
export function canonicalJson<T>(value: T & Storable<T>): string {
  return canonical(asJson(value))
}

function canonical(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(canonical).join(',')}]`
  const members = Object.entries(value as { readonly [name: string]: Json | undefined })
    .filter((member): member is [string, Json] => member[1] !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`)
  return `{${members.join(',')}}`
}

/** Lower-case hex SHA-256 of the canonical text. */
export function digestOf<T>(value: T & Storable<T>): string {
  return sha256(canonicalJson(value))
}

export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}
