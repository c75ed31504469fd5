/** The decision on the client: what the file is, who signed its licence, who is asked for it, and what this machine keeps. */
import {
  discoverService,
  findUseLicense,
  listStoredIdentities,
  openFileSource,
  readPublishedLicense,
  type PublishedLicense,
  type StoredUseLicense,
} from '@sealward/client'
import { detectFormat, openProtected } from '@sealward/formats'
import { isRightsError, parseXrmlChain } from '@sealward/xrml'
import { explainDocument, type ExplainedDocument } from '../commands/client/explain-document.ts'
import { explainStore, type ExplainedIdentity } from '../commands/client/explain-store.ts'
import { summariseLicense, type LicenseSummary } from '../commands/license-summary.ts'
import { discoveryInput, type ClientConfiguration } from '../connection/client-configuration.ts'
import { describeError, type ReportedError } from '../terminal/output.ts'

export interface ClientSide {
  readonly format: string
  readonly licence: LicenseSummary
  /** Who is asked for the licence; null without a service to start from. */
  readonly document: ExplainedDocument | null
  readonly service: string | null
  /** What this machine keeps of the user. */
  readonly identities: readonly ExplainedIdentity[]
  /** The newest licence for this document that this machine keeps for the user. */
  readonly keptLicence: StoredUseLicense | null
  /** What stops the client before it asks anybody. */
  readonly problems: readonly ReportedError[]
}

export interface ReadDocument {
  readonly format: string
  /** Publishing licence and its certificates, as the service is asked with them. */
  readonly serialized: string
  readonly summary: LicenseSummary
  readonly published: PublishedLicense
}

/** @throws RightsError `file-not-protected`, and what is wrong with the file or its licence */
export function readDocument(path: string): ReadDocument {
  const source = openFileSource(path)
  try {
    const { format } = detectFormat(source)
    const { licenseText } = openProtected(source)
    const published = readPublishedLicense(licenseText)
    const { summary } = summariseLicense(parseXrmlChain(licenseText))
    return { format, serialized: published.signed.join(''), summary, published }
  } finally {
    source.close()
  }
}

export async function explainClientSide(
  path: string,
  { format, summary, published }: ReadDocument,
  user: string,
  configuration: ClientConfiguration,
): Promise<ClientSide> {
  const problems: ReportedError[] = []
  const now = new Date()
  const asked = await whoIsAsked(path, user, configuration).catch((error: unknown) => {
    if (!isRightsError(error)) throw error
    problems.push(describeError(error))
    return { document: null, service: null }
  })
  const store = explainStore(configuration.storeDirectory, user, now)
  if (store.problem !== null) problems.push(store.problem)
  const kept = store.problem === null ? keptLicence(configuration.storeDirectory, user, published, now) : undefined
  return { format, licence: summary, ...asked, identities: store.identities, keptLicence: kept ?? null, problems }
}

async function whoIsAsked(
  path: string,
  user: string,
  configuration: ClientConfiguration,
): Promise<Pick<ClientSide, 'document' | 'service'>> {
  const input = discoveryInput({ ...configuration, rules: { ...configuration.rules, askHosts: false } })
  const discovery = await discoverService({ ...input, user })
  const document = await explainDocument(path, configuration, discovery, false)
  return { document, service: discovery.service?.url ?? null }
}

function keptLicence(
  directory: string,
  user: string,
  published: PublishedLicense,
  now: Date,
): StoredUseLicense | undefined {
  const all = storedIn(directory).filter((identity) => identity.user === user.toLowerCase())
  const found = all.flatMap((identity) => findUseLicense(identity, published, now) ?? [])
  return found.toSorted((a, b) => (b.issuedAt?.getTime() ?? 0) - (a.issuedAt?.getTime() ?? 0))[0]
}

function storedIn(directory: string): ReturnType<typeof listStoredIdentities> {
  try {
    return listStoredIdentities(directory)
  } catch (error) {
    // A folder of other things is not one yet.
    if (isRightsError(error, 'client-store-unknown')) return []
    throw error
  }
}
