/**
 * Windows accounts reach Certify (MS-RMPR 3.1.4.3): clients that others wrote sign in with Kerberos and NTLM, a domain
 * controller of Samba says who they are, and the certificate names the right person. Whoever is not to get one does not.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { after, before, suite, test } from 'node:test'
import { readSoapAnswer } from '@sealward/protocol'
import { parseAccountCertificate, parseXrml } from '@sealward/xrml'
import { skipWithout } from '../peers/programs.ts'
import { skipWithoutSamba, startSamba, type SambaDomain } from '../peers/samba.ts'
import { lakeside, openWindowsService, password, type Answer, type WindowsService } from './windows-service.ts'

const skip = skipWithoutSamba || skipWithout(['curl', 'kinit', 'ldapsearch'])

let domain: SambaDomain
let service: WindowsService

before(async () => {
  if (skip !== false) return
  domain = await startSamba(lakeside, { ntlm: true })
  service = await openWindowsService(domain, { ntlm: true })
})
after(async () => {
  if (skip !== false) return
  await service.close()
  await domain.stop()
})

/** The certificate is for that person and for nobody else. */
function assertCertified(answer: Answer, name: string): void {
  assert.equal(answer.status, 200, answer.body)
  const read = readSoapAnswer('Certify', Buffer.from(answer.body))
  assert.ok(read.kind === 'response')
  const account = parseAccountCertificate(parseXrml(read.response.certificateChain[0] ?? ''))
  assert.deepEqual([...account.addresses], [`${name}@lakeside.test`])
  assert.ok(read.response.certificateChain[0]?.includes(`<ID type="Windows">${service.sids.get(name)}</ID>`))
}

async function assertRefused(answer: Answer, detail: RegExp, by = service): Promise<void> {
  assert.equal(answer.status, 401, answer.body)
  assert.match(answer.body, /System\.UnauthorizedAccessException/)
  assert.match(await by.logLine(answer), detail)
}

function ntlm(name: string, word: string): Promise<Answer> {
  return service.curl(name, '--ntlm', '--user', `CORP\\${name}:${word}`)
}

function basic(word: string): Promise<Answer> {
  return service.curl('alice', '--basic', '--user', `alice@lakeside.test:${word}`)
}

const schemes = (answer: Answer): readonly (string | undefined)[] => answer.challenges.map((text) => text.split(' ')[0])

suite('Kerberos', { skip }, () => {
  test('both Windows schemes are offered, a line for each', async () => {
    const answer = await service.certify(service.agent())
    assert.equal(answer.status, 401)
    assert.deepEqual(answer.challenges, ['Negotiate', 'NTLM', 'Basic realm="Sealward", charset="UTF-8"'])
  })

  test('a ticket certifies its owner, and the service proves itself too', async () => {
    for (const name of ['alice', 'bob']) {
      service.signIn(name)
      const answer = await service.curl(name, '--negotiate', '--user', ':')
      assertCertified(answer, name)
      assert.match(answer.challenges[0] ?? '', /^Negotiate [A-Za-z0-9+/]{40,}/)
    }
  })

  test('a ticket that was used is refused, also in another wrapping', async () => {
    service.signIn('alice')
    const { sent } = await service.curl('alice', '--negotiate', '--user', ':')
    const token = /^> Authorization: Negotiate (\S+)\r?$/m.exec(sent)?.[1] ?? ''
    for (const replayed of [token, rewrapped(Buffer.from(token, 'base64')).toString('base64')]) {
      const answer = await service.certify(service.agent(), { authorization: `Negotiate ${replayed}` })
      await assertRefused(answer, /the ticket was used before/)
    }
  })

  test('a ticket with a changed character is refused', async () => {
    service.signIn('alice')
    const { sent } = await service.curl('alice', '--negotiate', '--user', ':')
    const token = Buffer.from(/^> Authorization: Negotiate (\S+)\r?$/m.exec(sent)?.[1] ?? '', 'base64')
    const last = token.length - 1
    token[last] = (token[last] ?? 0) ^ 1
    await assertRefused(
      await service.certify(service.agent(), { authorization: `Negotiate ${token.toString('base64')}` }),
      /NT_STATUS_/,
    )
  })

  test('who is disabled in the directory or has no address gets nothing', async () => {
    service.signIn('dora')
    assertCertified(await service.curl('dora', '--negotiate', '--user', ':'), 'dora')
    // Her ticket for the service is good for hours; the directory knows better.
    domain.change(
      `dn: ${domain.dnOf('dora')}\nchangetype: modify\nreplace: userAccountControl\nuserAccountControl: 514\n`,
    )
    await assertRefused(await service.curl('dora', '--negotiate', '--user', ':'), /the account is disabled/)
    service.signIn('max')
    const answer = await service.curl('max', '--negotiate', '--user', ':')
    assert.equal(answer.status, 500)
    assert.match(answer.body, /ADEntrySearchFailedException/)
    assert.throws(() => service.signIn('zoe'), /revoked/)
  })
})

