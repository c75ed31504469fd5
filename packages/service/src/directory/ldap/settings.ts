/**
 * Settings of a directory that is asked by LDAP (RFC 4511): Active Directory or any other server. Every forest or server of
 * its own is a source; the first source that knows a name answers.
 */
import { resolve } from 'node:path'
import { isLoopbackHost } from '@sealward/protocol'
import { z } from 'zod'

const url = z.string().refine(isServerUrl, 'ldaps:// or ldap://, host and port only')

const domain = z.string().regex(/^[^@\s.]+(?:\.[^@\s.]+)+$/, 'a mail domain')

const source = z
  .strictObject({
    name: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .describe('What messages call it; the host of its first server unless given'),
    urls: z.array(url).min(1).max(10).describe('Servers with the same data, the preferred one first'),
    caFile: z
      .string()
      .min(1)
      .optional()
      .describe('Certificates that vouch for the servers, PEM; the usual ones unless given'),
    plaintext: z
      .boolean()
      .default(false)
      .describe('No encryption with ldap://, instead of StartTLS: tests on loopback only'),
    bindDn: z.string().min(1).describe('Account that reads the directory: DN, or user principal name'),
    passwordFile: z.string().min(1).describe('File with its password in the first line'),
    baseDn: z.string().optional().describe('Where people and groups are; the main naming context unless given'),
    domains: z
      .array(domain)
      .max(1_000)
      .optional()
      .describe('Mail domains whose addresses it may tell about; all unless given'),
  })
  .refine(
    ({ plaintext, urls }) =>
      !plaintext || urls.every((each) => URL.canParse(each) && isLoopbackHost(new URL(each).hostname)),
    'plaintext is for loopback only',
  )

export const ldapDirectorySchema = z.strictObject({
  sources: z.array(source).min(1).max(20).describe('Forests and servers, in the order in which they are asked'),
  timeoutSeconds: z.number().min(0.1).max(60).default(5).describe('Longest wait for a connection or an answer'),
  groupSeconds: z.number().min(0.1).max(60).default(2).describe('Longest search for all groups of a person'),
  connectionsMost: z.int().min(1).max(64).default(4).describe('Connections to each source'),
  cacheSeconds: z.number().min(0).max(3_600).default(300).describe('How old an answer may be'),
  unknownCacheSeconds: z
    .number()
    .min(0)
    .max(3_600)
    .default(60)
    .describe('How old the answer may be that a name is unknown, or a person in no group'),
})

export type LdapDirectorySettings = z.output<typeof ldapDirectorySchema>
export type LdapSourceSettings = LdapDirectorySettings['sources'][number]

/** The same settings with paths that do not depend on a folder. */
export function absoluteLdapSettings(settings: LdapDirectorySettings, folder: string): LdapDirectorySettings {
  const sources = settings.sources.map(({ caFile, passwordFile, ...rest }) => ({
    ...rest,
    passwordFile: resolve(folder, passwordFile),
    ...(caFile === undefined ? {} : { caFile: resolve(folder, caFile) }),
  }))
  return { ...settings, sources }
}

function isServerUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, pathname, search, hash, username, password } = new URL(text)
  const nothingElse = ['', '/'].includes(pathname) && search + hash + username + password === ''
  return (protocol === 'ldap:' || protocol === 'ldaps:') && hostname !== '' && nothingElse
}
