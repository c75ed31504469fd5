/** The pages that the library asks for: entering the code of a device, and errors. */
import type { ErrorOut, KoaContextWithOIDC } from 'oidc-provider'
import { codePage, confirmCodePage, messagePage, type FormTarget } from './pages.ts'

/** Where the code in the address is kept: the library would send it on with a script. */
export const typedCode = Symbol('user code of the address')

export function userCodeInputSource(context: KoaContextWithOIDC, _form: string, out?: ErrorOut, error?: Error): void {
  const state = context.state as { readonly [typedCode]?: string }
  const entered = error !== undefined && 'userCode' in error ? String(error.userCode) : (state[typedCode] ?? '')
  const problem =
    out === undefined && error === undefined ? {} : { problem: 'This code is not valid, or not any more.' }
  show(context, codePage(verificationForm(context), { code: entered, ...problem }))
}

export function userCodeConfirmSource(
  context: KoaContextWithOIDC,
  _form: string,
  client: { readonly clientName?: string | undefined; readonly clientId: string },
  _deviceInfo: unknown,
  userCode: string,
): void {
  const target = verificationForm(context)
  const hidden = { ...target.hidden, user_code: userCode }
  show(
    context,
    confirmCodePage({ ...target, hidden }, { client: client.clientName ?? client.clientId, code: userCode }),
  )
}

export function userCodeSuccessSource(context: KoaContextWithOIDC): void {
  show(context, messagePage('Signed in', 'Your program is signed in. You can close this window.'))
}

/** What the library says about an error names parameters and states, never values of credentials. */
export function renderError(context: KoaContextWithOIDC, out: ErrorOut): void {
  show(context, messagePage('Not signed in', `${out.error_description ?? out.error} [${out.error}]`))
}

function verificationForm(context: KoaContextWithOIDC): FormTarget {
  const { session } = context.oidc
  const state = session?.['state'] as { readonly secret?: string } | undefined
  return { action: context.oidc.urlFor('code_verification'), hidden: { xsrf: state?.secret ?? '' } }
}

function show(context: KoaContextWithOIDC, page: string): void {
  context.type = 'html'
  context.body = page
}
