/**
 * Settings of the clusters of other forests (MS-RMPRS 1.3): which mail domains are theirs, where they are, and how this
 * cluster signs in there.
 */
import { resolve } from 'node:path'
import { clusterUrl, isBasePath, isLoopbackHost } from '@sealward/protocol'
import { z } from 'zod'
import { mailDomain } from '../core/mail-domain.ts'

const secureUrl = z
  .string()
  .refine(isClusterUrl, 'https://, or http:// on this machine, without user, query and fragment')

const account = z.string().regex(/^[^\s:\p{Cc}@]{1,64}@[^\s:\p{Cc}@]{1,253}$/u, 'a mail address')

const forest = z.strictObject({
  name: z.string().min(1).max(255).describe('DNS name of the forest, as contacts of Active Directory carry it'),
  domains: z.array(mailDomain).min(1).max(1_000).describe('Its mail domains'),
  serverUrl: secureUrl
    .refine(namesCluster, 'scheme, host, port, and the base path if it is another one than /_wmcs')
    .transform(clusterUrl)
    .describe('Scheme, host and port of its root cluster, with its base path where that is not /_wmcs'),
  groupExpansionUrl: secureUrl.optional().describe('Its GroupExpansion.asmx; the cluster is asked for it unless given'),
  account: account.describe('Mail address of the account with which this cluster signs in there'),
  passwordFile: z.string().min(1).describe('File with its password in the first line'),
  caFile: z
    .string()
    .min(1)
    .optional()
    .describe('Certificates that vouch for the cluster, PEM; the usual ones unless given'),
})

export const forestsSchema = z.array(forest).max(100)

export type ForestSettings = z.output<typeof forest>

/** The same settings with paths that do not depend on a folder. */
export function absoluteForest({ caFile, passwordFile, ...rest }: ForestSettings, folder: string): ForestSettings {
  return {
    ...rest,
    passwordFile: resolve(folder, passwordFile),
    ...(caFile === undefined ? {} : { caFile: resolve(folder, caFile) }),
  }
}

/** @returns what is wrong with the mail domains; a domain has one forest, and ours are of none of them */
export function contestedDomain(
  forests: readonly { readonly domains: readonly string[] }[],
  own: readonly string[],
): string | undefined {
  const taken = new Set(own)
  for (const each of forests.flatMap(({ domains }) => domains)) {
    if (taken.has(each)) return each
    taken.add(each)
  }
  return undefined
}

function namesCluster(url: string): boolean {
  const { pathname } = URL.canParse(url) ? new URL(url) : new URL('none:')
  return pathname === '/' || isBasePath(pathname)
}

/** Whether a cluster is called there: over TLS, or on this machine; without user, query and fragment. */
export function isClusterUrl(text: string): boolean {
  if (!URL.canParse(text) || text.length > 2_048) return false
  const { protocol, hostname, search, hash, username, password } = new URL(text)
  const secure = protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname))
  return secure && search + hash + username + password === ''
}
