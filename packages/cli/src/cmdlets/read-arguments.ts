/**
 * Arguments in the form of PowerShell: `-Name value`, `-Name:value`, switches without a value, names without regard to
 * case. What shells make of `$true` is understood. No message repeats a value: it may be a secret in the wrong place.
 */
import { RightsError } from '@sealward/xrml'
import { readSecret } from '../terminal/secret.ts'
import { parameterKey, type Parameter, type Parameters, type Secret, type ValuesOf } from './parameters.ts'

interface Given {
  readonly name: string
  readonly parameter: Parameter
  readonly values: readonly string[]
}

const parameterForm = /^--?([a-z][a-z0-9-]*)(?:[:=](.*))?$/is

/** @throws RightsError `usage-invalid`, `option-invalid`, `secret-as-value`, `cmdlet-not-available` */
export function readArguments<const P extends Parameters>(parameters: P, args: readonly string[]): ValuesOf<P> {
  const known = withSecretFiles(parameters)
  const given = new Map(collectGiven(known, args).map((each) => [each.name, each]))
  const values: Record<string, unknown> = {}
  for (const [name, parameter] of Object.entries<Parameter>(parameters)) {
    const found = given.get(name)
    if (parameter.kind === 'secret') values[name] = secretOf(name, given.get(`${name}File`))
    else if (found !== undefined) values[name] = valueOf(found)
    else if (parameter.kind === 'switch') values[name] = false
    else if (parameter.required === true) throw new RightsError('usage-invalid', { detail: `-${name} is missing` })
  }
  return values as ValuesOf<P>
}

/** A secret is asked for, or stands in a file that a parameter of its own names. */
export function withSecretFiles(parameters: Parameters): Parameters {
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([name, parameter]): [string, Parameter][] =>
      parameter.kind === 'secret'
        ? [
            [name, parameter],
            [`${name}File`, { kind: 'text', says: `file with the ${name} in its first line; - for standard input` }],
          ]
        : [[name, parameter]],
    ),
  )
}

function collectGiven(parameters: Parameters, args: readonly string[]): readonly Given[] {
  const byKey = new Map(
    Object.entries(parameters).map(([name, parameter]) => [parameterKey(name), { name, parameter }]),
  )
  const find = (word: string) => byKey.get(parameterKey(parameterForm.exec(word)?.[1] ?? ''))
  const given: Given[] = []
  for (let at = 0; at < args.length; ) {
    const word = args[at++] ?? ''
    const found = find(word)
    if (found === undefined) throw strayWord(word, at, given.at(-1))
    if (given.some(({ name }) => name === found.name)) throw usage(`-${found.name} is given twice`)
    const inline = parameterForm.exec(word)?.[2]
    const values = inline === undefined ? [] : [inline]
    if (inline === undefined && found.parameter.kind !== 'switch') {
      const most = found.parameter.kind === 'list' || found.parameter.kind === 'items' ? Number.POSITIVE_INFINITY : 1
      while (values.length < most && at < args.length && !parameterForm.test(args[at] ?? ''))
        values.push(args[at++] ?? '')
    }
    given.push({ ...found, values })
    if (found.parameter.kind === 'secret' && values.length > 0) throw secretAsValue(found.name)
  }
  return given
}

function strayWord(word: string, position: number, before: Given | undefined): RightsError {
  // What follows the parameter of a secret may be the secret, also when it begins with a hyphen.
  if (before?.parameter.kind === 'secret') return secretAsValue(before.name)
  const name = parameterForm.exec(word)?.[1]
  return usage(name === undefined ? `word ${position} belongs to no parameter` : `there is no parameter -${name}`)
}

function secretAsValue(name: string): RightsError {
  return new RightsError('secret-as-value', { detail: `-${name}; the file would be named with -${name}File` })
}

function secretOf(name: string, file: Given | undefined): Secret {
  let answer: Promise<string> | undefined
  const path = file === undefined ? undefined : textOf(file)
  return () => (answer ??= readSecret(path, name))
}

function valueOf(given: Given): unknown {
  const { name, parameter } = given
  switch (parameter.kind) {
    case 'switch':
      return given.values.length === 0 ? true : truthOf(name, given.values[0])
    case 'boolean':
      return truthOf(name, given.values[0])
    case 'number':
      return numberOf(name, textOf(given))
    case 'list':
      return requireSome(given).flatMap((value) => value.split(',').map((item) => item.trim()))
    case 'items':
      return requireSome(given)
    case 'time':
      return timeOf(name, textOf(given))
    case 'unsupported':
      throw new RightsError('cmdlet-not-available', { detail: `-${name}: ${parameter.says}` })
    case 'text':
    case 'secret':
      return choiceOf(given, textOf(given))
  }
}

function textOf(given: Given): string {
  return requireSome(given)[0] ?? ''
}

function requireSome({ name, values }: Given): readonly string[] {
  if (values.length === 0) throw usage(`-${name} needs a value`)
  return values
}

function choiceOf({ name, parameter }: Given, value: string): string {
  if (parameter.values === undefined) return value
  const chosen = parameter.values.find((each) => each.toLowerCase() === value.toLowerCase())
  if (chosen === undefined) throw invalid(`-${name} takes ${parameter.values.join(', ')}`)
  return chosen
}

/** Unix shells replace an unquoted `$true`, and `$false` as well, by nothing: then nobody can know what was meant. */
function truthOf(name: string, value: string | undefined): boolean {
  const word = value?.toLowerCase() ?? ''
  if (['$true', 'true', '1'].includes(word)) return true
  if (['$false', 'false', '0'].includes(word)) return false
  throw invalid(`-${name} takes $true or $false; in a Unix shell write '$true' in quotes, or true`)
}

function numberOf(name: string, value: string): number {
  if (!/^-?\d{1,9}$/.test(value)) throw invalid(`-${name} takes a whole number`)
  return Number(value)
}

/** A time without offset is local, a day alone is its midnight. */
function timeOf(name: string, value: string): Date {
  const form = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(Z|[+-]\d{2}:\d{2})?)?$/.exec(value)
  const time = new Date(form === null ? Number.NaN : `${form[1]}T${form[2] ?? '00:00'}${form[3] ?? ''}`)
  if (Number.isNaN(time.getTime())) throw invalid(`-${name} takes a time like 2026-03-01 or 2026-03-01T12:00Z`)
  return time
}

function usage(detail: string): RightsError {
  return new RightsError('usage-invalid', { detail })
}

function invalid(detail: string): RightsError {
  return new RightsError('option-invalid', { detail })
}
