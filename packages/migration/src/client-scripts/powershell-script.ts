/**
 * The same scripts for PowerShell 2.0 and later. They save and restore as the batch files do, so that either undoes what
 * the other did.
 */
import { inverseOperations, type ChangePart } from './client-change.ts'
import { stateKey } from './client-keys.ts'
import { powerShellQuoted as quoted } from './quoting.ts'
import type { CheckedPlan } from './redirection-plan.ts'
import type { RegistryOperation } from './registry-operation.ts'
import { absentMark, completeMark, savedState } from './saved-state.ts'
import { exitCodes, guardsOf, refusals, titleOf, words, type Direction } from './script-guards.ts'

/** @param always without looking whether this version ran: for agents that call it because something is missing */
export function powerShellScript(
  plan: CheckedPlan,
  part: ChangePart,
  direction: Direction,
  always = false,
): Uint8Array {
  const body = [...guards(part, direction, always), ...(direction === 'apply' ? apply(part) : undo(part))]
  const lines = [
    `# Sealward ${plan.version}, batch ${plan.batch}: ${titleOf(part.change, part.part, direction)}.`,
    `# Ends with ${exitCodes.done} when done, ${exitCodes.failed} when a change failed, ${exitCodes.refused} when it refused to begin.`,
    ...(direction === 'apply' && !always ? ['param([switch]$Force)'] : []),
    'Set-StrictMode -Version 2.0',
    "$ErrorActionPreference = 'Stop'",
    `$version = ${plan.version}`,
    `$hive = [Microsoft.Win32.Registry]::${part.part === 'machine' ? 'LocalMachine' : 'CurrentUser'}`,
    `$state = ${quoted(stateKey(part.hive).key)}`,
    `$saved = ${quoted(savedState(part).saved.key)}`,
    ...functions,
    'try {',
    ...body.map((line) => (line === '' ? '' : `    ${line}`)),
    '} catch {',
    `    Stop-Script ${exitCodes.failed} ${quoted(words.failed)} $_`,
    '}',
    `Write-Output ${quoted(`Sealward: ${words.done}`)}`,
    `exit ${exitCodes.done}`,
  ]
  return Buffer.from(`${lines.join('\r\n')}\r\n`, 'ascii')
}

function guards(part: ChangePart, direction: Direction, always: boolean): readonly string[] {
  const { own, machine, mustBeMissing } = guardsOf(part)
  const machineStamp = `(Read-Stamp ([Microsoft.Win32.Registry]::LocalMachine) ${quoted(stateKey('HKLM').key)} ${quoted(machine ?? '')})`
  return [
    `if ([IntPtr]::Size -eq 4 -and $env:PROCESSOR_ARCHITEW6432) { ${refuse('narrowHost')} }`,
    part.part === 'machine'
      ? `if (-not (Test-Elevated)) { ${refuse('notElevated')} }`
      : `if ([Security.Principal.WindowsIdentity]::GetCurrent().IsSystem) { ${refuse('computerAccount')} }`,
    ...(machine === undefined
      ? []
      : [
          direction === 'apply'
            ? `if (${machineStamp} -ne $version) { ${refuse('machineMissing')} }`
            : `if (${machineStamp} -ne 0) { ${refuse('machineThere')} }`,
        ]),
    ...(mustBeMissing === undefined ? [] : [`if (${ownStamp(mustBeMissing)} -ne 0) { ${refuse('migrated')} }`]),
    `$found = ${ownStamp(own)}`,
    ...(direction === 'apply'
      ? [
          `if ($found -gt $version) { ${refuse('newerRan')} }`,
          ...(always
            ? []
            : [`if ($found -eq $version -and -not $Force) { Stop-Script ${exitCodes.done} ${quoted(words.nothing)} }`]),
        ]
      : [`if ($found -eq 0 -and -not (Test-Key $saved)) { Stop-Script ${exitCodes.done} ${quoted(words.nothing)} }`]),
    '',
  ]
}

function ownStamp(name: string): string {
  return `(Read-Stamp $hive $state ${quoted(name)})`
}

function refuse(refusal: keyof typeof refusals): string {
  return `Stop-Script ${exitCodes.refused} ${quoted(refusals[refusal])}`
}

function apply(part: ChangePart): readonly string[] {
  const { roots, ancestors } = savedState(part)
  return [
    '# What is there now is saved once, for the way back; not where the change was made already by other means.',
    `if ($found -eq 0 -and -not (Test-Value $saved ${quoted(completeMark)})) {`,
    '    Remove-Key $saved',
    ...roots.map(({ key }, index) => `    Save-Key ${quoted(key)} ${index + 1}`),
    ...ancestors.map(({ key }, index) => `    Save-Absence ${quoted(key)} ${quoted(absentMark(index))}`),
    `    Set-Value $saved ${quoted(completeMark)} 1 'DWord'`,
    '}',
    '',
    ...part.operations.map(operationLine),
    ...cleanStores(part),
    ...part.stamp.map(operationLine),
  ]
}

