/**
 * How a client that was told little finds its service: by the settings of Windows clients, or by service records. What it
 * finds it does not believe: nobody whom the configuration does not allow gets a password or a licence.
 */
import assert from 'node:assert/strict'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { skipWithout } from '../peers/programs.ts'
import { startDiscoveredService, startImpostor, type DiscoveredService, type Impostor } from './discovered-service.ts'
import { anna, exchange, explain, li, refusal } from './discovering-client.ts'
import { startNameServer, type NameServer } from './name-server.ts'

const msipc = String.raw`HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\MSIPC\ServiceLocation`

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

  test('with nothing but an imported registration file', async () => {
    const file = [
      'Windows Registry Editor Version 5.00',
      '',
      `[${msipc}\\EnterpriseCertification]`,
      `@="${service.url}/_wmcs/certification"`,
      `[${msipc}\\EnterprisePublishing]`,
      `@="${service.url}/_wmcs/licensing"`,
      `[${msipc}\\LicensingRedirection]`,
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
    const document = await exchange(service, 'windows.json')
    const { steps, service: found } = await explain(service, 'windows.json', document)
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
    await exchange(service, connection)
    const { steps, service: found } = await explain(service, connection, '--user', 'x@eu.sales.lakeside.example')
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
    assert.match((await explain(service, connection, '--user', anna)).steps[2]?.why ?? '', /its host is allowed/)
  })

  test('a licence whose address may not be asked leads to the service by the record above its host', async () => {
    const { host, port } = new URL(service.url)
    const key = ['--password-file', 'lakeside/tpd/passwords/rms-old.txt', '--anchor', 'lakeside/roots/mode-1.json']
    await service.program.done('tpd', 'import', 'lakeside/tpd/rms-old.xml', '--data', 'service', ...key, '--yes')
    names.records.set('_rmsdisco._http._tcp.lakeside.example', [{ target: 'localhost', port: Number(port) }])
    const documents = join('lakeside', 'documents')
    // Its licence names rms.lakeside.example; that of the other one the short name, which no name server is asked for.
    const [document, short] = [
      join(documents, 'engineering/turbine review.docx'),
      join(documents, 'finance/budget 2009.xlsx'),
    ]
    const own = { service: service.url, anchors: [service.root], allowedHosts: [host] }
    const told = service.connection('told', { ...own, discovery: { srv: { servers: [names.address] } } })
    const open = (file: string, user: string, connection: string) =>
      service.program.run('open', file, ...service.as(user), '--connection', connection)
    assert.match((await open(document, li, service.connection('untold', own))).stderr, /\[service-host-not-allowed\]/)
    names.asked.length = 0
    const opened = await open(document, li, told)
    assert.equal(opened.code, 0, opened.stderr)
    assert.deepEqual(
      names.asked,
      ['rms.lakeside.example', 'lakeside.example'].map((domain) => `_rmsdisco._http._tcp.${domain}`),
    )
    assert.match((await open(short, anna, told)).stderr, /\[service-url-refused\]/)
    const explained = await explain(service, told, document)
    assert.deepEqual(
      explained.document?.addresses.map(({ asks, code }) => [asks, code]),
      [[`${service.url}/_wmcs/licensing`, null]],
    )
    assert.equal((await explain(service, told, short)).document?.addresses[0]?.code, 'service-url-refused')
  })

  test('while discovery is silent, what was opened before opens again, and nothing else', async () => {
    const allowedHosts = [new URL(service.url).host]
    const of = (name: string, server: string): string =>
      service.connection(name, {
        anchors: [service.root],
        allowedHosts,
        store: 'store-silent',
        discovery: { srv: { servers: [server] } },
      })
    names.records.set('_rmsdisco._http._tcp.lakeside.example', [
      { target: 'localhost', port: Number(new URL(service.url).port) },
    ])
    const document = await exchange(service, of('heard', names.address))
    writeFileSync(join(service.folder, 'unopened.txt'), 'for Li')
    const grant = ['--grant', `${li}=viewer`, '--output', 'unopened.ptxt', '--yes', '--connection', 'heard.json']
    await service.program.done('protect', 'unopened.txt', ...grant, ...service.as(anna))
    names.records.delete('_rmsdisco._http._tcp.lakeside.example')
    const silent = of('silent', names.address)
    const open = (file: string, user: string) =>
      service.program.run('open', file, ...service.as(user), '--connection', silent)
    const opened = await open(document, li)
    assert.deepEqual([opened.code, opened.stdout], [0, 'for Li'], opened.stderr)
    assert.match(opened.stderr, /licence from store/)
    const unopened = await open('unopened.ptxt', li)
    assert.match(unopened.stderr, /\[service-not-discovered\]/)
    const { steps, service: known } = await explain(service, silent, document, '--user', li)
    assert.deepEqual([known?.url, known?.admission], [service.url, 'offline'])
    assert.deepEqual([steps.at(-1)?.source, steps.at(-1)?.outcome], ['store', 'taken'])
    assert.match((await open(document, 'nobody@lakeside.example')).stderr, /\[service-not-discovered\]/)
  })

  test('a rogue name server gets the client nowhere, and nobody a password', async () => {
    const rogue = Number(new URL(impostor.url).port)
    names.records.set('_rmsdisco._http._tcp.lakeside.example', [{ target: 'localhost', port: rogue }])
    const discovery = { srv: { servers: [names.address] } }
    const allowedHosts = [new URL(service.url).host]
    for (const anchors of [[service.root], []]) {
      const connection = service.connection('rogue', { anchors, allowedHosts, discovery })
      assert.match(await refusal(service, connection), /\[service-not-discovered\]\ncure: .*client explain/)
      const { steps, service: found } = await explain(service, connection, '--user', anna)
      assert.equal(found, null)
      assert.deepEqual([steps[2]?.outcome, steps[2]?.code], ['refused', 'service-host-not-allowed'])
      assert.equal(steps[3]?.outcome, 'off')
      assert.match(steps[3].why, /does not leave the organisation/)
    }
    assert.deepEqual(impostor.requests, [])
  })

  test('a name server that is silent is no answer, and the cloud is not asked', async () => {
    const connection = service.connection('silent', { discovery: { srv: { servers: ['not an address'] } } })
    const { steps } = await explain(service, connection, '--user', anna)
    assert.deepEqual([steps[2]?.outcome, steps[2]?.code], ['failed', 'name-server-unavailable'])
    assert.equal(steps[3]?.outcome, 'off')
  })
})
