/** A certificate of this machine is shown to the hosts for which it is meant, and to no other. */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { getCACertificates, setDefaultCACertificates, type TLSSocket } from 'node:tls'
import { createAuthority } from '../../../test/peers/authority.ts'
import { createServerCertificate } from '../../../test/peers/certificates.ts'
import { skipWithout } from '../../../test/peers/programs.ts'
import { createTransport, type Transport, type TransportOptions } from './transport.ts'

suite('a certificate of this machine', { skip: skipWithout(['openssl']) }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'sealward-shown-'))
  const usual = getCACertificates('default')
  const servers: Server[] = []
  let pair: { readonly certificate: string; readonly key: string }
  let host: string
  let other: string
  /** Who showed what, by request. */
  const seen: string[] = []

  before(async () => {
    const { certificateFile, keyFile, authorityFile } = createServerCertificate(folder, ['IP:127.0.0.1'])
    setDefaultCACertificates([...usual, readFileSync(authorityFile, 'utf8')])
    const { cert, key } = createAuthority(folder, '/CN=Machines').issue({ subject: '/CN=files01' })
    pair = { certificate: cert, key }
    const own = { cert: readFileSync(certificateFile), key: readFileSync(keyFile) }
    host = await listen(own)
    other = await listen(own)
  })
  after(() => {
    setDefaultCACertificates(usual)
    for (const server of servers) {
      server.close()
      server.closeAllConnections()
    }
    rmSync(folder, { recursive: true })
  })

  async function listen(own: object): Promise<string> {
    const server = createServer({ ...own, requestCert: true, rejectUnauthorized: false }, (request, answer) => {
      seen.push((request.socket as TLSSocket).getPeerX509Certificate()?.subject ?? 'nothing')
      let body = ''
      request.setEncoding('utf8').on('data', (part: string) => (body += part))
      request.on('end', () => {
        if (request.url === '/half') answer.write('half')
        if (request.url === '/half' || request.url === '/silent') return
        if (request.url === '/elsewhere') answer.writeHead(302, { location: 'https://127.0.0.1/' })
        answer.end(request.url === '/long' ? 'x'.repeat(2_000) : body)
      })
    })
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return `127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  const transport = (more: Partial<TransportOptions> = {}): Transport =>
    createTransport({ allowedHosts: [host, other], certificate: { ...pair, hosts: new Set([host]) }, ...more })

  const to = (path: string) => ({ method: 'GET', url: `https://${host}${path}` }) as const

  test('is shown where it is meant, also with a body, and the connection is kept', async () => {
    const shown = transport()
    const sent = { method: 'POST', url: `https://${host}/`, body: 'grüße' } as const
    for (let count = 0; count < 2; count++) {
      const answer = await shown.send(sent)
      assert.deepEqual([answer.status, Buffer.from(answer.body).toString()], [200, 'grüße'])
    }
    assert.deepEqual(seen.splice(0), ['CN=files01', 'CN=files01'])
  })

  test('is shown to nobody else', async () => {
    const shown = transport()
    assert.equal((await shown.send({ method: 'GET', url: `https://${other}/` })).status, 200)
    assert.deepEqual(seen.splice(0), ['nothing'])
    await assert.rejects(shown.send({ method: 'GET', url: 'https://127.0.0.1:1/' }), {
      code: 'service-host-not-allowed',
    })
  })

  test('changes no limit: time, size, redirects, trust', async () => {
    for (const path of ['/silent', '/half']) {
      const late = { code: 'service-unreachable', detail: 'no answer in time' }
      await assert.rejects(transport({ timeoutMilliseconds: 300 }).send(to(path)), late, path)
    }
    await assert.rejects(transport({ answerBytesMost: 1_000 }).send(to('/long')), { code: 'service-answer-refused' })
    await assert.rejects(transport().send(to('/elsewhere')), { code: 'service-answer-refused' })
    setDefaultCACertificates(usual)
    await assert.rejects(transport().send(to('/')), { code: 'service-unreachable' })
  })
})
