/** Cmdlets of both modules that this version knows by name only. Whoever calls one is told what to use instead. */
import { bothFamilies, type UnavailableCmdlet } from '../cmdlet.ts'

const tracking = 'documents are not tracked in this version; `sealward log export` shows who opened what'
const mobile = 'mobile clients are served; `sealward mobile refuse` says which are not'
const roles = 'whoever holds the administration token administers; roles of a migration are in its plan'
const vault = 'keys are kept in software; `sealward tpd split` takes a key out of its export as PEM'
const templateFiles = 'templates travel with their key; `sealward tpd export` and `sealward tpd import`'

const rows: readonly (readonly [verb: string, noun: string, synopsis: string, instead: string])[] = [
  ['Add', 'RoleBasedAdministrator', 'Give somebody an administrative role', roles],
  ['Get', 'RoleBasedAdministrator', 'List administrative roles', roles],
  ['Remove', 'RoleBasedAdministrator', 'Take away an administrative role', roles],
  ['Use', 'KeyVaultKey', 'Use a key in a vault', vault],
  ['Convert', 'KeyToKeyVault', 'Name a new place of a key in a vault', vault],
  ['Export', 'Template', 'Write a template to a file', templateFiles],
  ['Import', 'Template', 'Read a template from a file', templateFiles],
  ['Enable', 'DocumentTrackingFeature', 'Switch document tracking on', tracking],
  ['Disable', 'DocumentTrackingFeature', 'Switch document tracking off', tracking],
  ['Get', 'DocumentTrackingFeature', 'Show whether documents are tracked', tracking],
  ['Clear', 'DoNotTrackUserGroup', 'Track everybody', tracking],
  ['Get', 'DoNotTrackUserGroup', 'Show whose documents are not tracked', tracking],
  ['Set', 'DoNotTrackUserGroup', 'Name the people who are not tracked', tracking],
  ['Get', 'DocumentLog', 'List protected documents', tracking],
  ['Get', 'TrackingLog', 'List uses of a document', tracking],
]

/** Names that differ in more than the family, or that only one of the modules has. */
const others: readonly (readonly [names: readonly string[], synopsis: string, instead: string])[] = [
  [['Disable-AadrmIPCv3Service', 'Disable-AipServiceIPCv3'], 'Refuse mobile clients', mobile],
  [['Enable-AadrmIPCv3Service', 'Enable-AipServiceIPCv3'], 'Serve mobile clients', mobile],
  [['Get-AadrmIPCv3Service', 'Get-AipServiceIPCv3'], 'Show whether mobile clients are served', mobile],
  [['Add-AadrmKey'], 'Add a packaged hardware key', vault],
]

export const unavailableCmdlets: readonly UnavailableCmdlet[] = [
  ...rows.map(([verb, noun, synopsis, instead]) => ({ names: bothFamilies(verb, noun), synopsis, instead })),
  ...others.map(([names, synopsis, instead]) => ({ names, synopsis, instead })),
]
