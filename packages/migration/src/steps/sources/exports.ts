/**
 * The exported trusted publishing domains of the plan: opened and checked, each with what is wrong with it. A file that
 * does not open is a finding of its own and does not hide the others.
 */
import { statSync } from 'node:fs'
import { basename } from 'node:path'
import { checkTpd, readPrivateKeyPem, readTpd, type CheckedTpd, type TrustedPublishingDomain } from '@sealward/keys'
import {
  isRightsError,
  issuerKeyOf,
  parseIssuingCertificate,
  parseSignedXrml,
  softwareKeyHandle,
  type PublicKey,
  type RightsError,
} from '@sealward/xrml'
import type { PlannedExport } from '../../project/plan.ts'
import { readWhole } from '../../project/project-folder.ts'

export interface OpenedExport {
  readonly planned: PlannedExport
  readonly name: string
  /** The file may be read by others than its owner. */
  readonly exposed: boolean
  readonly file: Uint8Array | undefined
  /** For a file without its key. */
  readonly privateKeyPem: string | undefined
  readonly domain: TrustedPublishingDomain | undefined
  readonly publicKey: PublicKey | undefined
  /** Name of the server in its certificate; Office compares it. */
  readonly licensorName: string | undefined
  /** Licensing URLs in the certificate and in the templates. */
  readonly urls: readonly string[]
  /** Fingerprints of the roots that its chain may end at. */
  readonly trustedRoots: readonly string[]
  /** Present if the domain may be imported as it is. */
  readonly checked: CheckedTpd | undefined
  readonly refusal: RightsError | undefined
}

export interface OpenExportInput {
  readonly planned: PlannedExport
  readonly path: string
  readonly privateKeyPath: string | undefined
  readonly trustsRoot: (root: PublicKey) => boolean
  readonly passwordOf: (file: string) => Promise<string>
  readonly now: Date
}

export async function openExport(input: OpenExportInput): Promise<OpenedExport> {
  const opened: { -readonly [K in keyof OpenedExport]: OpenedExport[K] } = {
    planned: input.planned,
    name: basename(input.path),
    exposed: false,
    file: undefined,
    privateKeyPem: undefined,
    domain: undefined,
    publicKey: undefined,
    licensorName: undefined,
    urls: [],
    trustedRoots: [],
    checked: undefined,
    refusal: undefined,
  }
  try {
    opened.file = readWhole(input.path)
    opened.exposed = isExposed(input.path)
    const domain = readTpd({ file: opened.file, password: await input.passwordOf(input.planned.file) })
    opened.domain = domain
    const licensor = parseIssuingCertificate(parseSignedXrml(domain.licensorChain[0] ?? ''))
    opened.publicKey = licensor.principal.publicKey
    opened.licensorName = licensor.principal.object.name
    opened.urls = licensor.url === undefined ? [] : [licensor.url]
    const { privateKeyPath } = input
    opened.privateKeyPem = privateKeyPath === undefined ? undefined : readWhole(privateKeyPath).toString('utf8')
    const pem = opened.privateKeyPem
    const anchors = acceptedRoots(domain, input.trustsRoot)
    opened.trustedRoots = anchors.map(({ fingerprint }) => fingerprint)
    const checked = await checkTpd(domain, {
      anchors,
      now: input.now,
      ...(pem === undefined ? {} : { keyOverride: softwareKeyHandle(readPrivateKeyPem(pem)) }),
    })
    opened.checked = checked
    opened.urls = [...new Set([...opened.urls, ...templateUrls(checked)])]
  } catch (error) {
    if (!isRightsError(error)) throw error
    opened.refusal = error
  }
  return opened
}

/** Modes say nothing on Windows, where access control lists decide. */
function isExposed(path: string): boolean {
  return process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0
}

function acceptedRoots(domain: TrustedPublishingDomain, trusts: OpenExportInput['trustsRoot']): readonly PublicKey[] {
  return domain.licensorChain.flatMap((text) => {
    try {
      const issuer = issuerKeyOf(parseSignedXrml(text))
      return trusts(issuer) ? [issuer] : []
    } catch (error) {
      // Its check says in its own words what is wrong with the chain.
      if (isRightsError(error)) return []
      throw error
    }
  })
}

function templateUrls({ templates }: CheckedTpd): readonly string[] {
  return templates.flatMap(({ policy }) =>
    (policy?.distributionPoints ?? []).filter(({ type }) => type === 'Publishing-URL').map(({ url }) => url),
  )
}
