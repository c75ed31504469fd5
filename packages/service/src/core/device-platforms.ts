/** Names of device platforms, as the cmdlets of administrators and the clients of the REST protocol use them. */

/** The kinds of devices that administrators know; `Other` is whatever says something else, or nothing. */
export const devicePlatforms = [
  'Android',
  'iOS',
  'Mac',
  'Web',
  'Windows',
  'WindowsPhone',
  'WindowsStore',
  'Other',
] as const

export type DevicePlatform = (typeof devicePlatforms)[number]
