/** The batch files, run against the model of the registry. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { PowerCut, runBatch, type BatchMachine } from './batch-interpreter.fixture.ts'
import { changeParts, type ChangeName, type PartName } from './client-change.ts'
import { cmdScript } from './cmd-script.ts'
import { checkPlan, type RedirectionPlan } from './redirection-plan.ts'
import { importRegistration } from './registration-reader.fixture.ts'
import { registrationFile } from './registration-file.ts'
import { createRegistry, type ModelValue, type RegistryModel } from './registry-model.fixture.ts'
import type { Direction } from './script-guards.ts'
import { smallPlan } from './small-organisation.fixture.ts'
import { redirectedUrls } from './url-variants.ts'

const state = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Sealward\\ClientScripts'
const userState = 'HKEY_CURRENT_USER\\Software\\Sealward\\ClientScripts'
const store = 'C:\\Users\\bob\\AppData\\Local\\Microsoft'

function script(change: ChangeName, part: PartName, direction: Direction = 'apply', plan = smallPlan): Uint8Array {
  const checked = checkPlan(plan)
  const found = changeParts(checked).find((each) => each.change === change && each.part === part)
  assert.ok(found !== undefined)
  return cmdScript(checked, found, direction)
}

function computer(registry: RegistryModel, more: Partial<BatchMachine> = {}): BatchMachine {
  const environment = { SystemRoot: 'C:\\Windows', USERNAME: 'bob', LOCALAPPDATA: 'C:\\Users\\bob\\AppData\\Local' }
  return {
    registry,
    environment,
    files: new Set([`${store}\\DRM\\CERT-Machine.drm`, `${store}\\MSIPC\\a\\b`]),
    ...more,
  }
}

/** A registry of Windows, with an administrator's rights. */
function freshRegistry(): RegistryModel {
  const registry = createRegistry()
  for (const key of [
    'HKEY_USERS\\S-1-5-19',
    'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows',
    'HKEY_LOCAL_MACHINE\\SOFTWARE\\Wow6432Node\\Microsoft',
    'HKEY_CURRENT_USER\\Software\\Microsoft\\Office\\16.0\\Word',
    'HKEY_CURRENT_USER\\Software\\Classes\\Local Settings',
  ]) {
    registry.create(key)
  }
  return registry
}

function text(data: string): ModelValue {
  return { type: 'REG_SZ', data }
}

/** As an older migration or an administrator left it. */
function usedRegistry(): RegistryModel {
  const registry = freshRegistry()
  const office = 'HKEY_CURRENT_USER\\Software\\Microsoft\\Office'
  registry.set(`${office}\\16.0\\Common\\DRM`, 'DefaultServer', text('old'))
  registry.set(`${office}\\16.0\\Common\\DRM\\Sub key`, '', text('100 % ^ & !'))
  registry.set(`${office}\\15.0\\Common\\DRM`, 'RequireConnection', { type: 'REG_DWORD', data: 1 })
  const machine = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft'
  registry.set(`${machine}\\MSIPC\\ServiceLocation\\EnterprisePublishing`, '', text('https://older/_wmcs/licensing'))
  registry.set(`${machine}\\MSIPC\\ServiceLocation\\LicensingRedirection`, 'http://older', text('https://old'))
  registry.create(`${machine}\\MSDRM\\ServiceLocation`)
  return registry
}

function runs(machine: BatchMachine, bytes: Uint8Array, ...args: readonly string[]): void {
  const { exitCode, output } = runBatch(bytes, machine, args)
  assert.equal(exitCode, 0, output.join('\n'))
}

function refuses(machine: BatchMachine, bytes: Uint8Array, sentence: RegExp): void {
  const before = machine.registry.dump()
  const { exitCode, output } = runBatch(bytes, machine)
  assert.equal(exitCode, 2)
  assert.match(output.join('\n'), sentence)
  assert.deepEqual(machine.registry.dump(), before, 'a refusal changes nothing')
}

/** Without our own keys. */
function foreign(registry: RegistryModel): readonly string[] {
  return registry.dump().filter((line) => !line.includes('\\sealward'))
}

