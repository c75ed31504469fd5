import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changeParts, inverseOperations } from './client-change.ts'
import { registrationFile } from './registration-file.ts'
import { readRegistrationFile, importRegistration, type Instruction } from './registration-reader.fixture.ts'
import { checkPlan } from './redirection-plan.ts'
import { createRegistry } from './registry-model.fixture.ts'
import { number, text, type RegistryKey, type RegistryOperation } from './registry-operation.ts'
import { smallPlan } from './small-organisation.fixture.ts'

const parts = changeParts(checkPlan(smallPlan))

function place(key: string): RegistryKey {
  const [hive, ...names] = key.split('\\')
  return { hive: hive === 'HKEY_LOCAL_MACHINE' ? 'HKLM' : 'HKCU', key: names.join('\\') }
}

/** The reader's instructions as operations: a key that is removed and opened again is left empty. */
function operationsOf(bytes: Uint8Array): readonly RegistryOperation[] {
  const found: RegistryOperation[] = []
  const instructions: readonly Instruction[] = readRegistrationFile(bytes)
  for (const [index, each] of instructions.entries()) {
    const next = instructions[index + 1]
    const where = place(each.key)
    if (each.kind === 'remove-key') {
      const opens = next?.kind === 'open-key' && next.key === each.key
      found.push({ action: opens ? 'deleteContents' : 'deleteKey', ...where })
    } else if (each.kind === 'remove-value') {
      found.push({ action: 'deleteValue', ...where, name: each.name })
    } else if (each.kind === 'value') {
      found.push(
        typeof each.data === 'number' ? number(where, each.name, each.data) : text(where, each.name, each.data),
      )
    }
  }
  return found
}

for (const part of parts) {
  test(`an independent reader finds the exact operations of ${part.change} ${part.part}, and of its way back`, () => {
    const forward = [...part.operations, ...part.stamp]
    assert.ok(forward.length > 20)
    assert.deepEqual(operationsOf(registrationFile(forward)), forward)
    const back = inverseOperations(part)
    assert.deepEqual(operationsOf(registrationFile(back)), back)
  })
}

test('every kind of operation and every character of a text survive', () => {
  const key = { hive: 'HKCU', key: 'Software\\Odd [key]' } as const
  const operations: readonly RegistryOperation[] = [
    { action: 'deleteKey', hive: 'HKLM', key: 'SOFTWARE\\Gone' },
    text(key, 'back\\slash "quoted" = @ [x]', 'C:\\"a"\\'),
    text(key, '', 'default; not a comment'),
    text(key, 'caf\u00e9 \u{1f511}', '100 % ^ & !'),
    number(key, 'Number', 0xffffffff),
    { action: 'deleteValue', ...key, name: '' },
    { action: 'deleteValue', ...key, name: '-' },
    { action: 'deleteContents', ...key },
  ]
  assert.deepEqual(operationsOf(registrationFile(operations)), operations)
})

test('imported twice it leaves the same; its way back leaves no value that it wrote', () => {
  for (const part of parts) {
    const registry = createRegistry()
    importRegistration(registry, registrationFile([...part.operations, ...part.stamp]))
    const once = registry.dump()
    importRegistration(registry, registrationFile([...part.operations, ...part.stamp]))
    assert.deepEqual(registry.dump(), once)
    importRegistration(registry, registrationFile(inverseOperations(part)))
    assert.deepEqual(
      registry.dump().filter((line) => line.includes(' = ')),
      [],
    )
  }
})

test('on the registry: each variant on each side, and the addresses of the service', () => {
  const registry = createRegistry()
  for (const part of parts.filter(({ change }) => change === 'migrate')) {
    importRegistration(registry, registrationFile([...part.operations, ...part.stamp]))
  }
  const licensing = 'https://rights.lakeside.example/_wmcs/licensing'
  const expected = (key: string, name: string, data: string | number): void =>
    assert.equal(registry.get(key, name)?.data, data, `${key} ${name}`)
  for (const wow of ['', 'wow6432node\\']) {
    for (const root of ['HKEY_LOCAL_MACHINE\\Software', 'HKEY_CURRENT_USER\\Software']) {
      for (const version of ['11.0', '12.0', '14.0']) {
        const key = `${root}\\${wow}Microsoft\\Office\\${version}\\Common\\DRM\\LicenseServerRedirection`
        assert.equal(registry.values(key).length, 18)
        expected(key, 'https://rms.lakeside.test:443/_wmcs/licensing', licensing)
        expected(key, 'http://RMS/_wmcs/licensing', licensing)
      }
    }
    const machine = `HKEY_LOCAL_MACHINE\\Software\\${wow}Microsoft`
    expected(`${machine}\\MSIPC\\ServiceLocation\\LicensingRedirection`, 'http://rms/_wmcs/licensing/', licensing)
    for (const program of ['MSIPC', 'MSDRM']) {
      expected(`${machine}\\${program}\\ServiceLocation\\EnterprisePublishing`, '', licensing)
      const certification = 'https://rights.lakeside.example/_wmcs/certification'
      expected(`${machine}\\${program}\\ServiceLocation\\EnterpriseCertification`, '', certification)
    }
  }
  for (const version of ['15.0', '16.0']) {
    const key = `HKEY_CURRENT_USER\\Software\\Microsoft\\Office\\${version}\\Common\\DRM`
    expected(key, 'DefaultServerUrl', licensing)
    expected(key, 'DefaultServer', 'rights.lakeside.example')
  }
  expected('HKEY_LOCAL_MACHINE\\SOFTWARE\\Sealward\\ClientScripts', 'MachineVersion', 20240517)
})
