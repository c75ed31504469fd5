/**
 * How a client that was told little finds its service: by the settings of Windows clients, by the entry of its forest, by
 * service records. What it finds it does not believe: nobody whom the configuration does not allow, and no pinned key
 * certifies, gets a password or a licence.
 */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { skipWithout } from '../peers/programs.ts'
import { skipWithoutSamba, startSamba, type SambaDomain } from '../peers/samba.ts'
import { startDiscoveredService, startImpostor, type DiscoveredService, type Impostor } from './discovered-service.ts'
import { startNameServer, type NameServer } from './name-server.ts'

const anna = 'anna.berg@lakeside.example'
const li = 'li.chen@lakeside.example'
const key = String.raw`HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\MSIPC\ServiceLocation`

interface Step {
  readonly source: string
  readonly outcome: string
  readonly found?: string
  readonly why: string
  readonly code?: string
  readonly cure?: string
}

interface Explanation {
  readonly steps: readonly Step[]
  readonly service: { readonly url: string; readonly admission: string } | null
  readonly document: { readonly addresses: readonly { readonly asks: string; readonly code: string | null }[] } | null
  readonly store: {
    readonly identities: readonly {
      readonly user: string
      readonly machineKeyBits: number | null
      readonly certificates: readonly { readonly chain: string; readonly state: string }[]
      readonly licences: number
      readonly highestTime: string | null
    }[]
  }
  readonly online: { readonly root: string; readonly trusted: boolean } | null
}

const skip = skipWithout(['openssl'])

