/**
 * Who may ask the embedded OpenID provider for tokens: our own command line, the clients of the REST protocol with the
 * identifiers and redirects under which authorities know them, and applications of the configuration with their secrets.
 */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { ClientMetadata } from 'oidc-provider'
import { RightsError } from '@sealward/xrml'

export interface ApplicationSettings {
  readonly id: string
  readonly secretFile: string
}

/** Of our own client. Any port of the redirect counts (RFC 8252, 7.3). */
const commandLine: ClientMetadata = {
  client_id: 'sealward',
  client_name: 'Sealward command line',
  redirect_uris: ['http://127.0.0.1/callback'],
  grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
}

const publicClients: readonly (readonly [name: string, id: string, ...redirects: string[]])[] = [
  [
    'Microsoft Office',
    'd3590ed6-52b3-4102-aeff-aad2292ab01c',
    'urn:ietf:wg:oauth:2.0:oob',
    'launch-word://com.microsoft.Office.Word',
    'launch-excel://com.microsoft.Office.Excel',
    'launch-ppt://com.microsoft.Office.Powerpoint',
  ],
  [
    'RMS sharing app for macOS',
    '96731E97-2204-4D74-BEA5-75DCA53566C3',
    'com.microsoft.rms-sharing-for-osx://authorize',
  ],
  ['AIP app for iOS', '9D7590FB-9536-4D87-B5AA-FAA863DCC3AB', 'com.microsoft.rms-sharing-for-ios://authorize'],
  ['AIP app for Android', 'ECAD3080-3AE9-4782-B763-2DF1B1373B3A', 'com.microsoft.rms-sharing-for-android://authorize'],
  ['AIP unified labelling client', 'c00e9d32-3c8d-4a7d-832b-029040e7db99', 'com.microsoft.azip://authorize'],
]

/** Whoever holds the program holds all that it knows: no secret, but a proof that the same program asks (RFC 7636). */
const withoutSecret = {
  application_type: 'native',
  token_endpoint_auth_method: 'none',
  response_types: ['code'],
} as const

const secretShortest = 32
const secretLongest = 1_024

/** @param folder relative paths start here @throws RightsError `configuration-invalid` */
export async function registeredClients(
  applications: readonly ApplicationSettings[],
  folder: string,
): Promise<ClientMetadata[]> {
  const people = publicClients.map(([name, id, ...redirects]) => ({
    client_id: id,
    client_name: name,
    redirect_uris: redirects,
    grant_types: ['authorization_code', 'refresh_token'],
  }))
  const own = [commandLine, ...people].map((client) => ({ ...client, ...withoutSecret }))
  const known = new Set(own.map(({ client_id }) => client_id))
  for (const { id } of applications) {
    if (known.has(id)) throw invalid(`${id} is named twice, or a client that is registered already`)
    known.add(id)
  }
  return [...own, ...(await Promise.all(applications.map((each) => application(each, folder))))]
}

async function application({ id, secretFile }: ApplicationSettings, folder: string): Promise<ClientMetadata> {
  return {
    client_id: id,
    client_secret: await readApplicationSecret(resolve(folder, secretFile)),
    redirect_uris: [],
    response_types: [],
    grant_types: ['client_credentials'],
    token_endpoint_auth_method: 'client_secret_basic',
  }
}

async function readApplicationSecret(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw invalid(`${file} cannot be read`, cause)
  })
  const secret = text.split('\n', 1)[0]?.trim() ?? ''
  if (secret.length < secretShortest || secret.length > secretLongest || !/^[\x21-\x7e]+$/.test(secret)) {
    throw invalid(`the secret in ${file} needs ${secretShortest} to ${secretLongest} printable characters`)
  }
  return secret
}

function invalid(detail: string, cause?: unknown): RightsError {
  return new RightsError('configuration-invalid', { detail: `authentication.embeddedProvider: ${detail}`, cause })
}
