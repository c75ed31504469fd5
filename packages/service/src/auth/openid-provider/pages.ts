/**
 * The pages of the embedded OpenID provider: plain HTML forms without any script, usable with a keyboard, a screen reader
 * and a narrow screen. Every text from outside is escaped; the one style sheet is allowed by its digest (threat N6).
 */
import { createHash } from 'node:crypto'

const style =
  'body{font:1rem/1.5 system-ui,sans-serif;max-width:26rem;margin:3rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}' +
  'label{display:block;margin-top:1rem}input{font:inherit;width:100%;box-sizing:border-box;padding:.5rem}' +
  'button{font:inherit;margin:1.5rem .5rem 0 0;padding:.5rem 1rem}[role=alert]{color:#a30000}code{font-size:1.25rem}'

/** @param formTargets where a form may lead besides this host: the redirect of the client that asks */
export function contentSecurityPolicy(formTargets: readonly string[] = []): string {
  const digest = createHash('sha256').update(style).digest('base64')
  return [
    "default-src 'none'",
    `style-src 'sha256-${digest}'`,
    ["form-action 'self'", ...formTargets].join(' '),
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

export interface FormTarget {
  readonly action: string
  readonly hidden: Readonly<Record<string, string>>
}

export function signInPage(action: string, shown: { readonly account: string; readonly problem?: string }): string {
  const { account, problem } = shown
  const [first, second] = account === '' ? [' autofocus', ''] : ['', ' autofocus']
  return page(
    'Sign in',
    `${alert(problem)}
<form method="post" action="${escaped(action)}">
<label for="account">Mail address</label>
<input id="account" name="account" type="email" autocomplete="username" required value="${escaped(account)}"${first}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required${second}>
<button type="submit">Sign in</button>
</form>`,
  )
}

export function consentPage(action: string, shown: { readonly client: string; readonly account: string }): string {
  return page(
    'Allow access',
    `<p>${escaped(shown.client)} asks to work with this rights management service as ${escaped(shown.account)}.</p>
<form method="post" action="${escaped(action)}">
<button type="submit" name="decision" value="allow">Allow</button>
<button type="submit" name="decision" value="refuse">Refuse</button>
</form>`,
  )
}

export function codePage(target: FormTarget, shown: { readonly code: string; readonly problem?: string }): string {
  return page(
    'Enter the code',
    `<p>Type the code that your program shows. Never type a code that somebody has sent you.</p>
${alert(shown.problem)}
<form method="post" action="${escaped(target.action)}">
${hiddenFields(target)}
<label for="code">Code</label>
<input id="code" name="user_code" autocomplete="off" autocapitalize="characters" required value="${escaped(shown.code)}" autofocus>
<button type="submit">Continue</button>
</form>`,
  )
}

export function confirmCodePage(target: FormTarget, shown: { readonly client: string; readonly code: string }): string {
  return page(
    'Confirm the code',
    `<p>${escaped(shown.client)} waits for this code. Continue only if it is the one that you see there:</p>
<p><code>${escaped(shown.code)}</code></p>
<form method="post" action="${escaped(target.action)}">
${hiddenFields(target)}
<button type="submit" name="confirm" value="yes">Continue</button>
<button type="submit" name="abort" value="yes">Refuse</button>
</form>`,
  )
}

export function messagePage(title: string, sentence: string): string {
  return page(title, `<p>${escaped(sentence)}</p>`)
}

function page(title: string, body: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} - Sealward</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${body}
</main>
</body>
</html>
`
}

function alert(problem: string | undefined): string {
  return problem === undefined ? '' : `<p role="alert">${escaped(problem)}</p>`
}

function hiddenFields({ hidden }: FormTarget): string {
  return Object.entries(hidden)
    .map(([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`)
    .join('\n')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '')
}
