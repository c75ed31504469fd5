/** What people try when a way out is checked: they open documents and protect new ones, and nothing is written. */
import { join } from 'node:path'
import { walkTree } from '@sealward/bulk'
import { openFileSource, publish, type Client } from '@sealward/client'
import { openProtected } from '@sealward/formats'
import type { Opener, RequestRow } from '@sealward/migration'
import {
  distributionUrl,
  isRightsError,
  parsePublishingLicense,
  parseXrmlChain,
  type PublishingLicense,
} from '@sealward/xrml'
import type { Administration } from '../connection/administration.ts'

/** @returns licensing URLs in a licence made just now */
export async function protectForOneself(client: Client): Promise<readonly string[]> {
  const policy = { grants: [{ to: client.user, rights: ['VIEW'] }] }
  const { documents } = await publish(client, policy, { mode: 'cbc4k', keyBytes: 32 })
  const license = publishingLicenseIn(documents.join(''))
  return [distributionUrl(license?.distributionPoints ?? [], 'License-Acquisition-URL') ?? []].flat()
}

export async function whoOpens(
  open: Opener,
  folder: string,
  people: readonly string[],
): Promise<readonly { readonly path: string; readonly address: string }[]> {
  const found: { readonly path: string; readonly address: string }[] = []
  for (const { path } of walkTree(folder)) {
    // What is not protected says nothing about a service.
    if (contentIdOf(join(folder, path)) === undefined) continue
    for (const address of people) {
      if ((await open(path, address)).outcome === 'opened') found.push({ path, address })
    }
  }
  return found
}

/** @returns the documents that were opened, by their content */
export async function recoverAll(
  open: Opener,
  folder: string,
  users: readonly string[],
): Promise<readonly { readonly contentId: string; readonly address: string }[]> {
  return (await whoOpens(open, folder, users)).map(({ path, address }) => ({
    contentId: contentIdOf(join(folder, path)) ?? '',
    address,
  }))
}

function contentIdOf(path: string): string | undefined {
  const file = openFileSource(path)
  try {
    return publishingLicenseIn(openProtected(file).licenseText)?.work.object.id
  } catch (error) {
    if (isRightsError(error)) return undefined
    throw error
  } finally {
    file.close()
  }
}

function publishingLicenseIn(text: string): PublishingLicense | undefined {
  const leaf = parseXrmlChain(text).find(({ type }) => type === 'publishing-license')
  return leaf === undefined ? undefined : parsePublishingLicense(leaf)
}

const pageSize = 1_000

export async function* requestRows({ call }: Administration): AsyncGenerator<RequestRow> {
  for (let after: number | undefined = 0; after !== undefined; ) {
    const page: { readonly rows: readonly RequestRow[]; readonly next?: number } = await call('listRequests', {
      query: { after, limit: pageSize },
    })
    yield* page.rows
    after = page.next
  }
}
