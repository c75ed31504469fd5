/** The page docs/cmdlets.md: every cmdlet of the table with its syntax, and those that are known by name only. */
import { syntaxOf } from './cmdlet-help.ts'
import { cmdlets } from './cmdlet-table.ts'
import { isAvailable, type AvailableCmdlet, type UnavailableCmdlet } from './cmdlet.ts'

const preface = `# Cmdlets

Procedures written for the modules AADRM and AIPService work by name: \`sealward Import-AadrmTpd -TpdFile cluster.xml …\`.
Names and parameters are read without regard to case; both names in a row mean the same. Answers are \`Name : Value\` lists
as in PowerShell, or one JSON document with \`-Json\`. \`sealward help Import-AadrmTpd\` explains one cmdlet with examples.

- \`Connect-AadrmService -Service URL -AdminTokenFile FILE\` (or \`-Data DIR\` on the machine of the service) comes first; the
  connection is kept in a file of the user, without the token, until \`Disconnect-AadrmService\`. Every cmdlet also takes
  \`-Service\` and \`-AdminTokenFile\`, or \`-Data\`, itself.
- A secret is never a value: \`-ProtectionPassword\` asks, \`-ProtectionPasswordFile\` names a file with it.
- \`$true\` and \`$false\` are written as in PowerShell. A Unix shell replaces them by nothing unless they are in quotes;
  \`true\`, \`false\`, \`1\` and \`0\` are understood everywhere.
- What changes something shows it and asks. \`-Force\` and \`-Confirm:$false\` do not ask, \`-WhatIf\` changes nothing.

This page is generated from the table in \`packages/cli/src/cmdlets\` by \`node scripts/cmdlets-doc.ts\`.
`

export function cmdletsPage(): string {
  const available = cmdlets.filter(isAvailable)
  const unavailable = cmdlets.flatMap((cmdlet) => (isAvailable(cmdlet) ? [] : [cmdlet]))
  return [
    preface,
    '## What works\n',
    '| Cmdlet | Parameters | What it does |\n|---|---|---|',
    ...available.map(availableRow),
    '\n## Known by name only\n',
    '| Cmdlet | Instead |\n|---|---|',
    ...unavailable.map(unavailableRow),
    '',
  ].join('\n')
}

function availableRow(cmdlet: AvailableCmdlet): string {
  const syntax = syntaxOf(cmdlet)
  return `| ${namesOf(cmdlet)} | ${syntax === '' ? '' : code(syntax)} | ${cmdlet.synopsis} |`
}

function unavailableRow(cmdlet: UnavailableCmdlet): string {
  return `| ${namesOf(cmdlet)} | ${cmdlet.instead.replaceAll('|', '\\|')} |`
}

function namesOf({ names }: { readonly names: readonly string[] }): string {
  return names.map(code).join('<br>')
}

function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``
}
