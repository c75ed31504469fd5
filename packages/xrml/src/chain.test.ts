import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import * as fc from 'fast-check'
import { checkLink, orderChain, validateChain } from './chain.ts'
import { mode1, mode2 } from './crypto/modes.ts'
import type { PublicKey } from './crypto/public-key.ts'
import { publicKeyFromModulus } from './crypto/public-key.ts'
import { chainLengthMost, parseXrml, type XrmlDocument } from './document.ts'
import { writePublicKey } from './elements/public-key.ts'
import { accountValidity, at, forever, guid, hierarchy, resigned } from './hierarchy.fixture.ts'
import { testKey, type TestKey } from './keys.fixture.ts'
import { refusal } from './refusal.fixture.ts'
import { signXrml } from './signature.ts'

const now = at('2020-06-01T00:00')
const { documents, keys } = await hierarchy(mode1)
const { authority, service, server, processor, machine, account, client, offline, online, use, ownerUse, template } =
  documents
const anchors = [keys.root.publicKey]
const above = [server, service, authority]

function validate(
  chain: readonly XrmlDocument[],
  options: { readonly anchors?: readonly PublicKey[]; readonly now?: Date } = {},
): readonly XrmlDocument[] {
  return validateChain({ documents: chain, anchors, now, ...options })
}

suite('accepts', () => {
  for (const mode of [mode1, mode2]) {
    test(`every chain of Mode ${mode.number}`, async () => {
      const built = await hierarchy(mode)
      const d = built.documents
      const top = [d.server, d.service, d.authority]
      for (const chain of [
        [d.machine, d.processor, d.authority],
        [d.account, ...top],
        [d.client, ...top],
        [d.online, ...top],
        [d.template, ...top],
        [d.use, ...top],
        [d.offline, d.client, ...top],
        [d.ownerUse, d.client, ...top],
        top,
        [d.authority],
      ]) {
        validateChain({ documents: chain, anchors: [built.keys.root.publicKey], now })
      }
    })
  }

  test('a chain that ends early, below a key that is an anchor itself', () => {
    validate([online], { anchors: [keys.server.publicKey] })
    validate([offline, client], { anchors: [keys.server.publicKey] })
    validate([account, server], { anchors: [keys.service.publicKey, keys.root.publicKey] })
  })

  test('whatever stands above an anchor', async () => {
    const rest = await resigned(service, keys.client, (body) => body.replace('MS-DRM-Server', 'X'))
    validate([online, rest, machine], { anchors: [keys.server.publicKey] })
  })
})

const issuedOn = (time: string) =>
  resigned(account, keys.server, (body) => body.replace('<ISSUEDTIME>2020-05-04T08:15', `<ISSUEDTIME>${time}`))