function undo(part: ChangePart): readonly string[] {
  const { roots, ancestors, own } = savedState(part)
  return [
    `if (Test-Value $saved ${quoted(completeMark)}) {`,
    '    # Everything becomes what it was.',
    ...roots.map(({ key }, index) => `    Restore-Key ${quoted(key)} ${index + 1}`),
    ...ancestors.map(({ key }, index) => `    Restore-Absence ${quoted(key)} ${quoted(absentMark(index))}`).reverse(),
    '} elseif ($found -ne 0) {',
    '    # Applied by other means, which save nothing: what was written goes.',
    ...inverseOperations({ ...part, stamp: [] }).map((operation) => `    ${operationLine(operation)}`),
    '}',
    ...cleanStores(part),
    ...part.stamp.map(({ hive, key, name }) => operationLine({ action: 'deleteValue', hive, key, name })),
    '# The mark goes before what it stands for.',
    `Remove-Value $saved ${quoted(completeMark)}`,
    'Remove-Key $saved',
    ...own.map(({ key }) => `Remove-EmptyKey ${quoted(key)}`),
  ]
}

function operationLine(operation: RegistryOperation): string {
  const key = quoted(operation.key)
  switch (operation.action) {
    case 'set': {
      const { value } = operation
      const data = value.type === 'REG_SZ' ? `${quoted(value.data)} 'String'` : `${value.data} 'DWord'`
      return `Set-Value ${key} ${quoted(operation.name)} ${data}`
    }
    case 'deleteValue':
      return `Remove-Value ${key} ${quoted(operation.name)}`
    case 'deleteKey':
      return `Remove-Key ${key}`
    case 'deleteContents':
      return `Clear-Key ${key}`
  }
}

function cleanStores({ cleansStores }: ChangePart): readonly string[] {
  if (!cleansStores) return []
  return [
    '',
    '# Certificates and licences of the other service; the client gets new ones by itself.',
    "Clear-Folder (Join-Path $env:LOCALAPPDATA 'Microsoft\\DRM')",
    "Clear-Folder (Join-Path $env:LOCALAPPDATA 'Microsoft\\MSIPC')",
    '',
  ]
}

const functions: readonly string[] = `
function Stop-Script([int]$code, [string]$sentence, $reason) {
    if ($code -eq 0) { Write-Output "Sealward: $sentence" } else { [Console]::Error.WriteLine("Sealward: $sentence $reason") }
    exit $code
}
function Test-Elevated {
    $principal = New-Object Security.Principal.WindowsPrincipal ([Security.Principal.WindowsIdentity]::GetCurrent())
    return $principal.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)
}
function Test-Key([string]$key) {
    $opened = $hive.OpenSubKey($key)
    if ($null -eq $opened) { return $false }
    $opened.Close()
    return $true
}
function Test-Value([string]$key, [string]$name) {
    $opened = $hive.OpenSubKey($key)
    if ($null -eq $opened) { return $false }
    try { return $null -ne $opened.GetValue($name) } finally { $opened.Close() }
}
function Read-Stamp($from, [string]$key, [string]$name) {
    $opened = $from.OpenSubKey($key)
    if ($null -eq $opened) { return 0 }
    try { $value = $opened.GetValue($name) } finally { $opened.Close() }
    if ($value -is [int]) { return $value }
    return 0
}
function Set-Value([string]$key, [string]$name, $data, [string]$kind) {
    $opened = $hive.CreateSubKey($key)
    try { $opened.SetValue($name, $data, [Microsoft.Win32.RegistryValueKind]$kind) } finally { $opened.Close() }
}
function Remove-Value([string]$key, [string]$name) {
    $opened = $hive.OpenSubKey($key, $true)
    if ($null -eq $opened) { return }
    try { $opened.DeleteValue($name, $false) } finally { $opened.Close() }
}
function Remove-Key([string]$key) {
    if (Test-Key $key) { $hive.DeleteSubKeyTree($key) }
}
function Remove-EmptyKey([string]$key) {
    $opened = $hive.OpenSubKey($key)
    if ($null -eq $opened) { return }
    try { $entries = $opened.SubKeyCount + $opened.ValueCount } finally { $opened.Close() }
    if ($entries -eq 0) { $hive.DeleteSubKey($key) }
}
function Clear-Key([string]$key) {
    Remove-Key $key
    $hive.CreateSubKey($key).Close()
}
function Copy-Key([string]$from, [string]$to) {
    $reg = Join-Path $env:SystemRoot 'System32\\reg.exe'
    & $reg copy "$($hive.Name)\\$from" "$($hive.Name)\\$to" /s /f | Out-Null
    if ($LASTEXITCODE -ne 0) { throw "copy of $from" }
}
function Save-Key([string]$key, [int]$number) {
    if (Test-Key $key) { Copy-Key $key "$saved\\$number" }
}
function Save-Absence([string]$key, [string]$mark) {
    if (-not (Test-Key $key)) { Set-Value $saved $mark 1 'DWord' }
}
function Restore-Key([string]$key, [int]$number) {
    Remove-Key $key
    if (Test-Key "$saved\\$number") { Copy-Key "$saved\\$number" $key }
}
function Restore-Absence([string]$key, [string]$mark) {
    if (Test-Value $saved $mark) { Remove-EmptyKey $key }
}
function Clear-Folder([string]$folder) {
    if (-not (Test-Path -LiteralPath $folder)) { return }
    # The prefix lifts the limit on the length of names; PowerShell before 5 does not know it.
    $long = if ($PSVersionTable.PSVersion.Major -ge 5) { "\\\\?\\$folder" } else { $folder }
    try { Remove-Item -LiteralPath $long -Recurse -Force } catch {
        Stop-Script ${exitCodes.failed} ${quoted(words.storeInUse)}
    }
    New-Item -ItemType Directory -Path $folder | Out-Null
}
`.split('\n')
