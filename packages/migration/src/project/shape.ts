/**
 * What a JSON value must look like, as a function that reads it: plans, collected files and answers of services are read
 * with these and with nothing else. A field that is not named is an error, so that a misspelt parameter never means
 * "use the default".
 */
import { RightsError, type ErrorCode } from '@sealward/xrml'

/** Where in the value the reader is, and with which code it refuses. */
export interface Place {
  readonly path: string
  readonly code: ErrorCode
}

export type Shape<T> = (value: unknown, place: Place) => T
export type ShapeOf<S> = S extends Shape<infer T> ? T : never

type Shapes = Readonly<Record<string, Shape<unknown>>>
type RequiredFields<R extends Shapes> = { readonly [K in keyof R]: ShapeOf<R[K]> }
type OptionalFields<O extends Shapes> = { readonly [K in keyof O]?: ShapeOf<O[K]> }

/** @throws RightsError with the given code, naming the field */
export function readShape<T>(shape: Shape<T>, value: unknown, code: ErrorCode, path = ''): T {
  return shape(value, { path, code })
}

/** @throws RightsError with the given code, also for text that is no JSON */
export function readJson<T>(shape: Shape<T>, source: string, code: ErrorCode, path = ''): T {
  let value: unknown
  try {
    value = JSON.parse(source)
  } catch (cause) {
    throw new RightsError(code, { detail: `${path === '' ? '' : `${path}: `}not JSON`, cause })
  }
  return readShape(shape, value, code, path)
}

function refuse(place: Place, expected: string): never {
  throw new RightsError(place.code, { detail: place.path === '' ? expected : `${place.path}: ${expected}` })
}

const longestText = 2_048

export interface TextForm {
  readonly form?: RegExp
  /** What the form means, for people. */
  readonly says?: string
  /** Characters; 1 to 2,048 unless given. */
  readonly least?: number
  readonly most?: number
}

/** A text without blanks around it and without control characters. */
export function text({
  form,
  says = 'a text of another form',
  least = 1,
  most = longestText,
}: TextForm = {}): Shape<string> {
  return (value, place) => {
    if (typeof value !== 'string') return refuse(place, 'must be a text')
    if (value.length < least || value.length > most) return refuse(place, `must have ${least} to ${most} characters`)
    if (value !== value.trim()) return refuse(place, 'must not begin or end with a blank')
    if (/\p{Cc}/u.test(value)) return refuse(place, 'must not hold control characters')
    if (form !== undefined && !form.test(value)) return refuse(place, `must be ${says}`)
    return value
  }
}

/** Text of others, exactly as it is. */
export const anyText: Shape<string> = (value, place) =>
  typeof value === 'string' ? value : refuse(place, 'must be a text')

export const flag: Shape<boolean> = (value, place) =>
  typeof value === 'boolean' ? value : refuse(place, 'must be true or false')

export function wholeNumber(least: number, most: number): Shape<number> {
  return (value, place) =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
      ? value
      : refuse(place, `must be a whole number from ${least} to ${most}`)
}

export function oneOf<const T extends string | number | boolean>(...values: readonly T[]): Shape<T> {
  return (value, place) =>
    values.find((known) => known === value) ?? refuse(place, `must be one of ${values.map(String).join(', ')}`)
}

export function listOf<T>(item: Shape<T>, most = 100_000): Shape<readonly T[]> {
  return (value, place) => {
    if (!Array.isArray(value)) return refuse(place, 'must be a list')
    if (value.length > most) return refuse(place, `must have at most ${most} entries`)
    return value.map((entry: unknown, index) => item(entry, { ...place, path: `${place.path}[${index}]` }))
  }
}

/** Exactly these fields. */
export function record<const R extends Shapes, const O extends Shapes = Readonly<Record<never, never>>>(
  required: R,
  optional?: O,
): Shape<RequiredFields<R> & OptionalFields<O>> {
  return fields(required, optional, false)
}

/** These fields and others, which are left out: answers of services that may be newer. */
export function openRecord<const R extends Shapes, const O extends Shapes = Readonly<Record<never, never>>>(
  required: R,
  optional?: O,
): Shape<RequiredFields<R> & OptionalFields<O>> {
  return fields(required, optional, true)
}

function fields<R extends Shapes, O extends Shapes>(
  required: R,
  optional: O | undefined,
  open: boolean,
): Shape<RequiredFields<R> & OptionalFields<O>> {
  const all: Shapes = { ...required, ...optional }
  return (value, place) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(place, 'must be an object')
    const inner = (name: string): Place => ({ ...place, path: place.path === '' ? name : `${place.path}.${name}` })
    const unknown = Object.keys(value).find((name) => !Object.hasOwn(all, name))
    if (unknown !== undefined && !open) return refuse(inner(unknown.slice(0, 64)), 'is not a known field')
    const given = new Map<string, unknown>(Object.entries(value))
    const read: [string, unknown][] = []
    for (const [name, shape] of Object.entries(all)) {
      const member = given.get(name)
      if (member !== undefined) read.push([name, shape(member, inner(name))])
      else if (Object.hasOwn(required, name)) return refuse(inner(name), 'is missing')
    }
    return Object.fromEntries(read) as RequiredFields<R> & OptionalFields<O>
  }
}

/** The first shape that fits by its `kind` of JSON value: a text, or an object. */
export function textOr<T extends string, U>(asText: Shape<T>, otherwise: Shape<U>): Shape<T | U> {
  return (value, place) => (typeof value === 'string' ? asText(value, place) : otherwise(value, place))
}

/** Objects with names of their own. */
export function mapOf<T>(item: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return (value, place) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(place, 'must be an object')
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, item(member, { ...place, path: `${place.path}.${name}` })]),
    )
  }
}
