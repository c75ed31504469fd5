/**
 * The rights management service: certifies people, publishes, licenses, distributes templates, and is administered. One
 * process, one database, both protocols.
 */
export { openService } from './compose.ts'
export type { OpenServiceInput, Service } from './compose.ts'
export { clusterOf, configSchema, readConfig } from './config.ts'
export type { Config, ConfigInput } from './config.ts'
export type { RunningServer } from './http/server.ts'
export { installationSchema, readInstallationConfig } from './installation-config.ts'
export type { InstallationConfig } from './installation-config.ts'
export { openInstallation } from './open-installation.ts'
export type { Installation } from './open-installation.ts'

export type { CoreContext, Directory, DirectoryUser } from './core/ports.ts'
export { hashPassword } from './directory/password.ts'
export { directorySchema, readDirectoryFile } from './directory/directory-file.ts'
export type { DirectoryFile } from './directory/directory-file.ts'
export { personalities } from './core/personality.ts'
export { exclusionKinds } from './core/exclusion-lists.ts'
export type { ExclusionKind } from './core/exclusion-lists.ts'
export { closedDoors } from './core/settings.ts'
export type { ClosedDoor } from './core/settings.ts'
export { absoluteDirectory, openDirectory, originOf, synchronisedSettings } from './directory/open-directory.ts'
export type { SynchronisationResult } from './directory/synchronised/summary.ts'
export { devicePlatforms } from './core/device-platforms.ts'
export { lookAtSource } from './directory/ldap/look-at-source.ts'
export type { LookedAtSource } from './directory/ldap/look-at-source.ts'
export { sameAddress } from './directory/ldap/service-connection-point.ts'
export { lookAtStore } from './store/look-at-store.ts'
export type { LookedAtLog, LookedAtStore } from './store/look-at-store.ts'
export { requireIssuerKeys } from './auth/configured-issuers.ts'
export { productionMarks } from './auth/this-machine.ts'
export { readClientTrust } from './tls/client-authorities.ts'
export { loopbackFiles } from './tls/listener-certificate.ts'
export { openServiceConnectionPoints } from './directory/ldap/service-connection-point.ts'
export type { Registration, ServiceConnectionPoints } from './directory/ldap/service-connection-point.ts'
export type { DirectoryExplanation } from './directory/explanation.ts'
export { canonicalAddress } from './core/address.ts'
export { formerNames, suggestedFormerSites } from './core/former-sites.ts'
export { ownSites } from './core/own-sites.ts'

export type { AdministrationContext } from './administration/change.ts'
export { createIdentity } from './administration/create-identity.ts'
export type { CreateIdentityInput } from './administration/create-identity.ts'
export { enrolBelow } from './administration/enrol-below.ts'
export { limitNames, limitTable, standardLimits } from './core/limits.ts'
export type { LimitName } from './core/limits.ts'
export { limitWarnings } from './limit-settings.ts'
export { callCluster } from './forests/call-cluster.ts'
export { isClusterUrl } from './forests/settings.ts'
export { activateKey, archiveKey, listKeys } from './administration/keys.ts'
export type { ListedKey } from './administration/keys.ts'
export {
  exportTrustedPublishingDomain,
  importTrustedPublishingDomain,
} from './administration/trusted-publishing-domain.ts'
export type { ExportInput, ImportInput, ImportResult } from './administration/trusted-publishing-domain.ts'
export {
  archiveTemplate,
  createTemplate,
  editTemplate,
  listTemplates,
  publishTemplate,
} from './administration/templates.ts'
export type { ListedTemplate, TemplateContent } from './administration/templates.ts'
export { addSuperUser, enableSuperUsers, listSuperUsers, removeSuperUser } from './administration/super-users.ts'
export { verifyAuditLog } from './administration/verify-log.ts'
export type { LogCheckpoint, LogProblem, LogVerification } from './administration/verify-log.ts'

export { adminReferencePage } from './http/admin/reference-page.ts'
export { adminOperations } from './http/admin/operations.ts'
export type { AdminOperationName, AdminOperations } from './http/admin/operations.ts'
export type { AdminAnswer, AdminInput, AdminOperation, AdminRole } from './http/admin/operation.ts'
export { operate } from './http/admin/operate.ts'
export type { RawAdminInput } from './http/admin/operate.ts'
export { describeDoors } from './describe-doors.ts'
