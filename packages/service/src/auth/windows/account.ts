/** Answers of `ntlm_auth` in the protocol gss-spnego, and the account that they name. */
import { RightsError } from '@sealward/xrml'
import type { NtlmAuth } from './ntlm-auth.ts'

/** As the domain controller has written it: into the PAC of a ticket, or into the answer to NTLM (MS-RMPR 3.1.4.3). */
export interface Account {
  readonly domain: string
  readonly name: string
}

export type Reply =
  | { readonly kind: 'more'; readonly token: string }
  | { readonly kind: 'done'; readonly account: Account; readonly token: string | undefined }

const base64 = /^[A-Za-z0-9+/]+={0,2}$/

/**
 * @param token base64 without line ends
 * @throws RightsError `credentials-refused`, `windows-sign-in-unavailable`
 */
export async function askNtlmAuth(helper: NtlmAuth, first: boolean, token: string): Promise<Reply> {
  const answer = await helper.ask(`${first ? 'YR' : 'KK'} ${token}`)
  const [, kind = '', value = '', rest = ''] = /^([A-Z]{2}) (\S+) ?(.*)$/.exec(answer) ?? []
  switch (kind) {
    case 'TT':
      if (base64.test(value)) return { kind: 'more', token: value }
      break
    case 'AF': {
      const account = readAccount(rest)
      if (account !== undefined) return { kind: 'done', account, token: base64.test(value) ? value : undefined }
      break
    }
    case 'NA':
      throw new RightsError('credentials-refused', { detail: /NT_STATUS_\w+/.exec(answer)?.[0] ?? 'by the domain' })
    default:
  }
  helper.end()
  const status = /NT_STATUS_\w+/.exec(answer)?.[0]
  throw new RightsError('windows-sign-in-unavailable', { detail: status ?? 'the helper gives no answer that is known' })
}

function readAccount(text: string): Account | undefined {
  const [domain = '', name = '', ...more] = text.split('\\')
  return domain === '' || name === '' || more.length > 0 ? undefined : { domain, name }
}
