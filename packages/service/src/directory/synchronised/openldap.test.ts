/** A directory synchronised from a server that tells no changes: everything is compared at every run. */
import assert from 'node:assert/strict'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { after, before, suite, test } from 'node:test'
import { skipWithoutOpenLdap, startOpenLdap, type OpenLdap } from '../../../../../test/peers/openldap.ts'
import { synchroniseDirectory } from '../../administration/synchronise-directory.ts'
import { openAs, publishOffline, signUp } from '../../core/client.fixture.ts'
import { releaseAddress } from '../../administration/release-address.ts'
import { synchronisedOver, type SynchronisedTest } from './synchronised.fixture.ts'

const password = 'Pass-of-2-people'
/** More than a page. */
const crowd = Array.from({ length: 620 }, (_, index) => `p${index}`)
const accountOf = (name: string) => ({ name, mail: `${name}@lakeside.test`, password })

suite('a directory synchronised from OpenLDAP', { skip: skipWithoutOpenLdap }, () => {
  let server: OpenLdap
  let opened: SynchronisedTest
  before(async () => {
    const people = ['anna', 'ben', 'chief', 'eve', 'author', ...crowd].map(accountOf)
    const inner = { name: 'inner', members: ['anna', 'ben'] }
    server = await startOpenLdap({
      people,
      groups: [inner, { name: 'team', mail: 'team@lakeside.test', members: ['inner', 'p619'] }],
    })
    opened = await synchronisedOver(server)
    const { people: count, groups } = await opened.sync()
    assert.deepEqual([count, groups], [people.length, 1])
  })
  after(async () => {
    await opened.close()
    await server.stop()
  })

  const modify = (name: string, ...lines: readonly string[]): void =>
    server.change([`dn: ${server.dnOf(name)}`, 'changetype: modify', ...lines, ''].join('\n'))

  test('old documents open for the person who was renamed, and not for who was deleted, nor for who came after', async () => {
    const { cluster } = opened
    const named = { ...cluster, caller: (name: string) => opened.callerOf(`${name}@lakeside.test`) }
    const [author, anna, ben] = [await signUp(named, 'author'), await signUp(named, 'anna'), await signUp(named, 'ben')]
    const grantedTo = async (to: string): Promise<readonly string[]> =>
      (await publishOffline(named, author, { grants: [{ to, rights: ['VIEW'] }] })).chain
    const [forAnna, forBen] = [await grantedTo('anna@lakeside.test'), await grantedTo('ben@lakeside.test')]
    const { immutableId } = await opened.directory.explain('anna@lakeside.test')

    const renamed = server.dnOf('anna').replace('uid=anna', 'uid=Anna Berg')
    server.change(`dn: ${server.dnOf('anna')}\nchangetype: modrdn\nnewrdn: uid=Anna Berg\ndeleteoldrdn: 1\n`)
    server.change(`dn: ${renamed}\nchangetype: modify\nreplace: mail\nmail: anna.berg@lakeside.test\n`)
    server.change(`dn: ${server.dnOf('ben')}\nchangetype: delete\n`)
    const result = await opened.sync()
    assert.deepEqual(result.renamed, [{ from: 'anna@lakeside.test', to: 'anna.berg@lakeside.test' }])
    assert.deepEqual(result.deleted, ['ben@lakeside.test'])
    const { immutableId: found, addresses } = await opened.directory.explain('anna.berg@lakeside.test')
    assert.equal(found, immutableId)
    assert.deepEqual(addresses, ['anna.berg@lakeside.test', 'anna@lakeside.test'])
    await openAs(named, anna, forAnna)
    await assert.rejects(openAs(named, ben, forBen), { code: 'user-not-in-directory' })

    const newcomer = ['objectClass: inetOrgPerson', 'uid: ben', 'cn: Ben', 'sn: Ben', 'mail: ben@lakeside.test', '']
    server.change([`dn: ${server.dnOf('ben')}`, 'changetype: add', ...newcomer].join('\n'))
    assert.equal((await opened.sync()).waiting.length, 1)
    assert.equal(await opened.directory.findByAddress('ben@lakeside.test'), undefined)
    await releaseAddress(cluster.administration, { address: 'ben@lakeside.test' })
    await openAs(named, await signUp(named, 'ben'), forBen)
    await assert.rejects(openAs(named, ben, forBen), { code: 'user-not-in-directory' })
  })

  test('members are found by whatever spelling of their names, and on every page', async () => {
    const spelled = server.dnOf('chief').replace('uid=chief,ou=people', 'UID=Chief, OU=People')
    modify('inner', 'add: member', `member: ${spelled}`, 'member: uid=nobody,dc=elsewhere,dc=test')
    await opened.sync()
    for (const address of ['chief@lakeside.test', 'p619@lakeside.test', 'anna.berg@lakeside.test']) {
      const { user } = await opened.callerOf(address)
      assert.deepEqual(await opened.directory.groupsOf(user), ['team@lakeside.test'], address)
    }
  })

  test('an address that somebody gave himself is nobody’s (threat D2)', async () => {
    modify('eve', 'add: mailLocalAddress', 'mailLocalAddress: Chief@lakeside.test')
    assert.equal((await opened.sync()).contested[0]?.address, 'chief@lakeside.test')
    assert.deepEqual(
      opened.contests.map(({ name }) => name),
      ['chief@lakeside.test'],
    )
    assert.equal(await opened.directory.findByAddress('chief@lakeside.test'), undefined)
    modify('eve', 'delete: mailLocalAddress', 'mailLocalAddress: Chief@lakeside.test')
    assert.deepEqual((await opened.sync()).contested, [])
  })

  test('a base that shows only some is refused as a mass deletion', async () => {
    const { context, administration } = opened.cluster
    const counts = await context.store.synchronisedDirectory.counts()
    const other = await synchronisedOver(server, {}, { name: '127.0.0.1', baseDn: 'ou=groups,dc=lakeside,dc=test' })
    const { source } = other.cluster.administration.synchronisation
    const synchronisation = { ...administration.synchronisation, source }
    await assert.rejects(synchroniseDirectory({ ...administration, synchronisation }, {}), {
      code: 'directory-deletions-refused',
    })
    assert.deepEqual(await context.store.synchronisedDirectory.counts(), counts)
    await other.close()
  })

  test('a connection that is cut in the middle changes nothing, wherever it is cut', async () => {
    // As much as a whole run brings is more than any of these.
    for (const bytes of [4_000, 30_000, 90_000]) {
      const wire = await cutAfter(Number(new URL(server.secureUrl).port), bytes)
      const other = await synchronisedOver(server, { deletionsPercentMost: 100 }, { urls: [wire.url] })
      await assert.rejects(other.sync(), { code: 'directory-unavailable' }, `after ${bytes} bytes`)
      await assert.rejects(other.directory.findByAddress('author@lakeside.test'), { code: 'directory-unavailable' })
      assert.deepEqual(await other.cluster.context.store.synchronisedDirectory.entries(), [])
      assert.ok(wire.cut() > 0)
      await other.close()
      await wire.close()
    }
  })

  test('a password is checked at the server, and nowhere else', async () => {
    const word = Buffer.from(password)
    assert.equal((await opened.directory.verifyPassword('eve@lakeside.test', word))?.address, 'eve@lakeside.test')
    const other = await synchronisedOver(server, { passwords: false })
    await other.sync()
    assert.equal(await other.directory.verifyPassword('eve@lakeside.test', word), undefined)
    await other.close()
  })
})

/** A wire to a port of this machine that is cut when so many bytes have come back. */
async function cutAfter(port: number, bytes: number) {
  const sockets = new Set<Socket>()
  let cuts = 0
  const wire = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    let received = 0
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => undefined).on('close', () => [near, far].forEach((each) => each.destroy()))
    }
    near.pipe(far)
    far.on('data', (part: Buffer) => {
      received += part.length
      if (received <= bytes) near.write(part)
      else {
        cuts++
        near.destroy()
      }
    })
  })
  await new Promise<void>((resolve) => wire.listen(0, '127.0.0.1', resolve))
  return {
    url: `ldaps://127.0.0.1:${(wire.address() as AddressInfo).port}`,
    cut: () => cuts,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => wire.close(resolve))
    },
  }
}
