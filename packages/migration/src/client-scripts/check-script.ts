/**
 * The script that says what a computer has. It changes nothing, needs no administrator, and writes one JSON document of
 * plain ASCII, so that no redirection of the shell can spoil it. `collected-checks.ts` reads what it writes.
 */
import { changeParts, stampNames } from './client-change.ts'
import { stateKey } from './client-keys.ts'
import { expectedTable, expectedValues, stateFunctions, wideHostOnly } from './expected-values.ts'
import { powerShellQuoted as quoted } from './quoting.ts'
import type { CheckedPlan } from './redirection-plan.ts'
import type { RegistryHive } from './registry-operation.ts'

/** Raised when the document gets another shape. */
export const checkFormat = 'sealward-client-check-1'

export function checkScript(plan: CheckedPlan): Uint8Array {
  const values = changeParts(plan)
    .filter(({ change }) => change === 'migrate')
    .flatMap(expectedValues)
  const { machine, user } = stampNames.migrate
  const { machine: preparedMachine, user: preparedUser } = stampNames.prepare
  const lines = [
    `# Sealward ${plan.version}, batch ${plan.batch}: what does this computer have? Changes nothing.`,
    '# With -Folder the answer goes to a file there, named after computer and user; else to standard output.',
    'param([string]$Folder)',
    'Set-StrictMode -Version 2.0',
    "$ErrorActionPreference = 'Stop'",
    wideHostOnly,
    ...stateFunctions,
    ...jsonFunction,
    ...expectedTable(values),
    '$values = foreach ($row in $expected) {',
    '    $state = Get-State $row[0] $row[1] $row[2] $row[3]',
    `    '{{"hive":{0},"key":{1},"name":{2},"state":{3}}}' -f (ConvertTo-Text $row[0]), (ConvertTo-Text $row[1]), (ConvertTo-Text $row[2]), (ConvertTo-Text $state)`,
    '}',
    `$computer = [Environment]::MachineName`,
    `$user = [Environment]::UserDomainName + '\\' + [Environment]::UserName`,
    `$now = [DateTime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ssZ', [Globalization.CultureInfo]::InvariantCulture)`,
    `$answer = '{{"format":"${checkFormat}","scriptVersion":${plan.version},"batch":${JSON.stringify(plan.batch)},"checkedAt":"{0}","computer":{1},"user":{2},"machineVersion":{3},"userVersion":{4},"preparedMachineVersion":{5},"preparedUserVersion":{6},"values":[' -f $now, (ConvertTo-Text $computer), (ConvertTo-Text $user), ${stamp('HKLM', machine)}, ${stamp('HKCU', user)}, ${stamp('HKLM', preparedMachine)}, ${stamp('HKCU', preparedUser)}`,
    "$answer = $answer + ($values -join ',') + ']}'",
    'if (-not $Folder) { Write-Output $answer; exit 0 }',
    "$name = (($computer + '_' + $user) -replace '[^A-Za-z0-9._-]', '_') + '.json'",
    '[IO.File]::WriteAllText((Join-Path $Folder $name), $answer + "`n", [Text.Encoding]::ASCII)',
    'exit 0',
  ]
  return Buffer.from(`${lines.join('\r\n')}\r\n`, 'ascii')
}

function stamp(hive: RegistryHive, name: string): string {
  return `(Read-Stamp ${quoted(hive)} ${quoted(stateKey(hive).key)} ${quoted(name)})`
}

/** PowerShell has one of its own only since 3.0. */
const jsonFunction: readonly string[] = `
function ConvertTo-Text([string]$text) {
    $builder = New-Object Text.StringBuilder
    foreach ($character in $text.ToCharArray()) {
        $number = [int]$character
        if ($number -lt 32 -or $number -gt 126 -or $number -eq 34 -or $number -eq 92) {
            [void]$builder.AppendFormat('\\u{0:x4}', $number)
        } else {
            [void]$builder.Append($character)
        }
    }
    return '"' + $builder.ToString() + '"'
}
`.split('\n')
