/** Protects one document completely: licence and container, with cached use licences and a label if asked for. */
import {
  memorySink,
  memorySource,
  type NewUseLicense,
  type PfileShape,
  type SensitivityLabel,
  writePfile,
  writeProtectedOffice,
} from '@sealward/formats'
import { type GrantedRight, issueUseLicense } from '@sealward/xrml'
import type { SampleDesk } from '../authorities/desks.ts'
import { type RandomBytes, randomGuid } from '../randomness.ts'
import { forbidsCaching, publish, type PublishedContent, type PublishInput } from './publish.ts'
import type { SampleTemplates } from './templates.ts'

export type SampleContainer =
  | { readonly kind: 'office' }
  /** @property extension original extension with the dot */
  | { readonly kind: 'pfile'; readonly shape: PfileShape; readonly extension: string; readonly metadata?: Uint8Array }

export interface ProtectDocumentInput extends PublishInput {
  readonly container: SampleContainer
  readonly content: Uint8Array
  /** Store the owner's use licence in the document, unless the policy forbids it. */
  readonly cacheForOwner?: boolean | undefined
  /** Store a server-issued use licence of another person. */
  readonly cacheFor?: { readonly reader: SampleDesk; readonly rights: readonly GrantedRight[] } | undefined
  readonly labels?: readonly SensitivityLabel[] | undefined
  /** Changes the stored licence text after signing; for documents that must be refused. */
  readonly alterLicense?: ((text: string) => string) | undefined
}

export interface ProtectedDocument extends PublishedContent {
  readonly bytes: Uint8Array
}

export async function protectDocument(
  input: ProtectDocumentInput,
  templates: SampleTemplates,
  random: RandomBytes,
): Promise<ProtectedDocument> {
  const published = await publish(input, templates, random)
  const { container, content, alterLicense } = input
  const stored = published.licenses.join('')
  const text = alterLicense === undefined ? stored : alterLicense(stored)
  const sink = memorySink()
  if (container.kind === 'pfile') {
    const { shape, extension, metadata } = container
    writePfile(
      {
        shape,
        extension,
        licenseText: text,
        cipher: published.contentKey,
        content: memorySource(content),
        ...(metadata === undefined ? {} : { metadata }),
      },
      sink,
    )
  } else {
    writeProtectedOffice(
      {
        // The declaration stands once, before the concatenated documents (MS-OFFCRYPTO 2.2.6).
        licenseText: `<?xml version="1.0"?>${text}`,
        cipher: published.contentKey,
        content: memorySource(content),
        useLicenses: await cachedLicenses(input, published, templates, random),
        labels: input.labels ?? [],
      },
      sink,
    )
  }
  return { ...published, bytes: sink.bytes() }
}

async function cachedLicenses(
  input: ProtectDocumentInput,
  published: PublishedContent,
  templates: SampleTemplates,
  random: RandomBytes,
): Promise<readonly NewUseLicense[]> {
  const cached: NewUseLicense[] = []
  if (forbidsCaching(input.policy, templates)) return cached
  if (input.cacheForOwner === true && published.ownerUseLicense !== undefined) {
    cached.push({
      guid: random(16),
      user: { account: 'Windows', name: input.desk.author.address },
      certificates: [published.ownerUseLicense, ...input.desk.licensorChain],
    })
  }
  if (input.cacheFor !== undefined) {
    const { reader, rights } = input.cacheFor
    const { cluster } = input.desk
    const license = await issueUseLicense({
      licenseId: randomGuid(random),
      issuedAt: input.issuedAt,
      licensor: cluster.certificate.principal,
      key: cluster.key.handle,
      account: reader.account,
      publishingLicense: published.publishingLicense,
      contentKey: published.contentKey,
      rights,
      random,
    })
    cached.push({
      guid: random(16),
      user: { account: 'Windows', name: reader.author.address },
      certificates: [license, ...cluster.chain],
    })
  }
  return cached
}
