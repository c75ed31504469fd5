/** Settings of mail servers as commands and registry values, with the addresses of the plan and never with placeholders. */
import { licensingUrlOf } from '@sealward/protocol'
import { registrationFile } from '../client-scripts/registration-file.ts'
import { text, type RegistryKey, type RegistryOperation, type SetValue } from '../client-scripts/registry-operation.ts'
import type { PlannedAction } from '../project/journal.ts'
import type { MigrationPlan } from '../project/plan.ts'
import { hostedServer } from './checks/interruption.ts'
import { artefact, lines } from './planned.ts'

const root = (url: string): string => url.replace(/\/$/, '')

function tenantLicensing({ tenant }: MigrationPlan): string {
  return licensingUrlOf(tenant.url)
}

/** The tenant first, then every address of the clusters. */
function locations(plan: MigrationPlan): readonly string[] {
  return [tenantLicensing(plan), ...plan.clusters.flatMap(({ licensingUrls }) => licensingUrls)]
}

export function mailPreparation(plan: MigrationPlan): string {
  const list = locations(plan)
    .map((url) => `'${url}'`)
    .join(', ')
  return lines(
    '# Run in the management shell of the mail system.',
    `Set-IRMConfiguration -LicensingLocation ${list}`,
    'Set-IRMConfiguration -InternalLicensingEnabled $false',
    ...(plan.mail?.place === 'on-premises' ? ['Set-IRMConfiguration -RefreshServerCertificates'] : []),
    'Set-IRMConfiguration -InternalLicensingEnabled $true',
    'Get-IRMConfiguration | Format-List',
  )
}

/** For servers of one's own: licences of the tenant are fetched from the cluster until the servers move. */
export function mailRegistry(plan: MigrationPlan): readonly PlannedAction[] {
  return registrationPair('1c', [waitingRedirection(plan)])
}

/** Behind a connector: every address of every imported key, and the tenant itself. */
export function connectorRegistry(plan: MigrationPlan): readonly PlannedAction[] {
  const connector = root(plan.connector?.url ?? '')
  const old = plan.clusters.flatMap(({ licensingUrls }) => licensingUrls)
  const { hive, key, name } = waitingRedirection(plan)
  const values = [
    text(exchangeKey(plan, 'LicenseServerRedirection'), new URL(plan.tenant.url).origin, connector),
    ...old.map((url) => text(exchangeKey(plan, 'LicenseServerRedirection'), url, licensingUrlOf(connector))),
    text(exchangeKey(plan, 'CertificationServerRedirection'), new URL(plan.tenant.url).origin, connector),
  ]
  // What step 1c set would go on sending the servers to a cluster that is to be switched off.
  return registrationPair('7', values, [{ action: 'deleteValue', hive, key, name }])
}

function waitingRedirection(plan: MigrationPlan): SetValue {
  const [target = ''] = plan.clusters.flatMap(({ licensingUrls }) => licensingUrls).toReversed()
  const key = exchangeKey(plan, 'LicenseServerRedirection')
  return text(key, tenantLicensing(plan), plan.onboarding?.extranetUrl ?? target)
}

export function hostedMail(plan: MigrationPlan): string {
  if (plan.tenant.target === 'customer-managed') {
    return lines(
      '# The key is kept by the customer: use the newer form.',
      ...measured(`'${hostedServer}'`, ['Set-IRMConfiguration -AzureRMSLicensingEnabled $true']),
    )
  }
  return lines(
    '# Remove a domain that was imported earlier: Get-RMSTrustedPublishingDomain | Remove-RMSTrustedPublishingDomain',
    ...measured(`'${hostedServer}'`, [
      'Set-IRMConfiguration -AzureRMSLicensingEnabled $true',
      'Set-IRMConfiguration -InternalLicensingEnabled $true',
    ]),
  )
}

export function connectorSteps(plan: MigrationPlan): string {
  const kinds = new Set(plan.connector?.servers.map(({ kind }) => kind))
  const configure = (parameter: string): string =>
    `GenConnectorConfig.ps1 -ConnectorUri ${root(plan.connector?.url ?? '')} ${parameter}`
  return lines(
    '# Install and authorise the connectors before the servers change.',
    ...(kinds.has('mail')
      ? [
          '# Mail servers: delete the entries of \\ProgramData\\Microsoft\\DRM\\Server\\S-1-5-18, then:',
          ...measured('$env:COMPUTERNAME', [
            'Set-IRMConfiguration -InternalLicensingEnabled $false -ClientAccessServerEnabled $false',
            'Set-IRMConfiguration -RefreshServerCertificates',
            'iisreset',
            configure(plan.mail?.version === '2010' ? '-SetExchange2010' : '-SetExchange2013'),
            'reg import mail-servers.reg',
            'Set-IRMConfiguration -InternalLicensingEnabled $true -ClientAccessServerEnabled $true',
          ]),
        ]
      : []),
    ...(kinds.has('collaboration')
      ? [
          '# Collaboration servers: no document may be checked out of a protected library.',
          '# Choose "Do not use IRM on this server", delete \\ProgramData\\Microsoft\\MSIPC\\Server\\{SID}, then:',
          configure('-SetSharePoint2013'),
          noteTimes('Choose "Use this RMS server"'),
        ]
      : []),
    ...(kinds.has('files') ? [configure('-SetFCI2012'), '# Restart the file servers.', noteTimes('Restart')] : []),
  )
}

/** Notes when protected mail stops and, once the test passes, when it works again: what `collected/interruptions` takes. */
function measured(server: string, commands: readonly string[]): readonly string[] {
  return [
    "$stopped = [DateTime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ssZ')",
    ...commands,
    '$test = Test-IRMConfiguration | Out-String; $test   # must end with OVERALL RESULT: PASS',
    `$report = @{ server = ${server}; stoppedAt = $stopped }`,
    "if ($test -match 'OVERALL RESULT: PASS') { $report.resumedAt = [DateTime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ssZ') }",
    '$report | ConvertTo-Json | Set-Content -Encoding ASCII "interruption-$($report.server).json"',
  ]
}

function noteTimes(end: string): string {
  return `# ${end}; write the times, in UTC, into interruption-SERVER.json: { "server": "...", "stoppedAt": "2026-03-09T20:00:00Z", "resumedAt": "..." }`
}

const versionKeys: Readonly<Record<string, string>> = { '2010': 'v14', '2013': 'v15', '2016': 'v15', '2019': 'v15' }

function exchangeKey({ mail }: MigrationPlan, name: string): RegistryKey {
  const version = versionKeys[mail?.version ?? '2016'] ?? 'v15'
  return { hive: 'HKLM', key: `SOFTWARE\\Microsoft\\ExchangeServer\\${version}\\IRM\\${name}` }
}

/** The file that sets the values, and the one that takes exactly these away. */
function registrationPair(
  step: string,
  values: readonly SetValue[],
  before: readonly RegistryOperation[] = [],
): readonly PlannedAction[] {
  const undo = values.map(({ hive, key, name }) => ({ action: 'deleteValue', hive, key, name }) as const)
  return [
    artefact(step, 'mail-servers.reg', registrationContent([...before, ...values])),
    artefact(step, 'mail-servers-undo.reg', registrationContent(undo)),
  ]
}

function registrationContent(operations: readonly RegistryOperation[]): string {
  return Buffer.from(registrationFile(operations)).toString('utf16le')
}
