/**
 * A reader of registration files, written from the description of the format and not from our writer: what it reads is
 * applied to the model, or listed.
 */
import assert from 'node:assert/strict'
import type { RegistryModel } from './registry-model.fixture.ts'

export type Instruction =
  | { readonly kind: 'remove-key'; readonly key: string }
  | { readonly kind: 'open-key'; readonly key: string }
  | {
      readonly kind: 'value'
      readonly key: string
      readonly name: string
      readonly type: string
      readonly data: string | number
    }
  | { readonly kind: 'remove-value'; readonly key: string; readonly name: string }

export function readRegistrationFile(bytes: Uint8Array): readonly Instruction[] {
  const buffer = Buffer.from(bytes)
  assert.deepEqual([...buffer.subarray(0, 2)], [0xff, 0xfe], 'byte order mark of UTF-16LE')
  const content = buffer.subarray(2).toString('utf16le')
  assert.doesNotMatch(content.replaceAll('\r\n', ''), /[\r\n]/, 'every line ends in CR LF')
  const [header, blank, ...lines] = content.split('\r\n')
  assert.equal(header, 'Windows Registry Editor Version 5.00')
  assert.equal(blank, '')
  const found: Instruction[] = []
  let key: string | undefined
  for (const line of lines) {
    if (line === '') continue
    if (line.startsWith('[')) {
      assert.ok(line.endsWith(']'), line)
      const removes = line[1] === '-'
      const name = line.slice(removes ? 2 : 1, -1)
      found.push({ kind: removes ? 'remove-key' : 'open-key', key: name })
      key = removes ? undefined : name
      continue
    }
    assert.ok(key !== undefined, `a value outside of a key: ${line}`)
    const { text: name, rest } = line.startsWith('@') ? { text: '', rest: line.slice(1) } : quotedText(line)
    assert.equal(rest[0], '=', line)
    found.push(valueInstruction(key, name, rest.slice(1)))
  }
  return found
}

function valueInstruction(key: string, name: string, data: string): Instruction {
  if (data === '-') return { kind: 'remove-value', key, name }
  const [, hex] = /^dword:([0-9a-f]{8})$/.exec(data) ?? []
  if (hex !== undefined) return { kind: 'value', key, name, type: 'REG_DWORD', data: parseInt(hex, 16) }
  const { text, rest } = quotedText(data)
  assert.equal(rest, '', data)
  return { kind: 'value', key, name, type: 'REG_SZ', data: text }
}

function quotedText(from: string): { readonly text: string; readonly rest: string } {
  assert.equal(from[0], '"', from)
  let text = ''
  for (let index = 1; index < from.length; index++) {
    const character = from[index]
    if (character === '"') return { text, rest: from.slice(index + 1) }
    if (character === '\\') index++
    text += from[index] ?? ''
  }
  throw new assert.AssertionError({ message: `no closing quote: ${from}` })
}

export function importRegistration(model: RegistryModel, bytes: Uint8Array): void {
  for (const instruction of readRegistrationFile(bytes)) {
    if (instruction.kind === 'remove-key') model.deleteKey(instruction.key)
    else if (instruction.kind === 'open-key') model.create(instruction.key)
    else if (instruction.kind === 'remove-value') model.deleteValue(instruction.key, instruction.name)
    else model.set(instruction.key, instruction.name, { type: instruction.type, data: instruction.data })
  }
}
