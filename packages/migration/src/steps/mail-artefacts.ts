/** Settings of mail servers as commands and registry values, with the addresses of the plan and never with placeholders. */
import type { MigrationPlan } from '../project/plan.ts'
import { lines } from './planned.ts'

const versionKeys: Readonly<Record<string, string>> = { '2010': 'v14', '2013': 'v15', '2016': 'v15', '2019': 'v15' }

const root = (url: string): string => url.replace(/\/$/, '')

/** The tenant first, then every address of the clusters. */
function locations({ tenant, clusters }: MigrationPlan): readonly string[] {
  return [`${root(tenant.url)}/_wmcs/licensing`, ...clusters.flatMap(({ licensingUrls }) => licensingUrls)]
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
export function mailRegistry(plan: MigrationPlan): string {
  const [target = ''] = plan.clusters.flatMap(({ licensingUrls }) => licensingUrls).toReversed()
  return registry(redirectionKey(plan), [
    [`${root(plan.tenant.url)}/_wmcs/licensing`, plan.onboarding?.extranetUrl ?? target],
  ])
}

/** Behind a connector: every address of every imported key, and the tenant itself. */
export function connectorRegistry(plan: MigrationPlan): string {
  const connector = root(plan.connector?.url ?? '')
  const old = plan.clusters.flatMap(({ licensingUrls }) => licensingUrls)
  return lines(
    registry(redirectionKey(plan), [
      [root(plan.tenant.url), connector],
      ...old.map((url) => [url, `${connector}/_wmcs/licensing`] as const),
    ]),
    registry(redirectionKey(plan).replace('LicenseServerRedirection', 'CertificationServerRedirection'), [
      [root(plan.tenant.url), connector],
    ]),
  )
}

export function hostedMail(plan: MigrationPlan): string {
  if (plan.tenant.target === 'customer-managed') {
    return lines(
      '# The key is kept by the customer: use the newer form.',
      'Set-IRMConfiguration -AzureRMSLicensingEnabled $true',
      'Test-IRMConfiguration',
    )
  }
  return lines(
    '# Remove a domain that was imported earlier: Get-RMSTrustedPublishingDomain | Remove-RMSTrustedPublishingDomain',
    'Set-IRMConfiguration -AzureRMSLicensingEnabled $true',
    'Set-IRMConfiguration -InternalLicensingEnabled $true',
    'Test-IRMConfiguration   # must end with OVERALL RESULT: PASS',
  )
}

export function connectorSteps(plan: MigrationPlan): string {
  const kinds = new Set(plan.connector?.servers.map(({ kind }) => kind))
  return lines(
    '# Install and authorise the connectors before the servers change.',
    ...(kinds.has('mail')
      ? [
          '# Mail servers: delete the entries of \\ProgramData\\Microsoft\\DRM\\Server\\S-1-5-18, then:',
          'Set-IRMConfiguration -InternalLicensingEnabled $false -ClientAccessServerEnabled $false',
          'Set-IRMConfiguration -RefreshServerCertificates',
          'iisreset',
          `GenConnectorConfig.ps1 -ConnectorUri ${root(plan.connector?.url ?? '')} -SetExchange2013`,
          'Set-IRMConfiguration -InternalLicensingEnabled $true -ClientAccessServerEnabled $true',
        ]
      : []),
    ...(kinds.has('collaboration')
      ? [
          '# Collaboration servers: no document may be checked out of a protected library.',
          '# Choose "Do not use IRM on this server", delete \\ProgramData\\Microsoft\\MSIPC\\Server\\{SID}, then:',
          `GenConnectorConfig.ps1 -ConnectorUri ${root(plan.connector?.url ?? '')} -SetSharePoint2013`,
        ]
      : []),
    ...(kinds.has('files')
      ? [
          `GenConnectorConfig.ps1 -ConnectorUri ${root(plan.connector?.url ?? '')} -SetFCI2012`,
          '# Restart the file servers.',
        ]
      : []),
  )
}

function redirectionKey({ mail }: MigrationPlan): string {
  const version = versionKeys[mail?.version ?? '2016'] ?? 'v15'
  return `HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\ExchangeServer\\${version}\\IRM\\LicenseServerRedirection`
}

function registry(key: string, values: readonly (readonly [string, string])[]): string {
  return [
    'Windows Registry Editor Version 5.00',
    '',
    `[${key}]`,
    ...values.map(([name, data]) => `${quoted(name)}=${quoted(data)}`),
  ].join('\r\n')
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}
