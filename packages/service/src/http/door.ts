/**
 * The doors of the service: SOAP for Windows clients, REST for mobile ones, one for administrators, and what is our own. A
 * door decides in which form its answers and its refusals go out.
 */
export type Door = 'soap' | 'rest' | 'admin' | 'own'

/** Clients spell paths in several cases. */
export function doorOf(target: string): Door {
  if (/^\/_wmcs(?:[/?]|$)/i.test(target)) return 'soap'
  if (/^\/admin(?:[/?]|$)/i.test(target)) return 'admin'
  return /^\/my(?:[/?]|$)/i.test(target) ? 'rest' : 'own'
}
