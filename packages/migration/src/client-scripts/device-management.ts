/**
 * Delivery by mobile device management. There is no setting that writes a given registry value: policies made from an
 * administrative template (`./Device/Vendor/MSFT/Policy/ConfigOperations/ADMXInstall`) must not write below
 * `Software\Microsoft` but for a short list that has neither MSIPC nor MSDRM, nor any 32-bit side. So no profile is
 * offered that would do half of it; instead each part is a pair of PowerShell scripts, detection and remediation, in the
 * form in which the management service takes them (`deviceHealthScript`).
 */
import type { ChangePart } from './client-change.ts'
import { stateKey } from './client-keys.ts'
import { expectedTable, expectedValues, stateFunctions, wideHostOnly } from './expected-values.ts'
import { powerShellScript } from './powershell-script.ts'
import { powerShellQuoted as quoted } from './quoting.ts'
import type { CheckedPlan } from './redirection-plan.ts'
import { guardsOf, titleOf, type Direction } from './script-guards.ts'

/** Ends with 1 when the remediation is needed, else with 0. */
export function detectionScript(plan: CheckedPlan, part: ChangePart, direction: Direction): Uint8Array {
  const { own } = guardsOf(part)
  const state = `(Read-Stamp ${quoted(part.hive)} ${quoted(stateKey(part.hive).key)} ${quoted(own)})`
  const needed =
    direction === 'undo'
      ? [`if (${state} -ne 0) { Write-Output ${quoted(`Sealward: ${own} is there`)}; exit 1 }`]
      : [
          `if (${state} -lt ${plan.version}) { Write-Output ${quoted(`Sealward: ${own} is missing or old`)}; exit 1 }`,
          'foreach ($row in $expected) {',
          '    if ((Get-State $row[0] $row[1] $row[2] $row[3]) -ne \'right\') { Write-Output "Sealward: $($row[1]) $($row[2])"; exit 1 }',
          '}',
        ]
  const lines = [
    `# Sealward ${plan.version}, batch ${plan.batch}: is this needed? ${titleOf(part.change, part.part, direction)}.`,
    'Set-StrictMode -Version 2.0',
    "$ErrorActionPreference = 'Stop'",
    wideHostOnly,
    ...stateFunctions,
    ...(direction === 'apply' ? expectedTable(expectedValues(part)) : []),
    ...needed,
    `Write-Output ${quoted('Sealward: nothing to do')}`,
    'exit 0',
  ]
  return Buffer.from(`${lines.join('\r\n')}\r\n`, 'ascii')
}

/** The pair as the body of a request that creates it. */
export function remediation(plan: CheckedPlan, part: ChangePart, direction: Direction): Uint8Array {
  const { change, part: name } = part
  const body = {
    '@odata.type': '#microsoft.graph.deviceHealthScript',
    displayName: `Sealward ${plan.version} ${plan.batch}: ${direction === 'undo' ? 'undo ' : ''}${change} ${name}`,
    description: titleOf(change, name, direction),
    publisher: 'Sealward',
    runAs32Bit: false,
    runAsAccount: name === 'machine' ? 'system' : 'user',
    enforceSignatureCheck: false,
    detectionScriptContent: base64(detectionScript(plan, part, direction)),
    remediationScriptContent: base64(powerShellScript(plan, part, direction, true)),
    roleScopeTagIds: ['0'],
  }
  return Buffer.from(`${JSON.stringify(body, undefined, 2)}\n`, 'utf8')
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}
