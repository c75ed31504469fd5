/** As much of a browser as signing in takes: cookies, redirects within one host, forms, and the rules of the page. */
import assert from 'node:assert/strict'
import { request } from 'node:https'

export interface Page {
  readonly url: string
  readonly status: number
  readonly text: string
  readonly header: (name: string) => string | undefined
  /** Where the host sends the browser away to. */
  readonly leavesFor?: string
}

export interface Browser {
  get(url: string): Promise<Page>
  /** Sends the only form of the page. */
  submit(page: Page, fields: Readonly<Record<string, string>>): Promise<Page>
}

export interface Sent {
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly form?: Readonly<Record<string, string>>
  readonly body?: string
}

/** One request, over TLS with that authority. */
export function ask(url: string, ca: string, { method = 'GET', headers = {}, form, body }: Sent = {}): Promise<Page> {
  const sent = form === undefined ? body : new URLSearchParams(form).toString()
  const type = form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }
  return new Promise((resolve, reject) => {
    const options = { method, ca, agent: false, timeout: 30_000, headers: { ...type, ...headers } }
    const asked = request(url, options, (answer) => {
      const pieces: Buffer[] = []
      answer.on('data', (piece: Buffer) => pieces.push(piece))
      answer.on('error', reject)
      answer.on('end', () => {
        const header = (name: string): string | undefined => [answer.headers[name]].flat().join('\n') || undefined
        resolve({ url, status: answer.statusCode ?? 0, text: Buffer.concat(pieces).toString('utf8'), header })
      })
    })
    asked.on('timeout', () => asked.destroy(new Error(`no answer from ${url}`)))
    asked.on('error', reject)
    asked.end(sent)
  })
}

export function openBrowser(ca: string): Browser {
  const cookies = new Map<string, string>()
  const redirectsMost = 10

  async function load(url: string, sent: Sent): Promise<Page> {
    let next = { url, sent }
    for (let step = 0; step < redirectsMost; step++) {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
      const page = await ask(next.url, ca, { ...next.sent, headers: cookie === '' ? {} : { cookie } })
      for (const line of page.header('set-cookie')?.split('\n') ?? []) keep(line)
      const location = page.status >= 300 && page.status < 400 ? page.header('location') : undefined
      if (location === undefined) return page
      const target = new URL(location, next.url)
      if (target.host !== new URL(url).host) return { ...page, leavesFor: target.href }
      next = { url: target.href, sent: {} }
    }
    throw new Error('redirected too often')
  }

  function keep(line: string): void {
    const [, name = '', value = ''] = /^([^=;]+)=([^;]*)/.exec(line) ?? []
    assert.match(line, /httponly/i)
    assert.match(line, /secure/i)
    assert.match(line, /samesite=lax/i)
    if (/expires=Thu, 01 Jan 1970/i.test(line)) cookies.delete(name)
    else cookies.set(name, value)
  }

  return {
    get: (url) => load(url, {}),
    submit(page, fields) {
      // No script runs, no other site frames the page, and nothing is loaded from elsewhere.
      const policy = page.header('content-security-policy') ?? ''
      assert.match(policy, /default-src 'none'/)
      assert.match(policy, /frame-ancestors 'none'/)
      assert.doesNotMatch(policy, /unsafe|script-src/)
      assert.doesNotMatch(page.text, /<script|\son\w+=/i)
      const [, action = ''] = /<form method="post" action="([^"]+)">/.exec(page.text) ?? []
      assert.notEqual(action, '', page.text)
      const hidden = page.text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)
      const form = { ...Object.fromEntries([...hidden].map(([, name = '', value = '']) => [name, value])), ...fields }
      return load(new URL(action, page.url).href, { method: 'POST', form })
    },
  }
}
