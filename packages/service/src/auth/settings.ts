/** Settings of sign-in: Windows accounts, passwords, identity providers, and people of other organisations. */
import { z } from 'zod'
import { mailDomain } from '../core/mail-domain.ts'
import { protocolAudience } from './bearer.ts'
import { clientCertificatesSchema } from './client-certificates/settings.ts'
import { accessTokenTypes, tokenAlgorithms } from './token-issuers.ts'

const httpsUrl = z
  .url({ protocol: /^https$/ })
  .refine((url) => !/^https:\/\/[^/]*@/i.test(url), 'without user name and password')

const issuer = z
  .strictObject({
    issuer: z.string().min(1).describe('The `iss` of its tokens, character by character'),
    keysFile: z.string().min(1).optional().describe('JSON Web Key Set with its public keys'),
    discoveryUrl: httpsUrl.optional().describe('Its OpenID discovery document, which says where its keys are'),
    keysUrl: httpsUrl.optional().describe('Where it publishes its keys, if it has no discovery document'),
    caFile: z.string().min(1).optional().describe('Authorities that its https certificate may come from, PEM'),
    algorithms: z.array(z.enum(tokenAlgorithms)).min(1).describe('Signature algorithms that are accepted from it'),
    domains: z.array(mailDomain).min(1).describe('Mail domains whose addresses it may vouch for'),
    tenantId: z.guid().optional().describe('The `tid` of its tokens, if it serves several organisations'),
    accessTokenType: z
      .enum(accessTokenTypes)
      .default('JWT')
      .describe('The `typ` of its access tokens; at+jwt if it follows RFC 9068'),
    subjectClaim: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe(
        'The claim that names a person for ever, and that every token has; else oid or sub, where a token has one',
      ),
  })
  .refine(
    (named) => [named.keysFile, named.discoveryUrl, named.keysUrl].filter((each) => each !== undefined).length === 1,
    'exactly one of keysFile, discoveryUrl and keysUrl',
  )

const federatedProvider = issuer.safeExtend({
  subjectClaim: z
    .string()
    .min(1)
    .max(200)
    .default('sub')
    .describe('The claim that names a person for ever; email only if no address is ever given to somebody else'),
})

const windows = z
  .strictObject({
    domain: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,14}$/)
      .describe('Short (NetBIOS) name of the domain'),
    realm: z
      .string()
      .regex(/^[A-Z0-9-]+(?:\.[A-Z0-9-]+)*$/)
      .describe('Kerberos realm, in capitals'),
    keytabFile: z.string().min(1).describe('Keys of the service HTTP/host; readable for the service alone'),
    ntlm: z
      .boolean()
      .default(false)
      .describe('Whether NTLM is accepted too; needs winbindd of a machine that has joined the domain'),
    ntlmChannelBinding: z
      .enum(['required', 'accepted'])
      .default('required')
      .describe('Whether clients must bind NTLM to the certificate of the listener; accepted lets a relay pass'),
    helper: z.string().min(1).default('ntlm_auth').describe('The program of Samba that checks tickets and NTLM'),
  })
  .describe('Sign-in with Windows accounts: Kerberos, and NTLM where it is switched on')

const challengeText = z.string().regex(/^[^,="\\\p{Cc}]{1,500}$/u, 'without commas, equals signs and quotes')

const challenge = z
  .strictObject({
    form: z
      .enum(['on-premises', 'cloud'])
      .default('on-premises')
      .describe('Whether the resource goes by the name realm, as AD RMS says it, or resource, as the cloud does'),
    resource: challengeText.default(protocolAudience).describe('What tokens must be for'),
    scope: challengeText.optional().describe('What clients shall ask the authority for besides'),
  })
  .describe('How REST clients are asked for a token')

const embeddedProvider = z
  .strictObject({
    applications: z
      .array(
        z.strictObject({
          id: z
            .string()
            .regex(/^[\w.:-]{1,100}$/)
            .describe('How the application names itself (client_id)'),
          secretFile: z.string().min(1).describe('Its secret, at least 32 characters'),
        }),
      )
      .max(100)
      .default([])
      .describe('Applications that get tokens in their own name, which open no documents'),
  })
  .describe('For development: an OpenID provider for the people of the directory, only on this machine')

export const authenticationSchema = z
  .strictObject({
    windows: windows.optional(),
    clientCertificates: clientCertificatesSchema.optional(),
    authorizationUrl: z.url().optional().describe('OAuth authorization endpoint that challenges name'),
    challenge: challenge.prefault({}),
    embeddedProvider: embeddedProvider.optional(),
    basic: z.boolean().default(true).describe('Whether people may sign in with name and password (Basic), over TLS'),
    issuers: z.array(issuer).default([]).describe('Identity providers whose tokens are accepted besides our own'),
    licensingNeedsCaller: z
      .boolean()
      .default(false)
      .describe('Whether licensing and publishing over SOAP need sign-in in addition to an account certificate'),
  })
  .refine(
    (named) => named.embeddedProvider === undefined || named.authorizationUrl === undefined,
    'authorizationUrl or embeddedProvider',
  )

export const federationSchema = z
  .strictObject({
    issuers: z
      .array(federatedProvider)
      .min(1)
      .max(100)
      .describe('Identity providers, each the only authority for its mail domains'),
    certificateDays: z.number().min(0.01).max(31).default(1).describe('Validity of account certificates, in days'),
  })
  .describe('Other organisations whose people, who are not in the directory, are certified on the word of theirs')
