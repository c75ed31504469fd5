/** The command line of the suite. Secrets come from files, never from the command line. */
import { createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { readTpd } from '@sealward/keys'
import { serviceUrlOf } from '@sealward/protocol'
import { parseIssuingCertificate, parseXrml, parseXrmlChain, softwareKeyHandle } from '@sealward/xrml'
import type { NamedServer } from './named-server.ts'
import { serverStates, type ServerState } from './row.ts'
import type { Account, Issuer, Machine } from './tester.ts'

export const usage = `npm run conformance -- [OPTIONS]

Checks every row of the fault tables and every order of checks. Without --url our own service is started for it.

  --url URL                          address of the server, such as https://rms.test.example, with its
                                     base path where that is not /_wmcs
  --user ADDRESS                     an account that the server certifies
  --password-file FILE               its password; it is sent by HTTP Basic authentication
  --admitted ADDRESS                 an account that the server names for its closed endpoints
  --admitted-password-file FILE      its password
  --machine-chain FILE               a machine certificate and its issuers, one XrML document behind the other
  --machine-key FILE                 the machine's private key in PEM
  --export FILE                      the server's own trusted publishing domain file
  --export-password-file FILE        its password
  --state STATE                      what the server is, may be repeated: ${serverStates.join(', ')}
  --wsdl DIR                         folder with the printed service descriptions; else the server's own are used
  --only ID                          only rows whose id begins so, such as 4.1/Certify
  --json                             the result as JSON
`

export interface SuiteOptions {
  /** Absent: our own service. */
  readonly server?: NamedServer
  readonly wsdl: string | undefined
  readonly only: string
  readonly json: boolean
}

/** @throws Error for options that do not fit, or files that cannot be read */
export function readOptions(args: readonly string[]): SuiteOptions | 'help' {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    args: [...args],
    options: {
      url: text,
      user: text,
      'password-file': text,
      admitted: text,
      'admitted-password-file': text,
      'machine-chain': text,
      'machine-key': text,
      export: text,
      'export-password-file': text,
      state: { type: 'string', multiple: true },
      wsdl: text,
      only: text,
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  })
  if (values.help === true) return 'help'
  const common = { wsdl: values.wsdl, only: values.only ?? '', json: values.json === true }
  const { url } = values
  if (url === undefined) return common
  const user = account(values.user, values['password-file'])
  if (user === undefined) throw new Error('--url needs --user and --password-file')
  const admitted = account(values.admitted, values['admitted-password-file'])
  const machine = machineOf(values['machine-chain'], values['machine-key'])
  const licensor = licensorOf(values.export, values['export-password-file'])
  return {
    ...common,
    server: {
      url: serviceUrlOf(url),
      states: (values.state ?? []).map(stateOf),
      tester: {
        user,
        ...(admitted === undefined ? {} : { admitted }),
        ...(machine === undefined ? {} : { machine }),
        ...(licensor === undefined ? {} : { licensor }),
      },
    },
  }
}

function stateOf(text: string): ServerState {
  const state = serverStates.find((known) => known === text)
  if (state === undefined) throw new Error(`--state ${text}: one of ${serverStates.join(', ')}`)
  return state
}

function account(address: string | undefined, file: string | undefined): Account | undefined {
  if (address === undefined || file === undefined) return undefined
  return { address, password: passwordIn(file) }
}

function passwordIn(file: string): string {
  return readFileSync(file, 'utf8').replace(/\r?\n$/, '')
}

function machineOf(chainFile: string | undefined, keyFile: string | undefined): Machine | undefined {
  if (chainFile === undefined) return undefined
  const chain = parseXrmlChain(readFileSync(chainFile, 'utf8')).map(({ text }) => text)
  if (keyFile === undefined) return { chain }
  return { chain, key: softwareKeyHandle(createPrivateKey(readFileSync(keyFile))) }
}

function licensorOf(file: string | undefined, passwordFile: string | undefined): Issuer | undefined {
  if (file === undefined || passwordFile === undefined) return undefined
  const { privateKey, licensorChain } = readTpd({ file: readFileSync(file), password: passwordIn(passwordFile) })
  if (privateKey === undefined) throw new Error(`${file} holds no private key`)
  const { principal } = parseIssuingCertificate(parseXrml(licensorChain[0] ?? ''))
  return { principal, key: softwareKeyHandle(privateKey), chain: licensorChain }
}
