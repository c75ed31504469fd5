/**
 * The doors of the service: SOAP for Windows clients, REST for mobile ones, one for administrators, one where people sign in
 * with the embedded OpenID provider, and what is our own. A door decides in which form its answers and its refusals go out.
 */
export type Door = 'soap' | 'rest' | 'admin' | 'openid' | 'own'

/** Clients spell paths in several cases. @param basePaths of SOAP, in lower case */
export function doorOf(target: string, basePaths: readonly string[]): Door {
  const [, path = ''] = /^([^?]*)/.exec(target.toLowerCase()) ?? []
  const isBelow = (folder: string): boolean => path === folder || path.startsWith(`${folder}/`)
  if (basePaths.some(isBelow)) return 'soap'
  if (isBelow('/admin')) return 'admin'
  if (isBelow('/sealward/openid')) return 'openid'
  return isBelow('/my') ? 'rest' : 'own'
}
