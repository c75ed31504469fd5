/** What a browser sees at the address of a SOAP service: its name. Administrators look at it to test a new server. */
import type { SoapEndpoint } from '@sealward/protocol'

export function servicePage({ service, path }: SoapEndpoint): string {
  return `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>${service}</title></head>
<body>
<h1>${service}</h1>
<p>SOAP 1.1 and 1.2 calls are answered at <code>${path}</code>.</p>
</body>
</html>
`
}
