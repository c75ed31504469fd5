const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

/**
 * Whether a host name leads to this machine and nowhere else: what goes there needs no TLS.
 * @param hostname as `URL` gives it: lower case, an IPv6 address in brackets, without port
 */
export function isLoopbackHost(hostname: string): boolean {
  return loopback.test(hostname)
}
