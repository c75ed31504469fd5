/** Sign-in with the certificate of a connection, over real TLS: who is believed, at which doors, and who is not (threat P15). */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { Agent } from 'node:https'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { writeSoapCall } from '@sealward/protocol'
import { createAuthority, type Authority, type Wanted } from '../../../../test/peers/authority.ts'
import { run, skipWithout } from '../../../../test/peers/programs.ts'
import { admit } from '../administration/admission.ts'
import { adminTokens } from './admin/tokens.ts'
import { declaredRoutes } from './audience.ts'
import { ask, machineClock, rest, soap, trustMachines } from './client-certificates.fixture.ts'
import type { Answer, Asked, Shown, Trusting } from './client-certificates.fixture.ts'
import { startServer, type HttpInput, type RunningServer } from './server.ts'
import { openTestOrganisation, type TestOrganisation } from './test-organisation.ts'

const skip = skipWithout(['openssl'])
const day = 86_400_000
const mail: Wanted = { subject: '/O=Lakeside/CN=mail01', names: ['DNS:mail01.lakeside.test'] }

let organisation: TestOrganisation
let trusting: Trusting
let server: RunningServer
let mailServer: Shown
const running: RunningServer[] = []

before(async () => {
  if (skip !== false) return
  organisation = await openTestOrganisation()
  trusting = trustMachines()
  mailServer = trusting.machines.issue(mail)
  server = await start()
})
after(async () => {
  if (skip !== false) return
  for (const each of running) await each.close()
  await trusting.close()
  await organisation.close()
})

async function start(changes: Partial<HttpInput> = {}, clock = machineClock): Promise<RunningServer> {
  const started = await startServer({ ...trusting.settings(organisation, clock), ...changes })
  running.push(started)
  return started
}

const send = (shown: Shown | undefined, asked: Asked = {}, to = server): Promise<Answer> =>
  ask(to, organisation.logged, shown, asked)