suite('a client that finds its service', { skip }, () => {
  let service: DiscoveredService
  let names: NameServer
  let impostor: Impostor
  before(async () => {
    service = await startDiscoveredService()
    names = await startNameServer()
    impostor = await startImpostor(service)
  })
  after(async () => {
    await impostor.close()
    names.close()
    await service.close()
  })

  let documents = 0
  /** Anna protects for Li, and Li opens. @returns the document */
  async function exchange(connection: string): Promise<string> {
    const [clear, document] = [`note-${++documents}.txt`, `note-${documents}.ptxt`]
    writeFileSync(join(service.folder, clear), 'for Li')
    const how = ['--connection', connection]
    const grant = ['--grant', `${li}=viewer`, '--output', document, '--yes']
    await service.program.done('protect', clear, ...grant, ...how, ...service.as(anna))
    const opened = await service.program.run('open', document, ...how, ...service.as(li))
    assert.deepEqual([opened.code, opened.stdout], [0, 'for Li'], opened.stderr)
    return document
  }

  async function refusal(connection: string): Promise<string> {
    writeFileSync(join(service.folder, 'refused.txt'), 'for nobody')
    const grant = ['--grant', `${li}=viewer`, '--output', 'refused.ptxt', '--yes']
    const how = ['--connection', connection, ...service.as(anna)]
    const { code, stderr } = await service.program.run('protect', 'refused.txt', ...grant, ...how)
    assert.notEqual(code, 0)
    return stderr
  }

  async function explain(connection: string, ...more: readonly string[]): Promise<Explanation> {
    const how = ['--connection', connection, '--json', ...more]
    const { stdout, stderr } = await service.program.run('client', 'explain', ...how)
    assert.notEqual(stdout, '', stderr)
    return JSON.parse(stdout) as Explanation
  }

  test('with nothing but an imported registration file', async () => {
    const file = [
      'Windows Registry Editor Version 5.00',
      '',
      `[${key}\\EnterpriseCertification]`,
      `@="${service.url}/_wmcs/certification"`,
      `[${key}\\EnterprisePublishing]`,
      `@="${service.url}/_wmcs/licensing"`,
      `[${key}\\LicensingRedirection]`,
      `"http://rms/_wmcs/licensing"="${service.url}/_wmcs/licensing"`,
      '',
    ].join('\r\n')
    writeFileSync(join(service.folder, 'windows.reg'), Buffer.from(`\ufeff${file}`, 'utf16le'))
    const importing = ['client', 'import', 'windows.reg', '--trust', service.root, '--output', 'windows.json']
    const dry = await service.program.run(...importing, '--dry-run')
    assert.equal(dry.code, 0, dry.stderr)
    assert.match(dry.stdout, /^licensing +https:\/\/localhost:\d+\/_wmcs\/licensing +HKEY_LOCAL_MACHINE/m)
    assert.ok(!readdirSync(service.folder).includes('windows.json'))
    await service.program.done(...importing, '--yes')
    const document = await exchange('windows.json')
    const { steps, service: found } = await explain('windows.json', document)
    assert.equal(found?.url, service.url)
    assert.deepEqual(
      steps.map(({ source, outcome }) => [source, outcome]),
      [
        ['configuration', 'taken'],
        ['scp', 'not-needed'],
        ['srv', 'not-needed'],
        ['cloud', 'not-needed'],
      ],
    )
  })

  test('by the service record of the parent of its mail domain, the best of several', async () => {
    const port = Number(new URL(service.url).port)
    names.records.set('_rmsdisco._http._tcp.lakeside.example', [
      { target: 'worse.lakeside.example', port: 443, priority: 10 },
      { target: 'localhost', port, priority: 1 },
    ])
    const discovery = { srv: { servers: [names.address] } }
    const allowedHosts = [`localhost:${port}`]
    const connection = service.connection('records', { anchors: [service.root], allowedHosts, discovery })
    await exchange(connection)
    const { steps, service: found } = await explain(connection, '--user', 'x@eu.sales.lakeside.example')
    assert.equal(found?.url, service.url)
    const [first, second, third] = names.asked.slice(-3)
    assert.deepEqual(
      [first, second, third],
      ['eu.sales.lakeside.example', 'sales.lakeside.example', 'lakeside.example'].map(
        (domain) => `_rmsdisco._http._tcp.${domain}`,
      ),
    )
    assert.deepEqual(
      steps.map(({ source, outcome }) => [source, outcome]),
      [
        ['configuration', 'nothing'],
        ['scp', 'off'],
        ['srv', 'taken'],
        ['cloud', 'not-needed'],
      ],
    )
    assert.match((await explain(connection, '--user', anna)).steps[2]?.why ?? '', /its host is allowed/)
  })

  test('a licence whose address nobody may be asked leads to the service by the record of its host', async () => {
    const port = Number(new URL(service.url).port)
    const discovery = { srv: { servers: [names.address] } }
    const anchors = [service.root]
    const document = await exchange(service.connection('author', { service: service.url, anchors }))
    // The service has moved: the licence names a host that this client does not know.
    const moved = `https://127.0.0.1:${port}`
    const elsewhere = { service: moved, anchors, allowedHosts: [`127.0.0.1:${port}`], discovery }
    const reading = ['open', document, ...service.as(li), '--connection']
    const refused = await service.program.run(...reading, service.connection('moved', { ...elsewhere, discovery: {} }))
    assert.match(refused.stderr, /\[service-host-not-allowed\]/)
    const unfound = await explain(service.connection('moved-srv', elsewhere), document)
    assert.equal(unfound.document?.addresses[0]?.code, 'service-host-not-allowed')
    assert.ok(!names.asked.includes('_rmsdisco._http._tcp.localhost'), 'one label is never asked')
  })

  test('a rogue name server gets the client nowhere, and nobody a password', async () => {
    const rogue = Number(new URL(impostor.url).port)
    names.records.set('_rmsdisco._http._tcp.lakeside.example', [{ target: 'localhost', port: rogue }])
    const discovery = { srv: { servers: [names.address] } }
    const allowedHosts = [new URL(service.url).host]
    for (const anchors of [[service.root], []]) {
      const connection = service.connection('rogue', { anchors, allowedHosts, discovery })
      assert.match(await refusal(connection), /\[service-not-discovered\]\ncure: .*client explain/)
      const { steps, service: found } = await explain(connection, '--user', anna)
      assert.equal(found, null)
      assert.deepEqual([steps[2]?.outcome, steps[2]?.code], ['refused', 'service-host-not-allowed'])
      assert.equal(steps[3]?.outcome, 'off')
      assert.match(steps[3]?.why ?? '', /does not leave the organisation/)
    }
    assert.deepEqual(impostor.requests, [])
  })

  test('a name server that is silent is no answer, and the cloud is not asked', async () => {
    const connection = service.connection('silent', { discovery: { srv: { servers: ['not an address'] } } })
    const { steps } = await explain(connection, '--user', anna)
    assert.deepEqual([steps[2]?.outcome, steps[2]?.code], ['failed', 'name-server-unavailable'])
    assert.equal(steps[3]?.outcome, 'off')
  })

  test('reset shows, asks, and makes the next use begin anew, with the same machine key', async () => {
    const connection = service.connection('reset', { service: service.url, anchors: [service.root] })
    const document = await exchange(connection)
    const store = join(service.folder, 'store-reset')
    const identity = async () => (await explain(connection, '--user', li)).store.identities[0]
    const before = await identity()
    assert.deepEqual([before?.machineKeyBits, before?.licences], [2048, 1])
    assert.deepEqual(
      before?.certificates.map(({ chain, state }) => `${chain} ${state}`),
      ['machine valid', 'account valid'],
    )
    assert.ok(before?.highestTime)
    const folder = readdirSync(store).find((name) =>
      readFileSync(join(store, name, 'account.json'), 'utf8').includes(li),
    )
    const machineKey = join(store, folder ?? '', 'machine-key.pem')
    const pem = readFileSync(machineKey, 'utf8')
    assert.equal(statSync(machineKey).mode & 0o777, 0o600)
    const reset = ['client', 'reset', '--connection', connection, '--user', li]
    const dry = await service.program.run(...reset, '--dry-run')
    assert.match(
      dry.stderr,
      /remove certificates of li\.chen@lakeside\.example at https:\/\/localhost:\d+: 2 files, \d+ bytes/,
    )
    assert.equal((await service.program.run(...reset)).code, 2)
    assert.deepEqual(await identity(), before)
    await service.program.done(...reset, '--yes')
    const emptied = await identity()
    assert.deepEqual([emptied?.certificates, emptied?.licences, emptied?.machineKeyBits], [[], 0, 2048])
    assert.equal(emptied?.highestTime, before.highestTime)
    await service.program.done('open', document, ...service.as(li), '--connection', connection, '--output', 'again.txt')
    assert.equal((await identity())?.certificates.length, 2)
    assert.equal(readFileSync(machineKey, 'utf8'), pem)
    await service.program.done(...reset, '--all', '--yes')
    assert.equal(await identity(), undefined)
    const other = await service.program.run('client', 'reset', '--store', 'lakeside', '--yes')
    assert.deepEqual([other.code, /\[client-store-unknown\]/.test(other.stderr)], [5, true])
  })

  test('whoever set DisableCreation is named, and documents open all the same', async () => {
    const anchors = [service.root]
    const document = await exchange(service.connection('before', { service: service.url, anchors }))
    const protectionDisabledBy = String.raw`HKEY_CURRENT_USER\Software\Policies\DisableCreation`
    const connection = service.connection('disabled', { service: service.url, anchors, protectionDisabledBy })
    const stderr = await refusal(connection)
    assert.match(stderr, /HKEY_CURRENT_USER.*DisableCreation.*\[protection-disabled\]/)
    const opened = await service.program.run('open', document, ...service.as(li), '--connection', connection)
    assert.equal(opened.stdout, 'for Li', opened.stderr)
  })

  test('explain asks the service only when it is told to, and then without credentials', async () => {
    const connection = service.connection('impostor', { service: impostor.url, anchors: [service.root] })
    impostor.requests.length = 0
    assert.equal((await explain(connection)).online, null)
    assert.deepEqual(impostor.requests, [])
    const { online } = await explain(connection, '--online')
    assert.deepEqual(online, { root: service.root, trusted: true, error: null })
    assert.deepEqual(impostor.requests, ['GetLicensorCertificate nothing'])
  })

  suite('in a forest', { skip: skipWithoutSamba }, () => {
    let domain: SambaDomain
    before(async () => {
      domain = await startSamba({ people: [], groups: [] })
      writeFileSync(join(service.folder, 'reader.txt'), `${domain.reader.password}\n`, { mode: 0o600 })
      writeFileSync(join(service.folder, 'administrator.txt'), `${domain.administrator.password}\n`, { mode: 0o600 })
    })
    after(() => domain.stop())

    const register = (url: string, ...more: readonly string[]): Promise<unknown> => {
      const account = ['--account', domain.administrator.dn, '--password-file', 'administrator.txt']
      const forest = ['--directory', domain.secureUrl, '--ca-file', domain.caFile, ...account]
      return service.program.done('scp', 'register', url, ...forest, '--yes', ...more)
    }
    const forest = (servers: readonly string[] = [domain.secureUrl]): object => ({
      scp: { servers, caFile: domain.caFile, account: domain.reader.dn, passwordFile: 'reader.txt' },
    })

    test('by its entry: a pinned key certifies the host, no list is needed', async () => {
      await register(service.url)
      const connection = service.connection('forest', { anchors: [service.root], discovery: forest() })
      await exchange(connection)
      const { service: found } = await explain(connection, '--online')
      assert.deepEqual([found?.url, found?.admission], [service.url, 'pinned-key'])
      const offline = await explain(connection)
      assert.deepEqual([offline.service, offline.steps[1]?.code], [null, 'service-host-not-allowed'])
    })

    test('by its entry with StartTLS, after a domain controller that is away, for an allowed host', async () => {
      const servers = ['ldaps://127.0.0.1:9', domain.url]
      const allowedHosts = [new URL(service.url).host]
      const trust = { anchors: [service.root], allowedHosts }
      const connection = service.connection('list', { ...trust, discovery: forest(servers) })
      const { service: found } = await explain(connection)
      assert.deepEqual([found?.url, found?.admission], [service.url, 'allowed-host'])
    })

    test('who does not sign in where nobody may read, or trusts another authority, goes on to the next step', async () => {
      const anonymous = {
        scp: { servers: [domain.secureUrl], caFile: domain.caFile },
        srv: { servers: [names.address] },
      }
      const stranger = { scp: { servers: [domain.secureUrl], caFile: join(service.folder, 'ca.pem') } }
      for (const discovery of [anonymous, stranger]) {
        const { steps } = await explain(service.connection('nobody', { discovery }), '--user', anna)
        assert.deepEqual([steps[1]?.outcome, steps[1]?.code], ['failed', 'directory-unavailable'])
        assert.notEqual(steps[2]?.outcome, 'not-needed')
      }
    })

    test('an edited entry leads to nobody: an impostor that shows the certificates of the cluster gets nothing', async () => {
      await register(impostor.url, '--foreign')
      impostor.requests.length = 0
      const connection = service.connection('edited', { anchors: [service.root], discovery: forest() })
      assert.match(await refusal(connection), /\[service-not-discovered\]/)
      assert.deepEqual(impostor.requests, ['GetLicensorCertificate nothing'])
      const { steps } = await explain(connection, '--online')
      assert.equal(steps[1]?.code, 'service-host-not-allowed')
      const host = new URL(service.url).host
      assert.ok(steps[1].why.includes(`no pinned key certifies it, but ${host}`), steps[1].why)
      assert.deepEqual(new Set(impostor.requests), new Set(['GetLicensorCertificate nothing']))
    })

    test('an entry with plain http leads nowhere', async () => {
      await register('http://localhost', '--foreign')
      const connection = service.connection('plain', { allowedHosts: ['localhost'], discovery: forest() })
      assert.equal((await explain(connection)).steps[1]?.code, 'service-url-refused')
    })
  })
})
