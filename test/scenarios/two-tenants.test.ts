/**
 * Two tenants and a cluster in one process never meet (threats P12, P13): whatever belongs to one is to the other what it
 * would be to a stranger, on every door. The key and the templates of one former cluster are in both tenants.
 */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { listTemplates, openDocument, protectFile, type Door } from '@sealward/client'
import { serializeLicense, writeEndUserLicenseRequest } from '@sealward/protocol'
import { adminOperations } from '@sealward/service'
import { callsOf, comparable, type TenantCalls } from './tenant-calls.ts'
import {
  addressOf,
  openTwoTenants,
  type Answer,
  type Organisation,
  type ResidentName,
  type TwoTenants,
} from './two-tenants.ts'

let world: TwoTenants
let calls: TenantCalls
before(async () => {
  world = await openTwoTenants()
  calls = callsOf(world)
})
after(() => world.close())

suite('a key and its templates in two tenants', () => {
  test('a second import is refused, and nothing is stored, unless it is asked for', async () => {
    const keys = (await world.administer('quay', 'listKeys')) as readonly object[]
    await assert.rejects(world.administer('quay', 'importKey', { body: { ...world.tpd } }), {
      code: 'key-in-other-tenant',
    })
    assert.deepEqual(await world.administer('quay', 'listKeys'), keys)
    // Also where the other tenant is in another database, and over the administration interface.
    const { status, body } = await calls.admin('quay', 'POST', '/keys/import', world.tpd)
    assert.deepEqual([status, /key-in-other-tenant/.test(body)], [409, true])
  })

  test('it signs for one of them alone, because its account certificates would name people of both', async () => {
    const id =
      (await calls.admin('lakeside', 'GET', '/keys')).body.match(/"id":"([0-9a-f]{64})"[^}]*"imported"/)?.[1] ?? ''
    const active = async (at: ResidentName) => (await calls.admin(at, 'POST', `/keys/${id}/activate`)).status
    const keys = (await world.administer('lakeside', 'listKeys')) as readonly { id: string; state: string }[]
    const first = keys.find(({ state }) => state === 'active')?.id ?? ''
    assert.equal(await active('lakeside'), 200)
    assert.equal(await active('harbour'), 409)
    await world.administer('lakeside', 'activateKey', { parameters: { id: first } })
    // Certificates of that time are still around.
    await assert.rejects(world.administer('harbour', 'activateKey', { parameters: { id } }), {
      code: 'key-state-refused',
    })
  })

  test('the template of one changes nothing in the other', async () => {
    const listed = async (name: ResidentName) =>
      (await listTemplates(world.client(name, 'anna', 'rest'))).map(({ id }) => id)
    assert.ok((await listed('lakeside')).includes(world.sharedTemplate))
    assert.ok((await listed('harbour')).includes(world.sharedTemplate))
    await world.administer('harbour', 'archiveTemplate', { parameters: { id: world.sharedTemplate } })
    assert.equal((await listed('harbour')).includes(world.sharedTemplate), false)
    assert.ok((await listed('lakeside')).includes(world.sharedTemplate))
  })

  test('each serves its own people, who have the same names, over both protocols', async () => {
    const ways: readonly (readonly [Door, 'online' | 'offline'])[] = [
      ['soap', 'offline'],
      ['soap', 'online'],
      ['rest', 'online'],
    ]
    for (const organisation of ['lakeside', 'harbour'] as const) {
      for (const [door, publishing] of ways) {
        const path = join(world.folder, `${organisation}-${door}-${publishing}.txt`)
        writeFileSync(path, 'a note')
        const policy = { grants: [{ to: addressOf(organisation, 'ben'), rights: ['VIEW'] }] }
        const { path: copy } = await protectFile(world.client(organisation, 'anna', door), path, policy, { publishing })
        for (const opener of ['soap', 'rest'] as const) {
          const { rights } = await openDocument(world.client(organisation, 'ben', opener), copy, {
            write: () => undefined,
          })
          assert.deepEqual(rights, ['VIEW'], `${organisation} ${door} ${publishing} ${opener}`)
        }
      }
    }
  })
})

