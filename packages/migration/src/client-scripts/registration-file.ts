/**
 * Registration files (`.reg`), version 5.00: UTF-16 with byte order mark, lines end in CR LF, one section for each key.
 * `[-key]` deletes a key; followed by `[key]` it leaves the key empty.
 */
import { utf16le } from '@sealward/xrml'
import { registrationQuoted } from './quoting.ts'
import { longKey, type RegistryOperation, type SetValue } from './registry-operation.ts'

export function registrationFile(operations: readonly RegistryOperation[]): Uint8Array {
  return Buffer.concat([Buffer.from([0xff, 0xfe]), utf16le(registrationText(operations))])
}

function registrationText(operations: readonly RegistryOperation[]): string {
  const lines = ['Windows Registry Editor Version 5.00']
  let open: string | undefined
  for (const operation of operations) {
    const name = longKey(operation)
    if (operation.action === 'deleteKey' || operation.action === 'deleteContents') {
      lines.push('', `[-${name}]`)
      open = undefined
      if (operation.action === 'deleteKey') continue
    }
    if (open !== name) lines.push('', `[${name}]`)
    open = name
    if (operation.action === 'set') lines.push(`${valueName(operation.name)}=${valueData(operation)}`)
    if (operation.action === 'deleteValue') lines.push(`${valueName(operation.name)}=-`)
  }
  return [...lines, '', ''].join('\r\n')
}

function valueName(name: string): string {
  return name === '' ? '@' : registrationQuoted(name)
}

function valueData({ value }: SetValue): string {
  return value.type === 'REG_SZ' ? registrationQuoted(value.data) : `dword:${value.data.toString(16).padStart(8, '0')}`
}
