/**
 * The doors of the service: SOAP for Windows clients, REST for mobile ones, one for administrators, one where people sign in
 * with the embedded OpenID provider, and what is our own. A door decides in which form its answers and its refusals go out.
 */
export type Door = 'soap' | 'rest' | 'admin' | 'openid' | 'own'

/** Clients spell paths in several cases. */
export function doorOf(target: string): Door {
  if (/^\/_wmcs(?:[/?]|$)/i.test(target)) return 'soap'
  if (/^\/admin(?:[/?]|$)/i.test(target)) return 'admin'
  if (/^\/sealward\/openid(?:[/?]|$)/i.test(target)) return 'openid'
  return /^\/my(?:[/?]|$)/i.test(target) ? 'rest' : 'own'
}
