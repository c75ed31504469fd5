/** Addresses of partners: each leads to its own tenant, never to ours, and nothing leads to two places. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRedirection, type RedirectionRule } from '@sealward/client'
import { isRightsError } from '@sealward/xrml'
import { readPlanFile } from './plan-file.ts'
import type { RedirectionPlan } from './redirection-plan.ts'
import { clientScripts } from './script-files.ts'
import { smallPlan } from './small-organisation.fixture.ts'

const partner = {
  tenantUrl: 'https://rights.harbour.example',
  clusterUrls: [{ url: 'http://rms.harbour.test/_wmcs/licensing', source: 'typed' }],
} as const
const plan: RedirectionPlan = { ...smallPlan, partners: [partner] }
const theirs = 'https://rights.harbour.example/_wmcs/licensing'
const ours = 'https://rights.lakeside.example/_wmcs/licensing'
const cluster = 'http://rms.harbour.test/_wmcs/licensing'

function textOf(path: string, of = plan): string {
  const file = clientScripts(of).files.find((each) => each.path === path)
  return Buffer.from(file?.content ?? []).toString('utf8')
}

function rulesOf(path: string): readonly RedirectionRule[] {
  return (JSON.parse(textOf(path)) as { redirections: readonly RedirectionRule[] }).redirections
}

test('moved people ask the partner’s tenant for the partner’s old licences, in every spelling', () => {
  const rules = rulesOf('client/connection-migrate.json')
  const redirection = createRedirection(rules)
  assert.equal(redirection.resolve('https://RMS.harbour.test:443/_wmcs/Licensing/license.asmx'), theirs)
  assert.equal(redirection.resolve('http://rms.lakeside.test/_wmcs/licensing'), ours)
  // Both clusters have this short name; in our network it is ours.
  assert.equal(redirection.resolve('http://rms/_wmcs/licensing'), ours)
  assert.equal(redirection.resolve(theirs), theirs)
  // Our client asks only hosts that a rule names.
  assert.ok(rules.some(({ to }) => to === theirs))
  for (const name of ['machine', 'user']) {
    const lines = textOf(`migrate/migrate-${name}.cmd`)
      .split('\r\n')
      .filter((line) => line.includes('rms.harbour.test'))
    assert.ok(lines.length > 0 && lines.every((line) => line.includes(theirs) && !line.includes(ours)), name)
  }
  assert.ok(textOf('check-client.ps1').includes(cluster))
})

test('those who stay ask the partner where its licences say', () => {
  const redirection = createRedirection(rulesOf('client/connection-prepare.json'))
  assert.equal(redirection.resolve(cluster), cluster)
  assert.equal(redirection.resolve(theirs), theirs)
  assert.equal(redirection.resolve(ours), 'https://rms.lakeside.test/_wmcs/licensing')
  assert.ok(!textOf('prepare/prepare-machine.cmd').includes('harbour'))
})

test('the plan is a file again, and unknown fields of a partner are refused', () => {
  assert.deepEqual(readPlanFile(textOf('plan.json')), plan)
  const misspelt = JSON.stringify({ ...plan, partners: [{ ...partner, tenant: theirs }] })
  assert.throws(() => readPlanFile(misspelt), { code: 'redirection-plan-invalid' })
})

test('an address leads to one place only, and never back', () => {
  const [own] = smallPlan.clusterUrls
  const refused = [
    [{ ...partner, clusterUrls: [own] }, 'redirection-plan-invalid'],
    [{ ...partner, clusterUrls: [{ url: smallPlan.tenantUrl, source: 'typed' }] }, 'redirection-loop'],
    [{ ...partner, clusterUrls: [{ url: partner.tenantUrl, source: 'typed' }] }, 'redirection-loop'],
    [{ ...partner, tenantUrl: 'https://rms.lakeside.test' }, 'redirection-loop'],
    [{ ...partner, tenantUrl: 'http://rights.harbour.example' }, 'redirection-url-scheme'],
    [{ ...partner, clusterUrls: [{ url: `${cluster} `, source: 'typed' }] }, 'redirection-url-blank'],
  ] as const
  for (const [changed, code] of refused) {
    assert.throws(
      () => clientScripts({ ...smallPlan, partners: [changed as typeof partner] }),
      (error) => isRightsError(error, code),
      JSON.stringify(changed),
    )
  }
})

test('on this machine a tenant may speak plain HTTP', () => {
  const rehearsed = { ...smallPlan, tenantUrl: 'http://localhost:8080' }
  assert.equal(clientScripts(rehearsed).plan.tenant.licensing, 'http://localhost:8080/_wmcs/licensing')
})
