/** What a browser sees at the address of a SOAP service: its name. Administrators look at it to test a new server. */
import { escapeText } from '@sealward/xrml'
import type { WebEndpoint } from './web-endpoints.ts'

export function servicePage({ title, path, service }: WebEndpoint): string {
  return `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>${escapeText(title)}</title></head>
<body>
<h1>${escapeText(title)}</h1>
<p>SOAP 1.1 and 1.2 calls are answered at <code>${escapeText(path)}</code>.</p>
${service === undefined ? '' : '<p><a href="?wsdl">Service description</a></p>\n'}</body>
</html>
`
}

export function directoryPage(path: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Rights management service</title></head>
<body>
<h1>Rights management service</h1>
<p>The services below <code>${escapeText(path)}</code> are in operation.</p>
</body>
</html>
`
}