suite('what belongs to one is unknown to the other', () => {
  test('lists and logs name nothing of another tenant', async () => {
    await calls.licenseOf('lakeside', 'offline')
    const paths = ['/keys', '/templates', '/super-users', '/issued-client-licensors', '/configuration', '/admission']
    const day = new Date().toISOString().slice(0, 10)
    const logs = ['/logs/requests', `/logs/usage?date=${day}`, '/logs/admin', `/logs/admin?from=${day}`]
    let seen = 0
    for (const path of [...paths, ...logs]) {
      const [theirs, ours] = [await calls.admin('harbour', 'GET', path), await calls.admin('lakeside', 'GET', path)]
      assert.equal(/lakeside/i.test(theirs.body), false, path)
      if (/lakeside/i.test(ours.body)) seen++
    }
    assert.ok(seen >= 4, `${seen} lists name what is their own`)
  })

  test('every identifier over the administration interface', async () => {
    const lakesideKeys = (await world.administer('lakeside', 'listKeys')) as readonly { id: string; origin: string }[]
    const own = lakesideKeys.find(({ origin }) => origin === 'created')?.id ?? ''
    const content = {
      names: [{ lcid: 1033, name: 'Mine', description: 'Mine' }],
      grants: [{ to: addressOf('lakeside', 'anna'), rights: ['VIEW'] }],
    }
    const { id: template } = (await world.administer('lakeside', 'createTemplate', { body: content })) as { id: string }
    const domain = (await world.administer('elsewhere', 'listKeys')) as readonly { id: string }[]
    await world.administer('lakeside', 'addSuperUser', { body: { address: addressOf('lakeside', 'anna') } })
    const values: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
      '/keys/:id': [[own, '0'.repeat(64)]],
      '/templates/:id': [[template, `{${randomUUID()}}`]],
      '/trusted-user-domains/:id': [[domain[0]?.id ?? '', '0'.repeat(64)]],
      '/super-users/:address': [[addressOf('lakeside', 'anna'), 'nobody@lakeside.example']],
      '/admission/:door/:member': [['pre-licensing/anna@lakeside.example', 'pre-licensing/nobody@lakeside.example']],
    }
    const bodies: Readonly<Record<string, object>> = {
      exportKey: { password: 'a password of more than sixteen characters' },
      editTemplate: content,
      setUserDomain: { mailDomains: ['partner.example'] },
    }
    const asked: string[] = []
    for (const [name, { method, path }] of Object.entries(adminOperations)) {
      const prefix = Object.keys(values).find((known) => path === known || path.startsWith(`${known}/`))
      if (prefix === undefined) {
        assert.equal(
          /:(?!(?:door|platform)$)/.test(path),
          false,
          `${name} has a parameter that this test does not know`,
        )
        continue
      }
      for (const [known, unknown] of values[prefix] ?? []) {
        const at = (value: string): string => path.replace(prefix, prefix.replace(/:.*$/, value))
        const answers = [at(known), at(unknown)].map((target) => calls.admin('harbour', method, target, bodies[name]))
        const [foreign, nobody] = await Promise.all(answers)
        assert.deepEqual(
          { ...comparable(foreign!), body: comparable(foreign!).body.replaceAll(known, 'ID') },
          { ...comparable(nobody!), body: comparable(nobody!).body.replaceAll(unknown, 'ID') },
          name,
        )
        if (name !== 'dismiss' && name !== 'removeSuperUser') assert.ok(foreign!.status >= 400, name)
        asked.push(name)
      }
    }
    for (const name of ['activateKey', 'exportKey', 'publishTemplate', 'editTemplate', 'deleteTemplate'])
      assert.ok(asked.includes(name), name)
    // And nothing happened to the one whose identifiers they are.
    const left = (await world.administer('lakeside', 'getSuperUsers')) as object
    assert.ok(JSON.stringify(left).includes(addressOf('lakeside', 'anna')))
    assert.deepEqual(await world.administer('lakeside', 'listKeys'), lakesideKeys)
    assert.equal(
      ((await world.administer('lakeside', 'listTemplates', { query: { id: template } })) as object[]).length,
      1,
    )
  })

  test('templates and content over the doors of people', async () => {
    const content = {
      names: [{ lcid: 1033, name: 'Own', description: 'Own' }],
      grants: [{ to: addressOf('lakeside', 'ben'), rights: ['VIEW'] }],
      state: 'published',
    }
    const { id } = (await world.administer('lakeside', 'createTemplate', { body: content })) as { id: string }
    const token = await world.token('harbour', 'anna')
    const [foreign, unknown] = [id, `{${randomUUID()}}`].map((each) => calls.templatePublishing('harbour', token, each))
    assert.deepEqual(comparable(await foreign!), comparable(await unknown!))
    assert.ok((await foreign!).status >= 400)
    const basic = world.basic('harbour', 'anna')
    const templates = [id, `{${randomUUID()}}`].map((guid) =>
      calls.soap('harbour', 'AcquireTemplates', { guids: [guid] }, basic),
    )
    assert.deepEqual(comparable(await templates[0]!), comparable(await templates[1]!))
  })

  test('a licence of one is foreign to the other, as one from elsewhere is, over both protocols', async () => {
    const token = await world.token('harbour', 'ben')
    for (const publishing of ['online', 'offline'] as const) {
      const answers: Answer[][] = []
      for (const organisation of ['lakeside', 'elsewhere', 'harbour'] as const) {
        const license = await calls.licenseOf(organisation, publishing)
        const wire = publishing === 'online' ? license.slice(0, 1) : license.slice(0, 2)
        answers.push([
          await calls.opening('harbour', 'harbour', wire),
          await calls.rest(
            'harbour',
            'enduserlicenses',
            token,
            writeEndUserLicenseRequest({ license: serializeLicense(license.join('')) }),
          ),
        ])
      }
      const [foreign, stranger, own] = answers
      assert.deepEqual(foreign!.map(comparable), stranger!.map(comparable), publishing)
      assert.match(foreign![0]!.body, /NoMatchingIssuedPrincipal/)
      assert.match(foreign![1]!.body, /no-matching-key/)
      assert.deepEqual(
        own!.map(({ status }) => status),
        [200, 200],
        publishing,
      )
    }
  })
})

