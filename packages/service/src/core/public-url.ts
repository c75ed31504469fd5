/** The URL under which clients reach the service, from the configured address of its SOAP root; never from a request. */
export function publicUrlOf(baseUrl: string): string {
  return baseUrl.replace(/\/_wmcs\/?$/i, '')
}
