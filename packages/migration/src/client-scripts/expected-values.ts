/** The values that a part leaves on a computer, and the PowerShell that looks whether they are there. */
import type { ChangePart } from './client-change.ts'
import { powerShellQuoted as quoted } from './quoting.ts'
import type { SetValue } from './registry-operation.ts'

export function expectedValues({ operations }: ChangePart): readonly SetValue[] {
  return operations.filter((each) => each.action === 'set')
}

/** Lines of an array `$expected`: hive, key, name, data. */
export function expectedTable(values: readonly SetValue[]): readonly string[] {
  const rows = values.map(
    ({ hive, key, name, value }) =>
      `    @(${quoted(hive)}, ${quoted(key)}, ${quoted(name)}, ${quoted(String(value.data))})`,
  )
  return ['$expected = @(', rows.join(',\r\n'), ')']
}

/** Functions `Get-Hive` and `Get-State`; the latter says `right`, `different` or `missing`. */
export const stateFunctions: readonly string[] = `
function Get-Hive([string]$name) {
    if ($name -eq 'HKLM') { return [Microsoft.Win32.Registry]::LocalMachine }
    return [Microsoft.Win32.Registry]::CurrentUser
}
function Get-State([string]$hive, [string]$key, [string]$name, [string]$data) {
    $opened = (Get-Hive $hive).OpenSubKey($key)
    if ($null -eq $opened) { return 'missing' }
    try { $value = $opened.GetValue($name) } finally { $opened.Close() }
    if ($null -eq $value) { return 'missing' }
    if ($value -is [string] -and $value -ceq $data) { return 'right' }
    return 'different'
}
function Read-Stamp([string]$hive, [string]$key, [string]$name) {
    $opened = (Get-Hive $hive).OpenSubKey($key)
    if ($null -eq $opened) { return 0 }
    try { $value = $opened.GetValue($name) } finally { $opened.Close() }
    if ($value -is [int]) { return $value }
    return 0
}
`.split('\n')

/** Refuses the 32-bit PowerShell, which would look at the 32-bit side only. */
export const wideHostOnly =
  "if ([IntPtr]::Size -eq 4 -and $env:PROCESSOR_ARCHITEW6432) { throw 'Sealward: run this script in the 64-bit PowerShell' }"
