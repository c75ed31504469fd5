/**
 * A person of a domain works with the ticket that she has, and without a password: certified, given rights through groups,
 * and refused as anybody else would be.
 */
import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import type { Organisation } from '../peers/people.ts'
import { run } from '../peers/programs.ts'
import {
  openDomainService,
  password,
  serviceAccount,
  skipWithoutTickets,
  type DomainService,
  type Ended,
} from './domain-service.ts'

const organisation: Organisation = {
  people: [
    ...['anna', 'ben', 'emil'].map((name) => ({ name, mail: `${name}@lakeside.test`, password })),
    { name: 'max', password },
    serviceAccount,
  ],
  groups: [
    { name: 'team', members: ['anna'] },
    { name: 'division', mail: 'division@lakeside.test', kind: 'distribution', members: ['team', 'everybody'] },
    { name: 'everybody', mail: 'everybody@lakeside.test', members: ['division'] },
  ],
}

suite('a person with a ticket', { skip: skipWithoutTickets }, () => {
  let service: DomainService
  let root: string
  before(async () => {
    service = await openDomainService(organisation)
    const listed = JSON.parse(service.sealward(['key', 'list', '--data', '.', '--json']).stdout) as {
      keys: { root: string }[]
    }
    root = listed.keys[0]?.root ?? ''
    for (const name of ['anna', 'ben', 'emil', 'max']) {
      run('kinit', [name], { env: service.ticketsOf(name), input: `${password}\n` })
    }
  })
  after(() => service.close())

  /** @param holder whose tickets there are; the person's own unless somebody tries with others */
  function as(person: string, args: readonly string[], holder = person): Ended {
    const user = ['--user', `${person}@lakeside.test`, '--trust', root, '--service', service.url]
    return service.sealward([...args, ...user, '--store', `store-${person}-${holder}`, '--ticket'], holder)
  }

  test('protects, is certified, and opens what a group of hers may read, nested and in a circle', () => {
    writeFileSync(join(service.folder, 'note.txt'), 'for everybody')
    const rights = ['--grant', 'everybody@lakeside.test=VIEW']
    const written = as('ben', ['protect', 'note.txt', ...rights, '--yes'])
    assert.equal(written.status, 0, written.stderr)
    const opened = as('anna', ['open', 'note.ptxt', '--output', 'anna.txt'])
    assert.equal(opened.status, 0, opened.stderr)
    assert.equal(readFileSync(join(service.folder, 'anna.txt'), 'utf8'), 'for everybody')
    const refused = as('emil', ['open', 'note.ptxt', '--output', 'emil.txt'])
    assert.match(refused.stderr, /\[no-rights\]/)
    assert.equal(existsSync(join(service.folder, 'emil.txt')), false)
  })

  test('without a ticket, or with that of somebody else, nobody is certified', () => {
    const without = as('anna', ['open', 'note.ptxt', '--output', 'none.txt'], 'nobody')
    assert.equal(without.status, 3, without.stderr)
    assert.match(without.stderr, /\[ticket-missing\]\s+cure: Get one with `kinit`/)
    const explain = ['client', 'explain', '--service', service.url, '--ticket']
    const explained = service.sealward(explain, 'nobody')
    assert.equal(explained.status, 1, explained.stderr)
    assert.match(explained.stdout, /^ticket .*\[ticket-missing\]\n +cure: Get one with `kinit`/m)
    assert.match(service.sealward(explain, 'anna').stdout, /^ticket +there is one$/m)
    const others = as('anna', ['open', 'note.ptxt', '--output', 'none.txt'], 'emil')
    assert.match(others.stderr, /\[certificate-not-ours\]/)
    const nameless = as('max', ['open', 'note.ptxt', '--output', 'none.txt'])
    assert.match(nameless.stderr, /AccessDeniedException \[service-refused\]/)
    assert.equal(existsSync(join(service.folder, 'none.txt')), false)
    const both = as('anna', ['open', 'note.ptxt', '--output', 'none.txt', '--password-file', 'reader-password'])
    assert.equal(both.status, 2)
  })
})
