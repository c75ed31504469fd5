/**
 * Runs batch files against the model of the registry: the part of the language that a careful script uses, written from
 * its description. Whatever acts outside of quotes and is not understood stops the test, so a text that escaped its quotes
 * cannot pass unseen.
 */
import assert from 'node:assert/strict'
import type { RegistryModel } from './registry-model.fixture.ts'

export interface BatchMachine {
  readonly registry: RegistryModel
  readonly environment: Readonly<Record<string, string>>
  /** Files by path, with `\`; folders are what lies above them. */
  readonly files: Set<string>
  /** Files that cannot be deleted. */
  readonly locked?: ReadonlySet<string>
  /** Stops like a power cut before this many changes of the registry. */
  readonly changesMost?: number
}

export interface BatchResult {
  readonly exitCode: number
  readonly output: readonly string[]
}

const stepsMost = 20_000

export class PowerCut extends Error {}

interface Frame {
  readonly back: number
  readonly args: readonly string[]
}

export function runBatch(bytes: Uint8Array, machine: BatchMachine, args: readonly string[] = []): BatchResult {
  const content = Buffer.from(bytes).toString('latin1')
  assert.doesNotMatch(content, /[^\r\n\u0020-\u007e]/, 'plain ASCII')
  const lines = content.split('\r\n')
  assert.equal(lines[0], '@echo off')
  assert.ok(lines.includes('setlocal EnableExtensions DisableDelayedExpansion'), 'so that ! stays what it is')
  const variables = new Map(Object.entries(machine.environment).map(([name, value]) => [name.toUpperCase(), value]))
  const frames: Frame[] = [{ back: lines.length, args }]
  const output: string[] = []
  let line = 0
  let errorLevel = 0
  let changes = 0
  let exitCode = 0

  const go = (label: string): void => {
    line = lines.findIndex((each) => each.toLowerCase() === label.toLowerCase())
    assert.notEqual(line, -1, `no label ${label}`)
  }
  const expand = (text: string): string =>
    text.replaceAll(
      /%%|%~(\d)|%([A-Za-z]+)(?::~(-?\d+))?%/g,
      (whole, place: string | undefined, name: string | undefined, from: string | undefined) => {
        if (whole === '%%') return '%'
        if (place !== undefined) return frames.at(-1)?.args[Number(place) - 1] ?? ''
        const value =
          name?.toUpperCase() === 'ERRORLEVEL' ? String(errorLevel) : (variables.get(name?.toUpperCase() ?? '') ?? '')
        return from === undefined ? value : value.slice(Number(from))
      },
    )
  const change = (): void => {
    if (++changes > (machine.changesMost ?? Infinity)) throw new PowerCut()
  }

  const execute = (command: string): void => {
    const test = /^if (\/i )?(not )?(errorlevel \d+|exist "[^"]*"|"[^"]*"=="[^"]*"|-?\w+ (?:EQU|GTR) -?\w+) (.+)$/.exec(
      command,
    )
    if (test !== null) {
      const [, ignoresCase, not, condition = '', rest = ''] = test
      if (holds(condition, ignoresCase !== undefined) !== (not !== undefined)) execute(rest)
      return
    }
    const loop = /^for \/f "([^"]*)" %(\w) in \('(.*?)'\) do (.+)$/.exec(command)
    if (loop !== null) {
      const [, options = '', variable = '', inner = '', rest = ''] = loop
      const answers = reg(tokens(inner.replace(' 2^>nul', ' 2>nul'))).lines
      for (const answer of answers) {
        const depth = frames.length
        execute(rest.replaceAll(/%([A-Z])/g, (whole, name: string) => bound(answer, options, variable, name) ?? whole))
        if (frames.length < depth) return
      }
      return
    }
    const [first = '', ...others] = tokens(command)
    switch (first.toLowerCase()) {
      case 'goto':
        go(others[0] ?? '')
        return
      case 'call':
        // The second look at percent signs.
        assert.equal(expand(command), command, 'nothing to expand again')
        frames.push({ back: line, args: others.slice(1) })
        go(others[0] ?? '')
        return
      case 'exit': {
        assert.equal(others[0], '/b')
        errorLevel = Number(others[1])
        line = frames.pop()?.back ?? lines.length
        if (frames.length === 0) exitCode = errorLevel
        return
      }
      case 'set': {
        const [, name = '', value = ''] = /^(\w+)=(.*)$/.exec(others.at(-1) ?? '') ?? []
        variables.set(name.toUpperCase(), others[0] === '/a' ? String(Number(value)) : value)
        return
      }
      case 'echo':
        output.push(others.join(' '))
        return
      case 'rd':
        removeFolder((others.at(-1) ?? '').replace('\\\\?\\', ''))
        return
      case 'md':
        machine.files.add(`${others[0]}\\`)
        return
      default:
        assert.match(first, /reg\.exe$/, command)
        errorLevel = reg([first, ...others]).exitCode
    }
  }
  const holds = (condition: string, ignoresCase: boolean): boolean => {
    const [, level] = /^errorlevel (\d+)$/.exec(condition) ?? []
    if (level !== undefined) return errorLevel >= Number(level)
    const [, path] = /^exist "(.*)"$/.exec(condition) ?? []
    if (path !== undefined) return [...machine.files].some((file) => file.toLowerCase().startsWith(path.toLowerCase()))
    const [, left = '', right = ''] = /^"(.*)"=="(.*)"$/.exec(condition) ?? []
    if (condition.startsWith('"')) return ignoresCase ? left.toLowerCase() === right.toLowerCase() : left === right
    const [a, operator, b] = condition.split(' ')
    return operator === 'EQU' ? Number(a) === Number(b) : Number(a) > Number(b)
  }
  const removeFolder = (path: string): void => {
    for (const file of [...machine.files].filter((each) => each.toLowerCase().startsWith(`${path}\\`.toLowerCase()))) {
      if (machine.locked?.has(file) !== true) machine.files.delete(file)
    }
  }
  const reg = ([, verb = '', ...rest]: readonly string[]): {
    readonly exitCode: number
    readonly lines: readonly string[]
  } => {
    const { registry } = machine
    const key = longName(rest[0] ?? '')
    const option = (name: string): string | undefined => {
      const place = rest.indexOf(name)
      return place === -1 ? undefined : rest[place + 1]
    }
    const name = rest.includes('/ve') ? '' : option('/v')
    if (verb === 'query') {
      const value = name === undefined ? undefined : registry.get(key, name)
      if (!registry.has(key) || (name !== undefined && value === undefined)) return { exitCode: 1, lines: [] }
      const shown = registry
        .values(key)
        .filter((each) => name === undefined || each.name.toLowerCase() === name.toLowerCase())
      const subkeys = name === undefined ? registry.subkeys(key) : []
      return { exitCode: 0, lines: [...shown.map((each) => valueLine(each.name, each.value)), ...subkeys] }
    }
    change()
    if (verb === 'copy') {
      if (!registry.has(key)) return { exitCode: 1, lines: [] }
      registry.copy(key, longName(rest[1] ?? ''))
      return { exitCode: 0, lines: [] }
    }
    assert.ok(rest.includes('/f'), `asks: ${rest.join(' ')}`)
    if (verb === 'delete') {
      const there = name === undefined ? registry.deleteKey(key) : registry.deleteValue(key, name)
      return { exitCode: there ? 0 : 1, lines: [] }
    }
    assert.equal(verb, 'add')
    registry.create(key)
    const type = option('/t') ?? 'REG_SZ'
    if (name !== undefined) {
      const data = option('/d') ?? ''
      registry.set(key, name, { type, data: type === 'REG_DWORD' ? Number(data) : data })
    }
    return { exitCode: 0, lines: [] }
  }

  for (let steps = 0; line < lines.length && frames.length > 0; steps++) {
    assert.ok(steps < stepsMost, 'the script does not end')
    const text = lines[line++] ?? ''
    if (text === '' || /^(@echo|rem |:|setlocal )/i.test(text)) continue
    execute(expand(text))
  }
  return { exitCode, output }
}

