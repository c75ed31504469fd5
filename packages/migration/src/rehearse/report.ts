/**
 * The rehearsal's report. Its JSON form is a contract for other programs; lists are sorted and hold nothing of the moment,
 * so the same documents and keys give the same bytes.
 */
import type { ErrorCode } from '@sealward/xrml'
import type { KeyRing } from './key-ring.ts'
import type { DocumentFindings, RehearsedDocument } from './rehearse-document.ts'

export interface RehearsalReport {
  readonly summary: {
    readonly documents: number
    readonly opens: number
    readonly fails: number
    readonly unprotected: number
    readonly byReason: Readonly<Record<string, number>>
  }
  readonly keys: readonly {
    readonly key: string
    readonly mode: 1 | 2
    readonly bits: number
    readonly source: string
    readonly documents: number
  }[]
  readonly missingKeys: readonly {
    readonly issuerKey: string
    readonly urls: readonly string[]
    readonly documents: number
  }[]
  readonly urls: readonly { readonly url: string; readonly documents: number; readonly mapped: boolean }[]
  readonly templates: readonly {
    readonly id: string
    readonly name: string
    readonly documents: number
    readonly exported: boolean
  }[]
  readonly documents: readonly RehearsedDocument[]
}

/** Counts documents one by one, so that a large tree costs only its entries. */
export function createReport(keys: KeyRing): { add(findings: DocumentFindings): void; finish(): RehearsalReport } {
  const documents: RehearsedDocument[] = []
  const outcomes = { opens: 0, fails: 0, unprotected: 0 }
  const reasons = new Map<ErrorCode, number>()
  const byKey = new Map<string, number>()
  const missing = new Map<string, { urls: Set<string>; documents: number }>()
  const urls = new Map<string, { documents: number; mapped: boolean }>()
  const templates = new Map<string, { name: string; documents: number; exported: boolean }>()

  return {
    add: ({ entry, urls: licenseUrls, keyKnown, templateId, templateName }) => {
      // Copied: its texts are slices, each of which would keep a whole licence in memory.
      documents.push(structuredClone(entry))
      outcomes[entry.outcome]++
      if (entry.reason !== null) reasons.set(entry.reason, (reasons.get(entry.reason) ?? 0) + 1)
      if (entry.key !== null && keyKnown) byKey.set(entry.key, (byKey.get(entry.key) ?? 0) + 1)
      if (entry.key !== null && !keyKnown) {
        const known = missing.get(entry.key) ?? { urls: new Set(), documents: 0 }
        for (const url of licenseUrls) known.urls.add(url)
        missing.set(entry.key, { urls: known.urls, documents: known.documents + 1 })
      }
      for (const url of new Set(licenseUrls)) {
        const known = urls.get(url) ?? { documents: 0, mapped: true }
        urls.set(url, { documents: known.documents + 1, mapped: known.mapped && keyKnown })
      }
      if (templateId !== undefined) {
        const known = templates.get(templateId) ?? { name: templateName ?? '', documents: 0, exported: false }
        templates.set(templateId, {
          ...known,
          documents: known.documents + 1,
          exported: known.exported || entry.template !== null,
        })
      }
    },
    finish: () => ({
      summary: {
        documents: documents.length,
        ...outcomes,
        byReason: Object.fromEntries([...reasons].sort(byName)),
      },
      keys: keys.keys.map(({ publicKey, mode, source }) => ({
        key: publicKey.fingerprint,
        mode,
        bits: publicKey.bits,
        source,
        documents: byKey.get(publicKey.fingerprint) ?? 0,
      })),
      missingKeys: [...missing].sort(byName).map(([issuerKey, found]) => ({
        issuerKey,
        urls: [...found.urls].sort(),
        documents: found.documents,
      })),
      urls: [...urls].sort(byName).map(([url, found]) => ({ url, ...found })),
      templates: [...templates].sort(byName).map(([id, found]) => ({ id, ...found })),
      documents: documents.sort((a, b) => (a.path < b.path ? -1 : 1)),
    }),
  }
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0
}
