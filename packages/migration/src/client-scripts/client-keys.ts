/**
 * Where Windows clients keep what they know about rights management. Office 2003 to 2010 (11.0, 12.0, 14.0) goes through
 * the MSDRM library, Office 2013 and later (15.0, 16.0) through MSIPC. Programs of 32 bits on a Windows of 64 bits read
 * the side below `Wow6432Node`, so both are written.
 */
import type { RegistryHive, RegistryKey } from './registry-operation.ts'

const msdrmOffice = ['11.0', '12.0', '14.0'] as const

export type Software = 'msdrm' | 'msipc' | 'office'
export type Side = 'native' | 'wow6432'

interface ClientKey extends RegistryKey {
  readonly software: Software
  readonly side: Side
}

function sides(hive: RegistryHive, software: Software, path: string): readonly ClientKey[] {
  const root = hive === 'HKLM' ? 'SOFTWARE' : 'Software'
  return [
    { hive, software, side: 'native', key: `${root}\\${path}` },
    { hive, software, side: 'wow6432', key: `${root}\\Wow6432Node\\${path}` },
  ]
}

/** Settings and cached addresses of Office 2003 to 2010. */
export function officeRightsKeys(hive: RegistryHive): readonly ClientKey[] {
  return msdrmOffice.flatMap((version) => sides(hive, 'msdrm', `Microsoft\\Office\\${version}\\Common\\DRM`))
}

export const msdrmServiceLocation = sides('HKLM', 'msdrm', 'Microsoft\\MSDRM\\ServiceLocation')
export const msipcServiceLocation = sides('HKLM', 'msipc', 'Microsoft\\MSIPC\\ServiceLocation')

/** Where MSIPC looks for the redirections of one user. */
const msipcUserRedirection: ClientKey = {
  hive: 'HKCU',
  software: 'msipc',
  side: 'native',
  key: 'Software\\Classes\\Local Settings\\Software\\Microsoft\\MSIPC\\LicensingRedirection',
}

/** The default server of Office 2013 and of Office 2016 and later; the user's part of the registry has no 32-bit side. */
export const officeDefaultServer = {
  office15: officeUserKey('15.0'),
  office16: officeUserKey('16.0'),
}

function officeUserKey(version: string): ClientKey {
  return {
    hive: 'HKCU',
    software: 'office',
    side: 'native',
    key: `Software\\Microsoft\\Office\\${version}\\Common\\DRM`,
  }
}

/** Keys whose values have an old licensing URL as name and the new one as data. */
export function redirectionKeys(hive: RegistryHive): readonly ClientKey[] {
  const office = officeRightsKeys(hive).map((each) => below(each, 'LicenseServerRedirection'))
  const msipc =
    hive === 'HKLM' ? msipcServiceLocation.map((each) => below(each, 'LicensingRedirection')) : [msipcUserRedirection]
  return [...office, ...msipc]
}

export function below<Key extends RegistryKey>(key: Key, name: string): Key {
  return { ...key, key: `${key.key}\\${name}` }
}

/** Which program reads the key, and on which side it lies. */
export function classifyKey({ hive, key }: RegistryKey): { readonly software: Software; readonly side: Side } {
  const lower = `${hive}\\${key}`.toLowerCase()
  const side = lower.includes('\\wow6432node\\') ? 'wow6432' : 'native'
  if (lower.includes('\\msipc\\')) return { software: 'msipc', side }
  return { software: /\\office\\1[56]\.0\\/.test(lower) ? 'office' : 'msdrm', side }
}

/** Our own: which scripts ran, and what was there before. */
export function stateKey(hive: RegistryHive): RegistryKey {
  return { hive, key: `${hive === 'HKLM' ? 'SOFTWARE' : 'Software'}\\Sealward\\ClientScripts` }
}
