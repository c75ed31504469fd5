/** A certification authority of a test, and the certificate of one server, by OpenSSL's program. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './programs.ts'

export interface ServerCertificate {
  readonly authorityFile: string
  readonly certificateFile: string
  readonly keyFile: string
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

/** @param names as subject alternative names: `DNS:dc1.corp.lakeside.test`, `IP:127.0.0.1` */
export function createServerCertificate(folder: string, names: readonly string[]): ServerCertificate {
  const path = (name: string): string => join(folder, name)
  const openssl = (...args: readonly string[]): string => run('openssl', args, { cwd: folder })
  openssl('req', '-x509', ...newKey, '-days', '2', '-subj', '/CN=Test authority', '-keyout', 'ca.key', '-out', 'ca.pem')
  openssl('req', '-new', ...newKey, '-subj', '/CN=Test server', '-keyout', 'server.key', '-out', 'server.csr')
  writeFileSync(path('names'), `subjectAltName=${names.join(',')}\n`)
  const authority = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'names']
  openssl('x509', '-req', '-in', 'server.csr', ...authority, '-out', 'server.pem')
  return { authorityFile: path('ca.pem'), certificateFile: path('server.pem'), keyFile: path('server.key') }
}