suite('refuses, by the rules of path validation:', () => {
  test('a damaged document anywhere in the chain', () => {
    const chain = [offline, client, ...above]
    for (const [index, document] of chain.entries()) {
      const text = document.text.replace('2020-05-04T08:15', '2020-05-04T08:16')
      const damaged = chain.with(index, parseXrml(text))
      assert.throws(() => validate(damaged), refusal('xrml-digest-mismatch'), `document ${index}`)
    }
  })

  test('a signature by another key anywhere in the chain', async () => {
    const chain = [offline, client, ...above]
    for (const [index, document] of chain.entries()) {
      const key = await testKey('forger', index === chain.length - 1 ? 2048 : 1024)
      const text = await signXrml({ body: document.bodyText, key: key.handle, hash: 'sha1', order: 'server' })
      assert.throws(
        () => validate(chain.with(index, parseXrml(text))),
        refusal('xrml-signature-invalid'),
        `document ${index}`,
      )
    }
  })

  test('an unsigned document', () => {
    const unsigned = parseXrml(account.text.replace(/<SIGNATURE>.*<\/SIGNATURE>/, ''))
    assert.throws(() => validate([unsigned, ...above]), refusal('xrml-not-signed'))
  })

  test('an issuer whose principal has another key', async () => {
    const forger = await testKey('forger', 1024)
    const forged = await resigned(account, forger, (body) =>
      body.replace(/(<ISSUER>.*?)<PUBLICKEY>.*?<\/PUBLICKEY>/, `$1${writePublicKey(forger.publicKey)}`),
    )
    assert.throws(() => validate([forged, ...above]), refusal('chain-not-linked'))
  })

  test('an issuer whose principal has the same key under another name', async () => {
    const cases = [
      ['type', 'MS-DRM-Server">', 'MS-DRM-Server2">'],
      ['identifier type', 'type="MS-GUID"', 'type="ascii-tag"'],
      ['identifier', guid('4'), guid('5')],
    ] as const
    for (const [name, from, to] of cases) {
      const renamed = await resigned(account, keys.server, (body) =>
        body.replace(/<ISSUER>.*<\/ISSUER>/, (issuer) => issuer.replace(from, to)),
      )
      assert.throws(() => validate([renamed, ...above]), refusal('chain-not-linked'), name)
    }
  })

  test('but not another spelling of the same GUID', async () => {
    const spelled = await resigned(account, keys.server, (body) =>
      body.replace(/<ISSUER>.*<\/ISSUER>/, (issuer) => issuer.replace('-a444-', '-A444-')),
    )
    validate([spelled, ...above])
  })

  test('a certificate that is left out, repeated or moved', () => {
    assert.throws(() => validate([account, service, authority]), refusal('chain-not-linked'))
    assert.throws(() => validate([account, server, server, service, authority]), refusal('chain-not-linked'))
    assert.throws(() => validate([account, service, server, authority]), refusal('chain-not-linked'))
    assert.throws(() => validate([account, server, service]), refusal('chain-anchor-untrusted'))
    assert.throws(() => validate([]), refusal('chain-not-linked'))
  })

  test('an issuer without the right to issue', async () => {
    const without = await resigned(server, keys.service, (body) => body.replace('name="ISSUE"', 'name="VIEW"'))
    assert.throws(() => validate([account, without, service, authority]), refusal('chain-issuer-not-entitled'))
  })

  test('a document issued outside the range of its issuer, which is half-open', async () => {
    for (const [time, fits] of [
      ['2009-12-31T23:59', false],
      ['2010-01-01T00:00', true],
      ['2249-12-31T23:59', true],
      ['2250-01-01T00:00', false],
    ] as const) {
      const chain = [await issuedOn(time), ...above]
      if (fits) validate(chain)
      else assert.throws(() => validate(chain), refusal('chain-issued-outside-range'), time)
    }
  })

  test('a document outside its validity, which is half-open; the range of issuers is not compared with the present', async () => {
    for (const [time, fits] of [
      [accountValidity.from.getTime() - 1, false],
      [accountValidity.from.getTime(), true],
      [accountValidity.until.getTime() - 1, true],
      [accountValidity.until.getTime(), false],
    ] as const) {
      const check = () => validate([account, ...above], { now: new Date(time) })
      if (fits) check()
      else assert.throws(check, refusal('validity-time-over'), String(time))
    }
    const ended = await resigned(server, keys.service, (body) => body.replace('2250-01-01', '2020-05-05'))
    validate([account, ended, service, authority], { now: at('2021-01-01T00:00') })
    validate([client, ...above], { now: at('2300-01-01T00:00') })
    assert.ok(forever.until < at('2300-01-01T00:00'))
  })

  test('an issuer outside its own validity, if it has one', async () => {
    const validity = '<VALIDITYTIME><FROM>2020-01-01T00:00</FROM><UNTIL>2020-05-31T00:00</UNTIL></VALIDITYTIME>'
    const limited = await resigned(server, keys.service, (body) =>
      body.replace('<DESCRIPTOR>', `${validity}<DESCRIPTOR>`),
    )
    assert.throws(() => validate([account, limited, service, authority]), refusal('validity-time-over'))
    validate([account, limited, service, authority], { now: at('2020-05-30T23:59') })
  })

  test('a root that is no anchor, even one of the same name', async () => {
    const stranger = await testKey('stranger', 2048)
    for (const other of [[], [stranger.publicKey], [keys.authority.publicKey].slice(1)]) {
      assert.throws(() => validate([account, ...above], { anchors: other }), refusal('chain-anchor-untrusted'))
    }
    const forged = await resigned(
      authority,
      stranger,
      (body) => body.replace(/(<ISSUER>.*?)<PUBLICKEY>.*?<\/PUBLICKEY>/, `$1${writePublicKey(stranger.publicKey)}`),
      'sha1',
    )
    assert.throws(() => validate([forged]), refusal('chain-anchor-untrusted'))
  })

  test('a chain that is longer than any', () => {
    assert.throws(() => validate(Array.from({ length: chainLengthMost + 1 }, () => server)), refusal('chain-too-long'))
  })
})

