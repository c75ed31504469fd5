/** Trusted user domains. */
import {
  changeUserDomain,
  exportUserDomain,
  importUserDomain,
  listUserDomains,
  removeUserDomain,
  type ListedUserDomain,
} from '../../../administration/trusted-user-domains.ts'
import type { AdminHandlers } from '../handler.ts'
import type { userDomainOperations } from '../operations/user-domains.ts'

export const userDomainHandlers: AdminHandlers<typeof userDomainOperations> = {
  listUserDomains: async ({ administration }) => (await listUserDomains(administration)).map(userDomainAnswer),
  async importUserDomain({ administration }, { body: { file, federatedUsers = false, ...input } }) {
    return userDomainAnswer(
      await importUserDomain(administration, { ...input, federatedUsers, file: Buffer.from(file, 'base64') }),
    )
  },
  async changeUserDomain({ administration }, { parameters: { id }, body: { mailDomains } }) {
    return userDomainAnswer(await changeUserDomain(administration, { id, mailDomains }))
  },
  async removeUserDomain({ administration }, { parameters: { id } }) {
    await removeUserDomain(administration, { id })
    return (await listUserDomains(administration)).map(userDomainAnswer)
  },
  async exportUserDomain({ administration }, { parameters: { id } }) {
    const file = await exportUserDomain(administration, { id })
    return { file: Buffer.from(file).toString('base64') }
  },
}

function userDomainAnswer({ expiresAt, importedAt, mailDomains, ...rest }: ListedUserDomain) {
  return {
    ...rest,
    mailDomains: [...mailDomains],
    expiresAt: expiresAt.toISOString(),
    ...(importedAt === undefined ? {} : { importedAt: importedAt.toISOString() }),
  }
}