for (const [name, registryOf] of [
  ['fresh', freshRegistry],
  ['used', usedRegistry],
] as const) {
  test(`${name} computer: prepared, migrated and taken back in order, it is what it was`, () => {
    const registry = registryOf()
    const machine = computer(registry)
    const start = registry.dump()
    runs(machine, script('prepare', 'machine'))
    runs(machine, script('prepare', 'user'))
    const prepared = registry.dump()
    runs(machine, script('migrate', 'machine'))
    runs(machine, script('migrate', 'user'))
    assert.notDeepEqual(registry.dump(), prepared)
    runs(machine, script('migrate', 'machine', 'undo'))
    runs(machine, script('migrate', 'user', 'undo'))
    assert.deepEqual(registry.dump(), prepared)
    runs(machine, script('prepare', 'machine', 'undo'))
    runs(machine, script('prepare', 'user', 'undo'))
    assert.deepEqual(registry.dump(), start)
  })

  test(`${name} computer: the batch files and the registration files leave the same`, () => {
    for (const change of ['prepare', 'migrate'] as const) {
      const byScript = registryOf()
      runs(computer(byScript), script(change, 'machine'))
      runs(computer(byScript), script(change, 'user'))
      const byFile = registryOf()
      for (const part of changeParts(checkPlan(smallPlan)).filter((each) => each.change === change)) {
        importRegistration(byFile, registrationFile([...part.operations, ...part.stamp]))
      }
      assert.deepEqual(foreign(byScript), foreign(byFile))
    }
  })
}

test('a second run does nothing, a forced one leaves the same, and neither loses what was saved', () => {
  const registry = usedRegistry()
  const start = registry.dump()
  const machine = computer(registry)
  runs(machine, script('migrate', 'machine'))
  runs(machine, script('migrate', 'user'))
  const once = registry.dump()
  assert.deepEqual(runBatch(script('migrate', 'machine'), machine).output, ['Sealward: nothing to do'])
  runs(machine, script('migrate', 'machine'), '/force')
  runs(machine, script('migrate', 'user'), '/FORCE')
  assert.deepEqual(registry.dump(), once)
  runs(machine, script('migrate', 'machine', 'undo'))
  runs(machine, script('migrate', 'user', 'undo'))
  assert.deepEqual(registry.dump(), start)
  assert.deepEqual(runBatch(script('migrate', 'machine', 'undo'), machine).output, ['Sealward: nothing to do'])
})

test('a raised version runs again and is undone to the first state; an older one is refused', () => {
  const registry = usedRegistry()
  const start = registry.dump()
  const machine = computer(registry)
  const raised: RedirectionPlan = {
    ...smallPlan,
    version: '20240601',
    clusterUrls: [...smallPlan.clusterUrls, { url: 'https://forgotten.lakeside.test', source: 'typed' }],
  }
  runs(machine, script('migrate', 'machine'))
  runs(machine, script('migrate', 'machine', 'apply', raised))
  refuses(machine, script('migrate', 'user'), /of this version, has not run here/)
  refuses(machine, script('migrate', 'machine'), /a newer version/)
  runs(machine, script('migrate', 'user', 'apply', raised))
  assert.equal(registry.get(userState, 'UserVersion')?.data, 20240601)
  runs(machine, script('migrate', 'machine', 'undo', raised))
  runs(machine, script('migrate', 'user', 'undo', raised))
  assert.deepEqual(registry.dump(), start)
})

test('the order is kept: computer before user, both ways, and no preparing of who has moved', () => {
  const registry = freshRegistry()
  const machine = computer(registry)
  refuses(machine, script('migrate', 'user'), /the script for the computer/)
  refuses(machine, script('prepare', 'user'), /the script for the computer/)
  runs(machine, script('migrate', 'machine'))
  refuses(machine, script('prepare', 'machine'), /undo the migration first/)
  runs(machine, script('migrate', 'user'))
  refuses(machine, script('migrate', 'user', 'undo'), /undo the part of the computer first/)
  refuses(machine, script('prepare', 'machine', 'undo'), /undo the migration first/)
})

test('the part of the computer needs an administrator, that of the user a user', () => {
  const plain = createRegistry()
  refuses(computer(plain), script('migrate', 'machine'), /elevated/)
  refuses(computer(plain), script('migrate', 'machine', 'undo'), /elevated/)
  const asComputer = computer(freshRegistry(), {
    environment: { SystemRoot: 'C:\\Windows', USERNAME: 'PC-1$', LOCALAPPDATA: 'C:\\Windows' },
  })
  refuses(asComputer, script('migrate', 'user'), /not as the computer/)
})