/** A document of the chain signed again with another hash, its links unchanged. */
async function hashed(document: XrmlDocument, key: TestKey, hash: 'sha1' | 'sha256'): Promise<XrmlDocument> {
  return parseXrml(await signXrml({ body: document.bodyText, key: key.handle, hash, order: 'server' }))
}

suite('refuses mixed cryptographic modes:', () => {
  test('two hashes in one chain', async () => {
    const mixed = await hashed(account, keys.server, 'sha256')
    assert.throws(() => validate([mixed, ...above]), refusal('cryptographic-mode-mismatch'))
  })

  test('SHA-256 over keys of 1024 bits', async () => {
    const chain = [await hashed(account, keys.server, 'sha256'), await hashed(server, keys.service, 'sha256')]
    assert.throws(() => validate(chain, { anchors: [keys.service.publicKey] }), refusal('cryptographic-mode-mismatch'))
  })

  test('SHA-1 over keys of 2048 bits', async () => {
    const two = await hierarchy(mode2)
    const chain = [
      await hashed(two.documents.account, two.keys.server, 'sha1'),
      await hashed(two.documents.server, two.keys.service, 'sha1'),
    ]
    assert.throws(
      () => validate(chain, { anchors: [two.keys.service.publicKey] }),
      refusal('cryptographic-mode-mismatch'),
    )
    const own = [await hashed(two.documents.server, two.keys.service, 'sha1')]
    assert.throws(
      () => validate(own, { anchors: [two.keys.service.publicKey] }),
      refusal('cryptographic-mode-mismatch'),
    )
  })

  test('but not 2048 bits above the server, or for a machine, in Mode 1', async () => {
    const large = await testKey('large service', 2048)
    const withKey = (body: string): string =>
      body.replace(/(<PRINCIPAL.*?)<PUBLICKEY>.*?<\/PUBLICKEY>/, `$1${writePublicKey(large.publicKey)}`)
    const largeService = await resigned(service, keys.authority, withKey)
    const body = server.bodyText.replace(
      /(<ISSUER>.*?)<PUBLICKEY>.*?<\/PUBLICKEY>/,
      `$1${writePublicKey(large.publicKey)}`,
    )
    const below = parseXrml(await signXrml({ body, key: large.handle, hash: 'sha1', order: 'server' }))
    validate([account, below, largeService, authority])
    const largeMachine = await resigned(machine, keys.processor, withKey)
    validate([largeMachine, processor, authority])
  })

  test('keys of other sizes', async () => {
    const modulus = Buffer.from((await testKey('large service', 2048)).publicKey.modulus)
    const odd = publicKeyFromModulus(
      modulus
        .fill(modulus.readUInt8(0) | 0x80, 0, 1)
        .subarray(0, 192)
        .fill(1, 191),
    )
    const largeMachine = await resigned(machine, keys.processor, (body) =>
      body.replace(/(<PRINCIPAL.*?)<PUBLICKEY>.*?<\/PUBLICKEY>/, `$1${writePublicKey(odd)}`),
    )
    assert.equal(odd.bits, 1536)
    assert.throws(() => validate([largeMachine, processor, authority]), refusal('cryptographic-mode-mismatch'))
  })
})

/** Object and key of the principal that a document certifies. */
function principalOf(document: XrmlDocument): string {
  return /<ISSUEDPRINCIPALS><PRINCIPAL[^>]*>(<OBJECT.*?<\/PUBLICKEY>)/.exec(document.bodyText)?.[1] ?? ''
}

/** The document as if the issuer's principal had issued it; the signature is not what is tested here. */
function issuedBy(document: XrmlDocument, issuer: XrmlDocument): Promise<XrmlDocument> {
  return resigned(document, keys.server, (body) =>
    body
      .replace(/<ISSUER>.*<\/ISSUER>/, `<ISSUER>${principalOf(issuer)}</ISSUER>`)
      .replace('<ISSUEDTIME>', '<ODD /><ISSUEDTIME>'),
  )
}