suite('NTLM', { skip }, () => {
  test('a password certifies its owner', async () => {
    assertCertified(await ntlm('alice', password), 'alice')
    assertCertified(await ntlm('bob', password), 'bob')
  })

  test('wrong and empty passwords, disabled people and people without address get nothing', async () => {
    await assertRefused(await ntlm('alice', 'wrong'), /NT_STATUS_/)
    await assertRefused(await ntlm('alice', ''), /NT_STATUS_/)
    await assertRefused(await ntlm('zoe', password), /NT_STATUS_/)
    await assertRefused(await ntlm('dora', password), /NT_STATUS_/)
    assert.match((await ntlm('max', password)).body, /ADEntrySearchFailedException/)
  })

  for (const [scheme, protocol] of [
    ['NTLM', 'ntlmssp-client-1'],
    ['Negotiate', 'ntlmssp-client-1'],
    ['Negotiate', 'gss-spnego-client'],
  ] as const) {
    test(`${scheme} by ${protocol} signs in one connection and no other`, async () => {
      const client = ntlmClient(protocol, 'bob')
      const [own, other] = [service.agent(), service.agent()]
      const first = await service.certify(own, { authorization: `${scheme} ${await client.next()}` })
      assert.equal(first.status, 401)
      const [, challenge = ''] = first.challenges[0]?.split(' ') ?? []
      assert.deepEqual([first.challenges.length, schemes(first)[0]], [1, scheme])
      const authorization = `${scheme} ${await client.next(challenge)}`
      await assertRefused(await service.certify(other, { authorization }), /no sign-in was begun on this connection/)
      assertCertified(await service.certify(own, { authorization }), 'bob')
      assertCertified(await service.certify(own), 'bob')
      assert.equal((await service.certify(other)).status, 401)
      await assertRefused(await service.certify(own, { authorization }), /no sign-in was begun on this connection/)
      client.end()
    })
  }

  test('a connection that a proxy shares among clients is not signed in', async () => {
    const forwarded = { 'x-forwarded-for': '192.0.2.1' }
    const offered = await service.certify(service.agent(), forwarded)
    assert.deepEqual(schemes(offered), ['Negotiate', 'Basic'])
    for (const scheme of ['NTLM', 'Negotiate']) {
      const client = ntlmClient('ntlmssp-client-1', 'bob')
      const headers = { ...forwarded, authorization: `${scheme} ${await client.next()}` }
      await assertRefused(await service.certify(service.agent(), headers), /not offered here|not shared/)
      client.end()
    }
  })

  test('is refused in every form where it is switched off', async () => {
    const off = await openWindowsService(domain, { ntlm: false })
    try {
      assert.deepEqual(schemes(await off.certify(off.agent())), ['Negotiate', 'Basic'])
      for (const protocol of ['ntlmssp-client-1', 'gss-spnego-client'] as const) {
        const client = ntlmClient(protocol, 'bob')
        const token = await client.next()
        for (const scheme of ['NTLM', 'Negotiate']) {
          const answer = await off.certify(off.agent(), { authorization: `${scheme} ${token}` })
          assert.deepEqual([answer.status, schemes(answer)], [401, ['Negotiate', 'Basic']])
        }
        client.end()
      }
      off.signIn('bob')
      assertCertified(await off.curl('bob', '--negotiate', '--user', ':'), 'bob')
    } finally {
      await off.close()
    }
  })
})

test('NTLM that is bound to no channel is refused where binding is required', { skip }, async () => {
  const bound = await openWindowsService(domain, { ntlm: true, ntlmChannelBinding: 'required' })
  try {
    const answer = await bound.curl('bob', '--ntlm', '--user', `CORP\\bob:${password}`)
    await assertRefused(answer, /NTLM without channel binding/, bound)
  } finally {
    await bound.close()
  }
})

test('Basic over TLS certifies too, but not with an empty password', { skip }, async () => {
  assertCertified(await basic(password), 'alice')
  await assertRefused(await basic(''), /"code":"credentials-refused"/)
})

/** Samba's own client, a line for each message. */
function ntlmClient(protocol: 'ntlmssp-client-1' | 'gss-spnego-client', name: string) {
  const who = ['--domain=CORP', `--username=${name}`, `--password=${password}`]
  const client = spawn(domain.ntlmAuth, [`--helper-protocol=${protocol}`, ...who], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const lines = createInterface({ input: client.stdout })[Symbol.asyncIterator]()
  return {
    async next(challenge?: string): Promise<string> {
      client.stdin.write(challenge === undefined ? 'YR\n' : `TT ${challenge}\n`)
      const { value } = await lines.next()
      return String(value).split(' ')[1] ?? ''
    },
    end: () => void client.kill('SIGKILL'),
  }
}

/** The same ticket in SPNEGO that offers one mechanism more. */
function rewrapped(token: Buffer): Buffer {
  const another = Buffer.from('060a2b06010401823702020a', 'hex')
  const kerberos = Buffer.from('06092a864886f712010202', 'hex')
  const at = token.indexOf(kerberos)
  const list = der(0xa0, der(0x30, Buffer.concat([kerberos, another])))
  const mechanism = token.subarray(at + kerberos.length)
  return der(
    0x60,
    Buffer.concat([Buffer.from('06062b0601050502', 'hex'), der(0xa0, der(0x30, Buffer.concat([list, mechanism])))]),
  )
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}
