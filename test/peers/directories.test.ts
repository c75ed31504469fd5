/** The directory servers of the tests are what they claim to be, in the eyes of programs that are not ours. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { test } from 'node:test'
import { skipWithoutOpenLdap, startOpenLdap } from './openldap.ts'
import type { Organisation } from './people.ts'
import { environment, run, skipWithout } from './programs.ts'
import { skipWithoutSamba, startSamba } from './samba.ts'

const password = 'Pass-of-2-people'
const service = 'HTTP/rms.lakeside.test'
const lakeside: Organisation = {
  people: [
    { name: 'alice', displayName: 'Alice Örn', mail: 'alice@lakeside.test', aliases: ['al@lakeside.test'], password },
    { name: 'zoe', mail: 'zoe@lakeside.test', disabled: true, password },
    { name: 'svc-web', services: [service], password },
  ],
  groups: [{ name: 'staff', mail: 'staff@lakeside.test', members: ['alice'] }],
}

interface Account {
  readonly dn: string
  readonly password: string
}

function ldapsearch(url: string, caFile: string, who: Account, base: string, filter: string): string {
  const signIn = ['-H', url, '-D', who.dn, '-w', who.password]
  const env = { ...environment, LDAPTLS_CACERT: caFile }
  return run('ldapsearch', ['-x', '-LLL', '-o', 'ldif-wrap=no', ...signIn, '-b', base, filter], { env })
}

test('OpenLDAP knows the people, refuses the disabled, and can be changed', { skip: skipWithoutOpenLdap }, async () => {
  const server = await startOpenLdap(lakeside)
  try {
    const search = (who: Account): string =>
      ldapsearch(server.secureUrl, server.caFile, who, server.baseDn, '(mailLocalAddress=al@lakeside.test)')
    assert.match(search(server.reader), /^mail: alice@lakeside\.test$/m)
    assert.match(search({ dn: server.dnOf('alice'), password }), /^dn: uid=alice,/m)
    assert.throws(() => search({ dn: server.dnOf('zoe'), password }), /Invalid credentials/)
    server.change(`dn: ${server.dnOf('alice')}\nchangetype: modify\nreplace: mail\nmail: alice.oern@lakeside.test\n`)
    await server.restart()
    assert.match(search(server.reader), /^mail: alice\.oern@lakeside\.test$/m)
  } finally {
    await server.stop()
  }
})

test('Samba signs people in by LDAP, Kerberos and NTLM', { skip: skipWithoutSamba }, async (context) => {
  const domain = await startSamba(lakeside, { ntlm: true })
  const folder = mkdtempSync(join(tmpdir(), 'sealward-kerberos-'))
  try {
    for (const url of [domain.secureUrl, domain.catalogueUrl]) {
      const entry = ldapsearch(
        url,
        domain.caFile,
        domain.reader,
        domain.baseDn,
        '(proxyAddresses=smtp:al@lakeside.test)',
      )
      assert.match(entry, /^mail: alice@lakeside\.test$/m)
      assert.match(entry, /^memberOf: CN=staff,/m)
    }
    const skip = skipWithout(['kinit', 'kvno'])
    await context.test('a ticket of the domain fits the exported keytab', { skip }, () => {
      const cache = { KRB5_CONFIG: domain.kerberosConfigFile, KRB5CCNAME: `FILE:${join(folder, 'tickets')}` }
      const env = { ...environment, ...cache }
      run('kinit', ['alice'], { env, input: `${password}\n` })
      assert.match(run('kvno', ['-k', domain.exportKeytab(service), service], { env }), /keytab entry valid/)
      assert.throws(() => run('kinit', ['zoe'], { env, input: `${password}\n` }), /revoked/)
    })
    const ntlm = (word: string): string =>
      run(domain.ntlmAuth, ['--domain=CORP', '--username=alice', `--password=${word}`])
    assert.match(ntlm(password), /0x0\b/)
    assert.throws(() => ntlm('wrong'), /WRONG_PASSWORD/)
  } finally {
    await domain.stop()
    rmSync(folder, { recursive: true })
  }
})
