/**
 * Where Windows keeps the settings of rights management clients: MSIPC for Office 2013 and later, MSDRM for what came
 * before, Office's own keys; each for the computer and for the user, and once more below `Wow6432Node` for programs of 32
 * bits. Of two values for one setting the one with the lower rank counts.
 */
export type WindowsSetting =
  | 'certification'
  | 'licensing'
  | 'redirection'
  | 'disable-creation'
  | 'trusted-servers-only'
  | 'trusted-server'

interface Place {
  /** Below `Software`, in lower case; `*` stands for one version of Office. */
  readonly key: string
  /** Lower case; empty for the default value; `*` for every name. */
  readonly name: string
}

const office = String.raw`microsoft\office\*\common\drm`
const officePolicy = `policies\\${office}`
const userMsipc = String.raw`classes\local settings\software\microsoft\msipc`

/** The first row that fits decides. */
const settings: readonly (Place & { readonly setting: WindowsSetting; readonly rank: number })[] = [
  place(0, 'certification', String.raw`microsoft\msipc\servicelocation\enterprisecertification`, ''),
  place(0, 'licensing', String.raw`microsoft\msipc\servicelocation\enterprisepublishing`, ''),
  place(0, 'redirection', String.raw`microsoft\msipc\servicelocation\licensingredirection`, '*'),
  place(1, 'redirection', String.raw`${userMsipc}\licensingredirection`, '*'),
  place(2, 'certification', String.raw`microsoft\msdrm\servicelocation\activation`, ''),
  place(2, 'licensing', String.raw`microsoft\msdrm\servicelocation\enterprisepublishing`, ''),
  place(2, 'redirection', String.raw`${office}\licenseserverredirection`, '*'),
  place(3, 'certification', String.raw`microsoft\msdrm\servicelocation\enterprisecertification`, ''),
  place(4, 'licensing', office, 'defaultserverurl'),
  place(0, 'disable-creation', officePolicy, 'disablecreation'),
  place(1, 'disable-creation', office, 'disablecreation'),
  place(2, 'disable-creation', String.raw`microsoft\msipc`, 'disablecreation'),
  place(2, 'disable-creation', String.raw`microsoft\msdrm`, 'disablecreation'),
  place(0, 'trusted-servers-only', String.raw`microsoft\msipc\trustedservers`, 'allowtrustedserversonly'),
  place(0, 'trusted-server', String.raw`microsoft\msipc\trustedservers`, '*'),
]

/** What is known and means nothing here, with the reason. */
const unused: readonly (Place & { readonly why: string })[] = [
  {
    key: String.raw`microsoft\msipc\federation`,
    name: 'federationhomerealm',
    why: 'a federated sign-in; this client signs in with a password or a token',
  },
  { key: office, name: 'defaultserver', why: 'the host of DefaultServerUrl, which counts' },
  { key: office, name: 'disable', why: 'switches rights management off in Office, not here' },
  {
    key: officePolicy,
    name: 'disable',
    why: 'switches rights management off in Office, not here',
  },
  { key: String.raw`microsoft\udrm`, name: 'hierarchy', why: 'another hierarchy of Microsoft; name anchors instead' },
  { key: String.raw`sealward\clientscripts`, name: '*', why: 'the stamp of a script' },
]

export interface NamedSetting {
  readonly setting: WindowsSetting
  /** Lower counts first. */
  readonly rank: number
}

/**
 * ```ts
 * settingOf('HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\MSIPC\\ServiceLocation\\EnterprisePublishing', '')
 * // { setting: 'licensing', rank: 0 }
 * ```
 * @returns why the value means nothing here, if so
 */
export function settingOf(key: string, name: string): NamedSetting | { readonly why: string } {
  const [, hive, wow, path = ''] =
    /^hkey_(local_machine|current_user)\\software\\(wow6432node\\)?(.+)$/.exec(key.toLowerCase()) ?? []
  if (hive === undefined) return { why: 'not a key of rights management' }
  const isAt = (each: Place): boolean => samePlace(each, path, name.toLowerCase())
  const known = unused.find(isAt)
  if (known !== undefined) return { why: known.why }
  const found = settings.find(isAt)
  if (found === undefined) return { why: 'not a setting of this client' }
  const { setting, rank } = found
  // Programs of 64 bits and settings of the computer come first, as an administrator sets them.
  return { setting, rank: rank * 4 + (hive === 'current_user' ? 2 : 0) + (wow === undefined ? 0 : 1) }
}

function place(rank: number, setting: WindowsSetting, key: string, name: string) {
  return { rank, setting, key, name }
}

function samePlace({ key, name }: Place, path: string, valueName: string): boolean {
  if (name !== '*' && name !== valueName) return false
  const [before = '', after] = key.split('*')
  if (after === undefined) return path === before
  return (
    path.startsWith(before) && path.endsWith(after) && /^\d{1,2}\.0$/.test(path.slice(before.length, -after.length))
  )
}
