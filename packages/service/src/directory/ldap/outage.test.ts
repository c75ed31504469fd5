/** A server that is slow, gone, or not the one it should be: nobody's rights change by that (threats D4, D5). */
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { createServer as createTlsServer } from 'node:tls'
import { createServerCertificate } from '../../../../../test/peers/certificates.ts'
import { skipWithoutOpenLdap, startOpenLdap, type OpenLdap } from '../../../../../test/peers/openldap.ts'
import { connect } from './connection.ts'
import { directoryOver, type DirectoryOverServer } from '../servers.fixture.ts'

const password = 'Pass-of-2-people'
const anna = 'anna@lakeside.test'
/** More than a page, and more than the server gives without pages. */
const listCount = 620
const unavailable = { code: 'directory-unavailable' }

suite('a directory server that is in trouble', { skip: skipWithoutOpenLdap }, () => {
  let server: OpenLdap
  const opened: DirectoryOverServer[] = []
  const over = async (change: Parameters<typeof directoryOver>[1] = {}) => {
    const one = await directoryOver(server, change)
    opened.push(one)
    return one.directory
  }
  before(async () => {
    const people = ['anna', 'ben', 'deep', 'many'].map((name) => ({ name, mail: `${name}@lakeside.test`, password }))
    const staff = { name: 'staff', mail: 'staff@lakeside.test', members: ['anna'] }
    const nested = Array.from({ length: 34 }, (_, level) => ({
      name: `level${level}`,
      mail: `level${level}@lakeside.test`,
      members: [level === 0 ? 'deep' : `level${level - 1}`],
    }))
    const lists = Array.from({ length: listCount }, (_, index) => ({
      name: `list${index}`,
      mail: `list${index}@lakeside.test`,
      members: ['many'],
    }))
    server = await startOpenLdap({ people, groups: [staff, ...nested, ...lists] })
  })
  after(async () => {
    for (const { directory, close } of opened) {
      await directory.close()
      await close()
    }
    await server.stop()
  })

  test('is unavailable while it does not answer; what is known stays known, and the rest is asked again', async () => {
    for (const url of [server.secureUrl, server.url]) {
      const directory = await over({ timeoutSeconds: 2, source: { urls: [url] } })
      const known = await directory.findByAddress(anna)
      server.signal('SIGSTOP')
      assert.deepEqual(await directory.findByAddress(anna), known)
      await Promise.all([
        assert.rejects(directory.groupsOf(known!), unavailable),
        assert.rejects(directory.findByAddress('ben@lakeside.test'), unavailable),
        assert.rejects(directory.verifyPassword(anna, Buffer.from(password)), unavailable),
      ])
      server.signal('SIGCONT')
      assert.deepEqual(await directory.groupsOf(known!), ['staff@lakeside.test'])
      assert.equal((await directory.findByAddress('ben@lakeside.test'))?.address, 'ben@lakeside.test')
    }
  })

  test('is unavailable when it is killed in the middle of a request, and answers when it is back', async () => {
    const directory = await over()
    const known = await directory.findByAddress(anna)
    server.signal('SIGSTOP')
    const asked = directory.groupsOf(known!)
    const refused = assert.rejects(asked, unavailable)
    // The request is on its way to a server that will never read it.
    await new Promise((resolve) => setTimeout(resolve, 50))
    server.signal('SIGKILL')
    await refused
    await assert.rejects(directory.verifyPassword(anna, Buffer.from('wrong')), unavailable)
    await server.restart()
    assert.deepEqual(await directory.groupsOf(known!), ['staff@lakeside.test'])
  })

  test('is asked again on a new connection when it was restarted in between', async () => {
    for (const url of [server.secureUrl, server.url]) {
      const directory = await over({ source: { urls: [url] } })
      await directory.findByAddress(anna)
      await server.restart()
      assert.equal((await directory.findByAddress('ben@lakeside.test'))?.address, 'ben@lakeside.test')
    }
  })

  test('is not asked as a stranger on a connection that came back', async () => {
    const { caFile, reader } = server
    for (const [url, plaintext] of [
      [server.secureUrl, false],
      [server.url, false],
      [server.url, true],
    ] as const) {
      const connection = await connect({ url, caFile, plaintext, timeout: 3_000 }, reader)
      const ask = () => connection!.client.search(server.baseDn, { scope: 'base' })
      assert.equal((await ask()).searchEntries.length, 1)
      await server.restart()
      await assert.rejects(ask())
      assert.equal(connection!.isOpen(), false)
      await connection!.close()
    }
  })

  test('has another one beside it that answers instead', async () => {
    const gone = await listening(createServer((socket) => socket.destroy()))
    const directory = await over({ source: { urls: [`ldaps://127.0.0.1:${gone.port}`, server.secureUrl] } })
    assert.equal((await directory.findByAddress(anna))?.address, anna)
    await gone.close()
  })

  test('is never sent a password before it has proved who it is', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sealward-stranger-'))
    const { certificateFile, keyFile } = createServerCertificate(folder, ['IP:127.0.0.1'])
    const tls = { cert: await readFile(certificateFile), key: await readFile(keyFile) }
    const heard: Buffer[] = []
    const stranger = await listening(
      createTlsServer(tls, (socket) => socket.on('data', (part: Buffer) => heard.push(part))),
    )
    const encrypted = await over({ source: { urls: [`ldaps://127.0.0.1:${stranger.port}`] } })
    await assert.rejects(encrypted.verifyPassword(anna, Buffer.from(password)), unavailable)
    // A server that says it has no TLS (RFC 4511, 4.14.2: protocolError), as somebody in between would. Byte 4 is the
    // number of the message.
    const noTls = Buffer.from('300c02010178070a010204000400', 'hex')
    const plain = await listening(
      createServer((socket) =>
        socket.on('data', (part) => {
          heard.push(part)
          socket.write(noTls.with(4, part[4] ?? 0))
        }),
      ),
    )
    const unencrypted = await over({ source: { urls: [`ldap://127.0.0.1:${plain.port}`] } })
    await assert.rejects(unencrypted.verifyPassword(anna, Buffer.from(password)), unavailable)
    const all = Buffer.concat(heard).toString('latin1')
    assert.ok(all.includes('1.3.6.1.4.1.1466.20037'), 'it was asked for TLS')
    for (const secret of [password, server.reader.password, server.reader.dn]) assert.ok(!all.includes(secret))
    await Promise.all([stranger.close(), plain.close()])
    await rm(folder, { recursive: true })
  })

  test('is unavailable when its answer does not end', { timeout: 60_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sealward-endless-'))
    const { authorityFile, certificateFile, keyFile } = createServerCertificate(folder, ['IP:127.0.0.1'])
    const tls = { cert: await readFile(certificateFile), key: await readFile(keyFile) }
    let sent = 0
    const endless = await listening(
      createTlsServer(tls, (socket) => {
        const more = (): void => {
          do sent += 2 ** 20
          while (!socket.destroyed && socket.write(Buffer.alloc(2 ** 20)))
        }
        socket.on('error', () => undefined).on('drain', more)
        // A sequence of 2 GB.
        socket.once('data', () => socket.write(Buffer.from('30847fffffff', 'hex'), more))
      }),
    )
    const urls = [`ldaps://127.0.0.1:${endless.port}`]
    const directory = await over({ source: { urls, caFile: authorityFile } })
    await assert.rejects(directory.findByAddress(anna), unavailable)
    assert.ok(sent < 2 ** 26, `${sent} bytes were taken`)
    await endless.close()
    await rm(folder, { recursive: true })
  })

  test('gives more groups than it has on a page', async () => {
    const directory = await over()
    const many = await directory.findByAddress('many@lakeside.test')
    assert.equal(new Set(await directory.groupsOf(many!)).size, listCount)
  })

  test('is unavailable where groups are nested deeper than 32 levels: half an answer would be a wrong one', async () => {
    const directory = await over()
    const deep = await directory.findByAddress('deep@lakeside.test')
    await assert.rejects(directory.groupsOf(deep!), { code: 'directory-unavailable', detail: /deeper than 32/ })
    const dn = server.dnOf('level31')
    server.change(`dn: ${dn}\nchangetype: modify\nreplace: member\nmember: ${server.dnOf('ben')}\n`)
    assert.equal((await directory.groupsOf(deep!)).length, 31)
  })

  test('leads nobody to another server by a referral', async () => {
    let visits = 0
    const other = await listening(createServer(() => visits++))
    const lines = ['objectClass: referral', 'objectClass: extensibleObject', 'cn: away']
    const dn = `cn=away,ou=people,${server.baseDn}`
    const ref = `ref: ldap://127.0.0.1:${other.port}/${dn}`
    server.change([`dn: ${dn}`, 'changetype: add', ...lines, ref, ''].join('\n'))
    const directory = await over()
    assert.equal((await directory.findByAddress(anna))?.address, anna)
    assert.equal(await directory.findByAddress('away@lakeside.test'), undefined)
    assert.equal(visits, 0)
    await other.close()
  })

  test('is not asked without an account, and not in plain text but on this machine', async () => {
    for (const source of [{ bindDn: '' }, { passwordFile: '' }, { urls: [] }]) {
      await assert.rejects(over({ source }), { name: 'ZodError' })
    }
    for (const url of ['ldap://dc.lakeside.test', 'http://127.0.0.1', 'ldaps://user:word@dc.lakeside.test', 'dc']) {
      await assert.rejects(over({ source: { urls: [url], plaintext: true } }), { name: 'ZodError' }, url)
    }
    const directory = await over({ source: { passwordFile: 'no-such-file' } })
    await assert.rejects(directory.findByAddress(anna), unavailable)
  })
})

async function listening(server: Server): Promise<{ readonly port: number; close(): Promise<void> }> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { port, close: () => new Promise((resolve) => server.close(() => resolve())) }
}
