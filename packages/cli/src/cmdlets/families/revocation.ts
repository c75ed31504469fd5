/** Documents that administrators of a tenant revoke and give free again. */
import { defineCmdlet, type Cmdlet } from '../cmdlet.ts'

const parameters = {
  ContentId: { kind: 'text', required: true, says: 'content identifier of the document' },
  IssuerName: { kind: 'text', says: 'who published it; without this parameter whoever did' },
} as const

const examples = [
  '-ContentId 6f1c5f0e-1111-4222-8333-444455556666 -IssuerName anna@lakeside.example',
  '-ContentId 6f1c5f0e-1111-4222-8333-444455556666 -Force',
] as const

interface Named {
  readonly ContentId: string
  readonly IssuerName?: string | undefined
}

function bodyOf({ ContentId: contentId, IssuerName: publisher }: Named) {
  return { kind: 'document' as const, contentId, ...(publisher === undefined ? {} : { publisher }) }
}

export const revocationCmdlets: readonly Cmdlet[] = [
  defineCmdlet({
    names: ['Set-AipServiceDocumentRevoked'],
    synopsis: 'Revoke a document: nobody but its publisher gets a licence any more',
    changes: true,
    parameters,
    examples,
    run: async (values, context) => {
      const administration = await context.administration()
      const body = bodyOf(values)
      const { lastUse } = await administration.call('previewRevocation', { body })
      const last = lastUse === null ? 'never dies' : `dies at ${lastUse}`
      if (!(await context.agreed([`revoke ${values.ContentId}; the last offline copy ${last}`]))) return undefined
      const { licenses, ...horizon } = await administration.call('revoke', { body })
      return { ContentId: values.ContentId, Licenses: licenses, LastUse: horizon.lastUse ?? 'never' }
    },
  }),
  defineCmdlet({
    names: ['Clear-AipServiceDocumentRevoked'],
    synopsis: 'Undo the revocation of a document',
    changes: true,
    parameters,
    examples,
    run: async (values, context) => {
      const administration = await context.administration()
      if (!(await context.agreed([`${values.ContentId} is revoked no longer`]))) return undefined
      await administration.call('unrevoke', { body: bodyOf(values) })
      return undefined
    },
  }),
]