test('stores of the user are emptied; one in use stops the script before its stamp', () => {
  const registry = freshRegistry()
  const inUse = `${store}\\MSIPC\\a\\b`
  const locked = computer(registry, { locked: new Set([inUse]) })
  runs(locked, script('migrate', 'machine'))
  const { exitCode, output } = runBatch(script('migrate', 'user'), locked)
  assert.equal(exitCode, 1)
  assert.match(output.join(), /close Office/)
  assert.equal(registry.get(userState, 'UserVersion'), undefined)
  const free = computer(registry, { files: locked.files })
  runs(free, script('migrate', 'user'))
  assert.deepEqual([...free.files].sort(), [`${store}\\DRM\\`, `${store}\\MSIPC\\`])
})

test('applied by a registration file, which saves nothing, the way back deletes what was written', () => {
  const registry = freshRegistry()
  for (const part of changeParts(checkPlan(smallPlan)).filter(({ change }) => change === 'migrate')) {
    importRegistration(registry, registrationFile([...part.operations, ...part.stamp]))
  }
  runs(computer(registry), script('migrate', 'machine', 'undo'))
  runs(computer(registry), script('migrate', 'user', 'undo'))
  assert.deepEqual(
    registry.dump().filter((line) => line.includes(' = ')),
    [],
  )
  assert.equal(registry.has(state), false)
})

test('a script after a registration file saves nothing of what that wrote as the state before', () => {
  const registry = freshRegistry()
  const [machinePart] = changeParts(checkPlan(smallPlan)).filter(
    ({ change, part }) => change === 'migrate' && part === 'machine',
  )
  importRegistration(registry, registrationFile([...machinePart!.operations, ...machinePart!.stamp]))
  runs(computer(registry), script('migrate', 'machine'), '/force')
  runs(computer(registry), script('migrate', 'machine', 'undo'))
  assert.deepEqual(
    registry.dump().filter((line) => line.includes(' = ')),
    [],
  )
})

test('cut off at any moment, run again or taken back: whole, or as before', () => {
  const whole = usedRegistry()
  runs(computer(whole), script('migrate', 'machine'))
  const cutScript = (registry: RegistryModel, bytes: Uint8Array, changesMost: number): boolean => {
    try {
      runBatch(bytes, computer(registry, { changesMost }))
      return false
    } catch (error) {
      if (error instanceof PowerCut) return true
      throw error
    }
  }
  for (let changes = 0; ; changes += 7) {
    const again = usedRegistry()
    const cut = cutScript(again, script('migrate', 'machine'), changes)
    assert.equal(again.get(state, 'MachineVersion') === undefined, cut, 'the stamp comes last')
    runs(computer(again), script('migrate', 'machine'))
    assert.deepEqual(foreign(again), foreign(whole))

    const back = usedRegistry()
    cutScript(back, script('migrate', 'machine'), changes)
    cutScript(back, script('migrate', 'machine', 'undo'), changes)
    runs(computer(back), script('migrate', 'machine', 'undo'))
    assert.deepEqual(foreign(back), foreign(usedRegistry()), `cut after ${changes} changes`)
    if (!cut) break
  }
})

test('for every set of addresses: each variant is a value on the model, with nothing lost or added on its way', () => {
  const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$/)
  const url = fc
    .tuple(
      fc.constantFrom('http', 'https', 'HTTPS', 'Http'),
      fc.array(label, { minLength: 1, maxLength: 4 }),
      fc.constantFrom('', ':80', ':443', ':8443'),
      fc.constantFrom('', '/', '/_wmcs/licensing', '/_WMCS/Licensing/', '/_wmcs/licensing/license.asmx'),
    )
    .map(([scheme, labels, port, path]) => ({
      url: `${scheme}://${labels.join('.')}${port}${path}`,
      source: 'licence' as const,
    }))
  fc.assert(
    fc.property(fc.array(url, { minLength: 1, maxLength: 6 }), (clusterUrls) => {
      const plan = { ...smallPlan, clusterUrls }
      const registry = freshRegistry()
      runs(computer(registry), script('migrate', 'machine', 'apply', plan))
      const key = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\MSIPC\\ServiceLocation\\LicensingRedirection'
      const names = registry.values(key).map(({ name }) => name)
      assert.deepEqual(
        names.sort(),
        redirectedUrls(checkPlan(plan))
          .map((variant) => variant.url)
          .sort(),
      )
      for (const { url: spelling } of clusterUrls.filter((each) => /licensing/i.test(each.url))) {
        assert.ok(registry.get(key, spelling) !== undefined, spelling)
      }
    }),
    { numRuns: 40 },
  )
})
