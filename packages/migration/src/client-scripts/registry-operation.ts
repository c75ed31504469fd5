/** Changes of a Windows registry as data. Keys and value names know no case. Only the two value types that are needed. */
export type RegistryHive = 'HKLM' | 'HKCU'

export interface RegistryKey {
  readonly hive: RegistryHive
  /** Below the hive, for example `SOFTWARE\Microsoft\MSIPC`; the 32-bit side is written out. */
  readonly key: string
}

export type RegistryData =
  | { readonly type: 'REG_SZ'; readonly data: string }
  | { readonly type: 'REG_DWORD'; readonly data: number }

export interface SetValue extends RegistryKey {
  readonly action: 'set'
  /** Empty for the default value. */
  readonly name: string
  readonly value: RegistryData
}

export type RegistryOperation =
  /** Makes the key if it is missing. */
  | SetValue
  /** Nothing if it is missing. */
  | (RegistryKey & { readonly action: 'deleteValue'; readonly name: string })
  /** With everything below it; nothing if it is missing. */
  | (RegistryKey & { readonly action: 'deleteKey' })
  /** Afterwards the key is there and empty. */
  | (RegistryKey & { readonly action: 'deleteContents' })

export function text(key: RegistryKey, name: string, data: string): SetValue {
  return { action: 'set', hive: key.hive, key: key.key, name, value: { type: 'REG_SZ', data } }
}

export function number(key: RegistryKey, name: string, data: number): SetValue {
  return { action: 'set', hive: key.hive, key: key.key, name, value: { type: 'REG_DWORD', data } }
}

/** `HKLM\SOFTWARE\…` */
export function fullKey({ hive, key }: RegistryKey): string {
  return `${hive}\\${key}`
}

const hiveNames: Readonly<Record<RegistryHive, string>> = { HKLM: 'HKEY_LOCAL_MACHINE', HKCU: 'HKEY_CURRENT_USER' }

export function longHive(hive: RegistryHive): string {
  return hiveNames[hive]
}

/** `HKEY_LOCAL_MACHINE\SOFTWARE\…`, as the registry's own tools print it. */
export function longKey({ hive, key }: RegistryKey): string {
  return `${hiveNames[hive]}\\${key}`
}

/** True for the key itself and everything below it. */
export function isWithin(inner: RegistryKey, outer: RegistryKey): boolean {
  const name = `${fullKey(inner)}\\`.toLowerCase()
  return name.startsWith(`${fullKey(outer)}\\`.toLowerCase())
}