suite('X6: who may stand above whom', () => {
  const kinds = { authority, server, processor, machine, account, client, publishing: online, use, template } as const
  type Kind = keyof typeof kinds
  const allowed: Readonly<Record<Kind, readonly Kind[]>> = {
    authority: ['authority'],
    server: ['authority', 'server'],
    processor: ['authority', 'server', 'processor'],
    machine: ['server', 'processor'],
    account: ['server'],
    client: ['server'],
    publishing: ['server', 'client'],
    use: ['server', 'client'],
    template: ['server'],
  }
  const work = /<WORK>.*<\/WORK>/.exec(server.bodyText)?.[0] ?? ''

  /** The document with a right to issue, whatever it is, for the key given. */
  function entitled(document: XrmlDocument): Promise<XrmlDocument> {
    return resigned(document, keys.server, (body) => {
      const issued = body.includes('<ISSUEDPRINCIPALS>')
        ? body
        : body.replace(
            '<WORK>',
            `<ISSUEDPRINCIPALS>${/<PRINCIPAL.*<\/PRINCIPAL>/.exec(server.bodyText)?.[0] ?? ''}</ISSUEDPRINCIPALS><WORK>`,
          )
      return `${issued.replace(/<WORK>.*<\/WORK>/, '').replace('</BODY>', '')}${work}</BODY>`.replace(
        '<ISSUEDTIME>',
        '<ODD /><ISSUEDTIME>',
      )
    })
  }

  for (const leaf of Object.keys(kinds) as Kind[]) {
    test(`above ${leaf}: ${allowed[leaf].join(', ')}, and no other`, async () => {
      for (const kind of Object.keys(kinds) as Kind[]) {
        const issuer = await entitled(kinds[kind])
        const document = await issuedBy(kinds[leaf], issuer)
        assert.equal(issuer.type, kinds[kind].type)
        if (allowed[leaf].includes(kind)) checkLink(document, issuer)
        else assert.throws(() => checkLink(document, issuer), refusal('chain-issuer-not-entitled'), kind)
      }
    })
  }

  test('no permutation of the documents forms another chain than the real ones', () => {
    const names = ['offline', 'client', 'account', 'use', 'template', 'server', 'service', 'authority'] as const
    const top = 'server service authority'
    const real = [`offline client ${top}`, `client ${top}`, `account ${top}`, `use ${top}`, `template ${top}`, top]
    const chains = new Set([...real, 'service authority', 'authority'])
    fc.assert(
      fc.property(fc.shuffledSubarray([...names], { minLength: 1 }), (chain) => {
        const texts = chain.map((name) => documents[name])
        // The root is the anchor, so nothing above the authority is asked.
        const asked = chain.slice(0, chain.indexOf('authority') + 1 || chain.length + 1)
        if (chains.has(asked.join(' '))) assert.deepEqual(validate(texts), texts.slice(0, asked.length))
        else {
          const codes = ['chain-not-linked', 'chain-issuer-not-entitled', 'chain-anchor-untrusted'] as const
          assert.throws(() => validate(texts), refusal(...codes))
        }
      }),
      { numRuns: 500 },
    )
  })
})

suite('order of a chain', () => {
  const serialized = [offline, client, ownerUse, client, server, service, authority]

  test('is found in the order of the Windows client', () => {
    assert.deepEqual(orderChain(serialized), [offline, client, server, service, authority])
    validate(orderChain(serialized))
  })

  test('is found in any order behind the leaf', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([1, 2, 3, 4, 5, 6], { minLength: 6 }), (order) => {
        const stored = [offline, ...order.map((index) => serialized[index]!)]
        assert.deepEqual(orderChain(stored), [offline, client, server, service, authority])
      }),
      { numRuns: 50 },
    )
  })

  test('ends where the issuer is missing', () => {
    assert.deepEqual(orderChain([offline, server, service]), [offline])
    assert.deepEqual(orderChain([]), [])
  })

  test('ends although two certificates certify each other', async () => {
    const circle = await resigned(service, keys.server, (body) =>
      body.replace(/<ISSUER>.*<\/ISSUER>/, `<ISSUER>${principalOf(server)}</ISSUER>`),
    )
    assert.deepEqual(orderChain([server, circle]), [server, circle])
    assert.throws(() => validate([server, circle]), refusal('chain-anchor-untrusted'))
  })
})