/** Words; a quoted one loses its quotes, redirections go, everything else that would act stops the test. */
function tokens(command: string): readonly string[] {
  const words: string[] = []
  for (const [word] of command.replaceAll(/ (?:[12]?>nul|2>&1|1>&2)(?= |$)/g, '').matchAll(/(?:"[^"]*"|[^\s"])+/g)) {
    assert.doesNotMatch(word.replaceAll(/"[^"]*"/g, ''), /[&|<>^]/, `acts outside of quotes: ${command}`)
    words.push(word.replaceAll(/"([^"]*)"/g, (_, inner: string) => inner.replace(/\\\\$/, '\\')))
  }
  assert.equal((command.match(/"/g) ?? []).length % 2, 0, `quotes are open: ${command}`)
  return words
}

function bound(answer: string, options: string, first: string, name: string): string | undefined {
  const place = name.charCodeAt(0) - first.charCodeAt(0)
  if (place < 0 || place > 2) return undefined
  return options === 'delims=' ? (place === 0 ? answer : undefined) : (answer.trim().split(/\s+/)[place] ?? '')
}

function longName(key: string): string {
  return key
    .replace(/^HKLM\\/i, 'HKEY_LOCAL_MACHINE\\')
    .replace(/^HKCU\\/i, 'HKEY_CURRENT_USER\\')
    .replace(/^HKU\\/i, 'HKEY_USERS\\')
}

function valueLine(name: string, { type, data }: { readonly type: string; readonly data: string | number }): string {
  return `    ${name === '' ? '(Default)' : name}    ${type}    ${typeof data === 'number' ? `0x${data.toString(16)}` : data}`
}
