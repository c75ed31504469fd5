/** The identity providers of the configuration, with the keys in their files. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { RightsError } from '@sealward/xrml'
import { externalIssuer, type TokenIssuer } from './token-issuers.ts'

type IssuerSettings = Omit<Parameters<typeof externalIssuer>[0], 'keys'> & { readonly keysFile: string }

/** @param folder relative paths start here @throws RightsError `configuration-invalid` */
export async function configuredIssuers(
  settings: readonly IssuerSettings[],
  folder: string,
): Promise<readonly TokenIssuer[]> {
  const issuers: TokenIssuer[] = []
  for (const { keysFile, ...issuer } of settings) {
    issuers.push(externalIssuer({ ...issuer, keys: await readKeySet(resolve(folder, keysFile)) }))
  }
  return issuers
}

async function readKeySet(file: string): Promise<Parameters<typeof externalIssuer>[0]['keys']> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Parameters<typeof externalIssuer>[0]['keys']
  } catch (cause) {
    throw new RightsError('configuration-invalid', { detail: `${file} is no key set that can be read`, cause })
  }
}