suite('credentials of one are worth nothing in the other', () => {
  test('tokens and passwords', async () => {
    for (const [from, to] of [
      ['lakeside', 'harbour'],
      ['harbour', 'lakeside'],
      ['lakeside', 'quay'],
    ] as const) {
      const bearers = await Promise.all([from, 'elsewhere', to].map((of) => world.token(of as Organisation, 'anna')))
      const answers = await Promise.all(bearers.map((bearer) => calls.rest(to, 'templates', bearer)))
      assert.deepEqual(
        answers.map(({ status }) => status),
        [401, 401, 200],
        `${from} to ${to}`,
      )
      assert.deepEqual(comparable(answers[0]!), comparable(answers[1]!))
      assert.match(String(answers[0]!.headers['www-authenticate']), new RegExp(`login\\.${to}\\.example`))
      const information = [from, 'elsewhere', to].map((of) =>
        calls.soap(to, 'AcquireTemplateInformation', {}, world.basic(of as Organisation, 'anna')),
      )
      const [foreign, stranger, own] = await Promise.all(information)
      assert.deepEqual([foreign!.status, own!.status], [401, 200], `${from} to ${to}`)
      assert.deepEqual(comparable(foreign!), comparable(stranger!))
    }
  })

  test('account certificates', async () => {
    const answers: Answer[] = []
    for (const organisation of ['lakeside', 'elsewhere', 'harbour'] as const) {
      const { accountChain } = await world.client(organisation, 'anna').identity()
      const request = { requests: [{ personaCertificates: accountChain }] }
      answers.push(await calls.soap('harbour', 'GetClientLicensorCert', request))
    }
    const [foreign, stranger, own] = answers
    assert.deepEqual(comparable(foreign!), comparable(stranger!))
    assert.match(foreign!.body, /UntrustedPersonaCert/)
    assert.equal(own!.status, 200)
    const license = (await calls.licenseOf('harbour', 'offline')).slice(0, 2)
    const [byForeign, byStranger, byOwn] = [
      await calls.opening('harbour', 'lakeside', license),
      await calls.opening('harbour', 'elsewhere', license),
      await calls.opening('harbour', 'harbour', license),
    ]
    assert.deepEqual(comparable(byForeign), comparable(byStranger))
    assert.equal(byOwn.status, 200)
  })

  test('tokens of administrators', async () => {
    const wrong = await calls.admin('harbour', 'GET', '/keys', undefined, 'x'.repeat(43))
    const foreign = await calls.admin('harbour', 'GET', '/keys', undefined, world.adminToken('lakeside'))
    assert.equal(foreign.status, 401)
    assert.deepEqual(comparable(foreign), comparable(wrong))
  })
})