function requireRefused(answer: Answer, door: 'rest' | 'soap', code = 'client-certificate-refused'): void {
  assert.equal(answer.status, 401, answer.body)
  assert.equal(answer.code, code)
  assert.match(answer.challenges.join(), door === 'rest' ? /^Bearer / : /^Basic /)
  assert.match(answer.body, door === 'rest' ? /\.UnauthorizedException"/ : /System\.UnauthorizedAccessException/)
  assert.ok(answer.body.includes(`[${code}]`))
  assert.equal(/mail01|CN=|no entry|OpenSSL/i.test(answer.body), false, 'the reason is for the log')
}

suite('an accepted certificate', { skip }, () => {
  test('is the account of its entry, over REST and SOAP', async () => {
    const answer = await send(mailServer)
    assert.equal(answer.status, 200)
    assert.match(answer.body, /Lakeside Confidential/)
    const asked = await precertify('carol@lakeside.example')
    assert.equal(asked.code, 'endpoint-closed')
    const administration = { ...organisation.context, actor: 'test' }
    const { directory } = organisation.context
    await admit(administration, { door: 'precertification', member: 'sales@lakeside.example', directory })
    assert.equal((await precertify('carol@lakeside.example')).status, 200)
    await organisation.settings.rows.settled()
    const rows = await organisation.context.store.requests.after(0, 100)
    const row = rows.findLast(({ record }) => record.operation === 'precertify')?.record
    assert.deepEqual([row?.address, row?.authentication], ['alice@lakeside.example', 'certificate'])
    const decision = (await organisation.context.store.logs.read('licenses', 0, 100)).at(-1)
    assert.match(decision?.record ?? '', /"authentication":"certificate"/)
  })

  test('may come from an authority below the one that is believed', async () => {
    const servers = trusting.machines.below('/O=Lakeside/CN=Servers')
    const files = servers.issue({ names: ['DNS:files01.lakeside.test'] })
    assert.equal((await send(files)).status, 200)
    const withoutChain = { ...files, cert: readFileSync(files.certificateFile, 'utf8') }
    requireRefused(await send(withoutChain), 'rest')
    requireRefused(await send(trusting.machines.issue({ names: ['DNS:files01.lakeside.test'] })), 'rest')
  })

  test('leaves the administration and the address for federated people closed', async () => {
    const tokens = adminTokens({ administer: new Uint8Array(32), read: new Uint8Array(32) })
    const { context, settings } = organisation
    const administration = {
      tokens,
      administration: () => ({ ...context, actor: 'x' }),
      settled: () => settings.rows.settled(),
    }
    const administered = await start({ administration })
    const closed = declaredRoutes(organisation.server({ administration })).filter(({ audience }) =>
      ['readers', 'administrators'].includes(audience),
    )
    assert.ok(closed.length > 50)
    const agent = new Agent({ keepAlive: true })
    for (const { method, url } of closed) {
      const asked = { path: url.replace(/:\w+/g, 'x'), method, agent }
      assert.equal((await send(mailServer, asked, administered)).code, 'admin-token-refused', url)
    }
    agent.destroy()
    const path = '/_wmcs/certificationexternal/certification.asmx'
    const federated = await send(mailServer, { path, method: 'POST' })
    assert.equal(/Success|CertificateChain/.test(federated.body), false)
    assert.notEqual(federated.status, 200)
  })

  test('counts no longer than it is valid, also on a connection that stays', async () => {
    let now = Date.now()
    const late = await start({}, { now: () => new Date(now) })
    assert.equal((await send(mailServer, {}, late)).status, 200)
    now += 11 * day
    const answer = await send(mailServer, {}, late)
    requireRefused(answer, 'rest')
    assert.match(answer.detail, /not valid now/)
  })
})

async function precertify(userName: string): Promise<Answer> {
  const { body, headers } = writeSoapCall('Precertify', { userName })
  const soapaction = headers.soapAction ?? ''
  const path = '/_wmcs/certification/Precertification.asmx'
  return send(mailServer, { path, method: 'POST', headers: { soapaction }, body })
}

suite('a certificate is refused, over REST and SOAP:', { skip }, () => {
  const refused: Readonly<Record<string, readonly [() => Shown, RegExp]>> = {
    'of an unknown authority': [
      () => stranger('/O=Harbour/CN=Machines').issue(mail),
      /UNABLE_TO_VERIFY_LEAF_SIGNATURE|ISSUER/,
    ],
    'of an authority with the same name': [
      () => stranger('/O=Lakeside/CN=Machines').issue(mail),
      /SIGNATURE|ISSUER|SELF/,
    ],
    'signed by itself': [() => ownSigned(), /SELF_SIGNED/],
    expired: [() => trusting.machines.issue({ ...mail, from: -5, until: -1 }), /CERT_HAS_EXPIRED/],
    'not valid yet': [() => trusting.machines.issue({ ...mail, from: 1, until: 5 }), /CERT_NOT_YET_VALID/],
    'of the authority itself': [() => authorityItself(), /authority|PURPOSE/],
    'of an authority below': [() => trusting.machines.issue({ ...mail, authority: true }), /authority/],
    'of a server alone': [() => trusting.machines.issue({ ...mail, usage: 'serverAuth' }), /PURPOSE/],
    'without purpose': [() => trusting.machines.issue({ ...mail, usage: '' }), /not for client authentication/],
    'with a key of 1024 bits': [() => trusting.machines.issue({ ...mail, newKey: ['rsa:1024'] }), /UNSPECIFIED|weak/],
    'signed with SHA-1': [() => trusting.machines.issue({ ...mail, digest: 'sha1' }), /UNSPECIFIED|weak/],
    'that no entry names': [() => trusting.machines.issue({ names: ['DNS:web01.lakeside.test'] }), /no entry names it/],
    'that names the account itself': [
      () => trusting.machines.issue({ names: ['email:alice@lakeside.example'] }),
      /no entry names it/,
    ],
    'whose entries name two accounts': [
      () => trusting.machines.issue({ names: ['DNS:mail01.lakeside.test', 'DNS:gone.lakeside.test'] }),
      /several accounts/,
    ],
    'of a disabled account': [() => trusting.machines.issue({ names: ['DNS:disabled.lakeside.test'] }), /disabled/],
    'of an account that is gone': [() => trusting.machines.issue({ names: ['DNS:gone.lakeside.test'] }), /directory/],
  }
  for (const [name, [shown, reason]] of Object.entries(refused)) {
    test(name, async () => {
      const certificate = shown()
      for (const [door, asked] of [
        ['rest', rest],
        ['soap', soap],
      ] as const) {
        const answer = await send(certificate, asked)
        requireRefused(answer, door)
        assert.match(answer.detail, reason)
      }
    })
  }
})

/** As somebody makes it who has no authority. */
function ownSigned(): Shown {
  const extensions = [
    'extendedKeyUsage=clientAuth',
    'subjectAltName=DNS:mail01.lakeside.test',
    'basicConstraints=CA:FALSE',
  ]
  const made = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', '/CN=mail01']
  const written = [...extensions.flatMap((each) => ['-addext', each]), '-keyout', 'own.key', '-out', 'own.pem']
  run('openssl', ['req', ...made, ...written], { cwd: trusting.folder })
  return readShown(join(trusting.folder, 'own.pem'), join(trusting.folder, 'own.key'))
}

function stranger(subject: string): Authority {
  return createAuthority(trusting.folder, subject)
}

function authorityItself(): Shown {
  return readShown(trusting.machines.certificateFile, trusting.machines.keyFile)
}

function readShown(certificateFile: string, keyFile: string): Shown {
  return { cert: readFileSync(certificateFile, 'utf8'), key: readFileSync(keyFile, 'utf8') }
}
