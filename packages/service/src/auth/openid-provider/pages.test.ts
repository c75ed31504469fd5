import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { codePage, confirmCodePage, consentPage, contentSecurityPolicy, messagePage, signInPage } from './pages.ts'

const hostile = `"><script>alert('1')</script>&<b onclick='x'>`
const target = { action: '/here', hidden: { xsrf: hostile } }

const pages: Readonly<Record<string, string>> = {
  'sign-in': signInPage('/here', { account: hostile, problem: hostile }),
  consent: consentPage('/here', { client: hostile, account: hostile }),
  code: codePage(target, { code: hostile, problem: hostile }),
  'confirm code': confirmCodePage(target, { client: hostile, code: hostile }),
  message: messagePage(hostile, hostile),
}

for (const [name, page] of Object.entries(pages)) {
  test(`text from outside is text on the page: ${name}`, () => {
    assert.doesNotMatch(page, /<script|<b |'1'|"">/)
    assert.ok(page.includes('&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;&lt;b onclick='))
    assert.match(page, /^<!DOCTYPE html>\n<html lang="en">/)
  })
}

test('every field has a label, and the first empty one the focus', () => {
  for (const account of ['', 'anna@lakeside.example']) {
    const page = signInPage('/here', { account })
    for (const [, id = ''] of page.matchAll(/<input id="([^"]+)"/g)) assert.ok(page.includes(`<label for="${id}">`), id)
    const [, focused] = /<input id="([^"]+)"[^>]* autofocus>/.exec(page) ?? []
    assert.equal(focused, account === '' ? 'account' : 'password')
  }
})

test('the policy allows the style of the page by its digest, no script, and the redirect that was asked for', () => {
  const [, style = ''] = /<style>([^<]*)<\/style>/.exec(messagePage('x', 'y')) ?? []
  const policy = contentSecurityPolicy(['http://127.0.0.1:4711'])
  assert.ok(policy.includes(`style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`))
  assert.match(policy, /^default-src 'none'/)
  assert.match(policy, /form-action 'self' http:\/\/127\.0\.0\.1:4711(?:;|$)/)
  assert.doesNotMatch(policy, /script-src|unsafe/)
})
