/**
 * The full names of all exceptions, letter by letter as the fact sheet has them (1.1, 1.2, 4 to 6): nothing here is made by
 * the code that is tested. Where the sources disagree it is the form with `Licensing.` (1.2).
 */
const names: readonly string[] = [
  'System.ArgumentNullException',
  'System.InvalidOperationException',
  'System.UnauthorizedAccessException',
  'Microsoft.DigitalRightsManagement.Core.DRMSArgumentException',
  'Microsoft.DigitalRightsManagement.Core.MalformedDataVersionException',
  'Microsoft.DigitalRightsManagement.Core.UnsupportedDataVersionException',
  'Microsoft.DigitalRightsManagement.Core.VerifyEmailAddressFailedException',
  'Microsoft.DigitalRightsManagement.Core.VerifyMachineCertificateChainFailedException',
  'Microsoft.DigitalRightsManagement.Cryptography.CryptoUnsupportedSymKeyException',
  'Microsoft.DigitalRightsManagement.Cryptography.UnsupportedCryptographicSetException',
  'Microsoft.DigitalRightsManagement.Licensing.AcquirePreLicenseInvalidLicenseeException',
  'Microsoft.DigitalRightsManagement.Licensing.BlackBoxIsInvalidException',
  'Microsoft.DigitalRightsManagement.Licensing.CredentialCreationTimeException',
  'Microsoft.DigitalRightsManagement.Licensing.DrmacIsExcludedException',
  'Microsoft.DigitalRightsManagement.Licensing.InvalidOfficialRightsTemplateException',
  'Microsoft.DigitalRightsManagement.Licensing.InvalidPersonaCertSignatureException',
  'Microsoft.DigitalRightsManagement.Licensing.InvalidPersonaCertTimeException',
  'Microsoft.DigitalRightsManagement.Licensing.InvalidRightsLabelSignatureException',
  'Microsoft.DigitalRightsManagement.Licensing.InvalidSignedIssuanceLicenseException',
  'Microsoft.DigitalRightsManagement.Licensing.IssuanceLicenseIsNotWithinValidTimeRangeException',
  'Microsoft.DigitalRightsManagement.Licensing.NoRightsForRequestedPrincipalException',
  'Microsoft.DigitalRightsManagement.Licensing.OnlinePublishingDisabledException',
  'Microsoft.DigitalRightsManagement.Licensing.RightsLabelNoMatchingIssuedPrincipalException',
  'Microsoft.DigitalRightsManagement.Licensing.UnexpectedPersonaCertException',
  'Microsoft.DigitalRightsManagement.Licensing.UnsignedIssuanceLicenseNoMatchingIssuedPrincipalException',
  'Microsoft.DigitalRightsManagement.Licensing.UntrustedPersonaCertException',
  'Microsoft.DigitalRightsManagement.ServerRepublishIllegalException',
  'Microsoft.DigitalRightsManagement.Utilities.ADEntrySearchFailedException',
  'Microsoft.DigitalRightsManagement.Utilities.ClusterNotDecommissionedException',
  'Microsoft.DigitalRightsManagement.Utilities.UnspecifiedErrorException',
  'Microsoft.RightsManagementServices.ClusterDecommissionedException',
  'Microsoft.RightsManagementServices.EnablingBitsHashDoesNotMatchException',
]

/** The full name by its last segment. */
export const fullNames: ReadonlyMap<string, string> = new Map(names.map((name) => [lastSegment(name), name]))

export function lastSegment(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1)
}
