import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keyPathOf } from './key-path.ts'

test('every pair of source and target has its way', () => {
  const cases = [
    ['database', 'service-managed', 'software-to-software', 'A'],
    ['database', 'customer-managed', 'software-to-hsm', 'C'],
    ['supported-hsm', 'customer-managed', 'hsm-to-hsm', 'B'],
    ['other-hsm', 'customer-managed', 'move-then-hsm-to-hsm', 'B'],
    ['other-provider', 'customer-managed', 'move-then-hsm-to-hsm', 'B'],
    ['supported-hsm', 'service-managed', 'unsupported', undefined],
    ['other-hsm', 'service-managed', 'unsupported', undefined],
    ['other-provider', 'service-managed', 'unsupported', undefined],
  ] as const
  for (const [keyStorage, target, path, letter] of cases) {
    const found = keyPathOf({ keyStorage, exportable: true }, target)
    assert.deepEqual([found.path, found.letter, found.refusal === undefined], [path, letter, path !== 'unsupported'])
    const staying = keyPathOf({ keyStorage, exportable: false }, target)
    assert.equal(staying.path, 'read-only-source')
  }
})

test('keys behind operator cards are refused, and the commands name the key', () => {
  const cluster = { keyStorage: 'supported-hsm', exportable: true, keyProtection: 'operator-card' } as const
  assert.match(keyPathOf(cluster, 'customer-managed').refusal ?? '', /operator cards/)
  const planned = { file: 'root.xml', keyReference: { kind: 'pkcs11', label: 'root-2016' } } as const
  const { commands } = keyPathOf({ ...cluster, keyProtection: 'module' }, 'customer-managed', planned)
  assert.equal(commands.length, 2)
  assert.match(
    commands[0] ?? '',
    /^KeyTransferRemote\.exe -ModifyAccessToPerms -KeyAppName mscapi -KeyIdentifier root-2016 /,
  )
  assert.match(commands[1] ?? '', / -NewKeyFriendlyName root-2016$/)
})
