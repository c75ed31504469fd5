import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cmdletHelp } from './cmdlet-help.ts'
import { cmdlets, findCmdlet } from './cmdlet-table.ts'
import { isAvailable } from './cmdlet.ts'
import { parameterKey } from './parameters.ts'
import { readArguments, withSecretFiles } from './read-arguments.ts'
import { allParameters } from './run-cmdlet.ts'

/** Both modules as published: a name, and what the other module calls the same where the rule does not say it. */
const published = `
Add-AadrmKey -
Add-AadrmRoleBasedAdministrator
Add-AadrmSuperUser
Add-AadrmTemplate
Clear-AadrmDoNotTrackUserGroup
Clear-AadrmSuperUserGroup
Connect-AadrmService Connect-AipService
Convert-AadrmKeyToKeyVault
Disable-Aadrm
Disable-AadrmDevicePlatform
Disable-AadrmDocumentTrackingFeature
Disable-AadrmIPCv3Service Disable-AipServiceIPCv3
Disable-AadrmSuperUserFeature
Disable-AadrmUsageLogFeature -
Disconnect-AadrmService Disconnect-AipService
Enable-Aadrm
Enable-AadrmDevicePlatform
Enable-AadrmDocumentTrackingFeature
Enable-AadrmIPCv3Service Enable-AipServiceIPCv3
Enable-AadrmSuperUserFeature
Enable-AadrmUsageLogFeature -
Export-AadrmTemplate
Get-Aadrm
Get-AadrmAdminLog
Get-AadrmConfiguration
Get-AadrmDevicePlatform
Get-AadrmDoNotTrackUserGroup
Get-AadrmDocumentLog
Get-AadrmDocumentTrackingFeature
Get-AadrmIPCv3Service Get-AipServiceIPCv3
Get-AadrmKeys
Get-AadrmMaxUseLicenseValidityTime
Get-AadrmMigrationUrl
Get-AadrmOnboardingControlPolicy
Get-AadrmRoleBasedAdministrator
Get-AadrmSuperUser
Get-AadrmSuperUserFeature
Get-AadrmSuperUserGroup
Get-AadrmTemplate
Get-AadrmTemplateProperty
Get-AadrmTrackingLog
Get-AadrmUsageLog -
Get-AadrmUsageLogFeature -
Get-AadrmUsageLogLastCounterValue -
Get-AadrmUsageLogStorageAccount -
Get-AadrmUserLog
Import-AadrmTemplate
Import-AadrmTpd
New-AadrmRightsDefinition
Remove-AadrmRoleBasedAdministrator
Remove-AadrmSuperUser
Remove-AadrmTemplate
Set-AadrmDoNotTrackUserGroup
Set-AadrmKeyProperties
Set-AadrmMaxUseLicenseValidityTime
Set-AadrmMigrationUrl
Set-AadrmOnboardingControlPolicy
Set-AadrmSuperUserGroup
Set-AadrmTemplateProperty
Set-AadrmUsageLogStorageAccount -
Use-AadrmKeyVaultKey
- Clear-AipServiceDocumentRevoked
- Set-AipServiceDocumentRevoked
`
  .trim()
  .split('\n')
  .map((line) => {
    const [aadrm = '', aip = aadrm.replace('Aadrm', 'AipService')] = line.split(' ')
    return [aadrm, aip].filter((name) => name !== '-')
  })

const clusterNames = ['Export-RmsTPD', 'Import-RmsTPD', 'Export-RmsTUD', 'Import-RmsTUD']

test('every cmdlet of both modules is known, under both names, and no other', () => {
  assert.equal(published.length, 63)
  for (const names of published) {
    const rows = names.map((name) => findCmdlet(name)?.cmdlet)
    assert.ok(rows[0] !== undefined && rows.every((row) => row === rows[0]), names.join(' '))
    assert.deepEqual([...rows[0].names].sort(), [...names].sort())
  }
  const known = cmdlets.flatMap(({ names }) => names).sort()
  assert.deepEqual(known, [...published.flat(), ...clusterNames].sort())
  assert.equal(findCmdlet('import-aadrmtpd')?.name, 'Import-AadrmTpd')
})

test('parameters of the original are there', () => {
  const originals: Readonly<Record<string, string>> = {
    'Import-AadrmTpd': 'Force TpdFile ProtectionPassword FriendlyName KeyVaultKeyUrl HsmKeyFile Active Verbose',
    'Set-AadrmKeyProperties': 'Force KeyIdentifier Active RefreshSlcName',
    'Connect-AipService':
      'Credential TenantId AccessToken EnvironmentName ApplicationID CertificateThumbprint ServicePrincipal',
    'Set-AadrmOnboardingControlPolicy': 'Force UseRmsUserLicense SecurityGroupObjectId Scope',
    'Add-AipServiceTemplate':
      'Descriptions Names RightsDefinitions ContentExpirationOption ContentExpirationDate ContentValidityDuration LicenseValidityDuration Status ScopedIdentities EnableInLegacyApps',
    'Get-AipServiceTemplateProperty':
      'TemplateId Names Descriptions RightsDefinitions ContentExpirationOption ContentExpirationDate ContentValidityDuration LicenseValidityDuration ReadOnly Status ScopedIdentities EnableInLegacyApps',
    'Get-AadrmUserLog': 'Path FromDate ToDate ForDate Force NumberOfThreads',
    'Get-AadrmAdminLog': 'Path FromTime ToTime Force',
    'New-AadrmRightsDefinition': 'EmailAddress DomainName Rights',
    'Add-AadrmSuperUser': 'EmailAddress ServicePrincipalId',
    'Set-AadrmMaxUseLicenseValidityTime': 'MaxUseLicenseValidityTime Force',
    'Set-AadrmMigrationUrl': 'Domain Force',
    'Export-RmsTPD': 'Path SavedFile Password V1Compatible Force',
    'Export-RmsTUD': 'Path SavedFile Force',
    'Import-RmsTUD': 'DisplayName SourceFile TrustADFederatedUser WindowsLiveId PassThru Force',
    'Import-RmsTPD': 'Path DisplayName SourceFile Password Force PassThru',
  }
  for (const [name, words] of Object.entries(originals)) {
    const cmdlet = findCmdlet(name)?.cmdlet
    assert.ok(cmdlet !== undefined && isAvailable(cmdlet), name)
    for (const word of words.split(' ')) assert.ok(Object.hasOwn(allParameters(cmdlet), word), `${name} -${word}`)
  }
})

test('the help shows two examples that are understood', () => {
  for (const cmdlet of cmdlets) {
    const [name = ''] = cmdlet.names
    const help = cmdletHelp(name, cmdlet)
    if (!isAvailable(cmdlet)) {
      assert.match(help, /^Not in this version: /m)
      continue
    }
    assert.equal(help.split('\n').filter((line) => line.startsWith(`  $ sealward ${name}`)).length, 2, name)
    for (const example of cmdlet.examples) readArguments(allParameters(cmdlet), wordsOf(example))
  }
})

/** As a Unix shell takes them apart. */
function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
}

test('parameters of one cmdlet do not get in the way of each other', () => {
  for (const cmdlet of cmdlets) {
    if (!isAvailable(cmdlet)) continue
    const keys = Object.keys(withSecretFiles(allParameters(cmdlet))).map(parameterKey)
    assert.equal(new Set(keys).size, keys.length, cmdlet.names[0])
  }
})
