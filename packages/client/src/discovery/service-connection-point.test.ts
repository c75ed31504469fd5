/** A password of a forest crosses only the connection that was verified (RFC 4513, 3.1.1; threat D4). */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { TLSSocket } from 'node:tls'
import { test } from 'node:test'
import { createServerCertificate } from '../../../../test/peers/certificates.ts'
import { skipWithout } from '../../../../test/peers/programs.ts'
import { findConnectionPoints } from './service-connection-point.ts'

const skip = skipWithout(['openssl'])

test('a connection that ends behind StartTLS is not opened again in plain text', {
  skip,
  timeout: 60_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sealward-forest-'))
  const { authorityFile, certificateFile, keyFile } = createServerCertificate(folder, ['IP:127.0.0.1'])
  const tls = { isServer: true, cert: readFileSync(certificateFile), key: readFileSync(keyFile) }
  const received: Buffer[] = []
  let visits = 0
  const server = createServer((socket) => {
    visits++
    socket.on('error', () => undefined)
    socket.once('data', (request) => {
      received.push(request)
      if (visits > 1) return void socket.destroy()
      // The answer to the extended request, with its message number (RFC 4511, 4.14.2).
      socket.write(Buffer.from(`300c0201${request.subarray(4, 5).toString('hex')}78070a010004000400`, 'hex'))
      const secure = new TLSSocket(socket, tls)
      secure.on('error', () => undefined).once('secure', () => secure.end())
      secure.resume()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  let encrypted = false
  try {
    const asking = findConnectionPoints({
      servers: [`ldap://127.0.0.1:${(server.address() as AddressInfo).port}`],
      caFile: authorityFile,
      account: 'reader@corp.test',
      timeoutMilliseconds: 4_000,
      // Asked for behind StartTLS: meanwhile the client sees the end.
      password: async () => {
        encrypted = true
        await setTimeout(500)
        return 'correct horse'
      },
    })
    await assert.rejects(asking, { code: 'directory-unavailable' })
    assert.ok(encrypted)
    assert.equal(visits, 1)
    assert.ok(!Buffer.concat(received).includes('correct horse'))
  } finally {
    server.close()
    rmSync(folder, { recursive: true })
  }
})
