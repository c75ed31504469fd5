/** The administration of a service in the words of the way out. */
import type { ExitAdministration } from '@sealward/migration'
import { RightsError } from '@sealward/xrml'
import type { Administration } from '../connection/administration.ts'

export function exitAdministration({ call }: Administration): ExitAdministration {
  return {
    configuration: () => call('getConfiguration'),
    async setState(state, { force } = {}) {
      if (state === 'not-activated')
        throw new RightsError('state-refused', { detail: 'nothing goes back to where it was before its activation' })
      return call('setState', { body: { state, ...forced(force) } })
    },
    async setReadOnly(rule) {
      await call('setReadOnly', { body: rule ?? { off: true } })
    },
    keys: () => call('listKeys'),
    async exportKey(id, password) {
      const { file } = await call('exportKey', { parameters: { id }, body: { password } })
      return Buffer.from(file, 'base64')
    },
    superUsers: () => call('getSuperUsers'),
    requests: (after, limit) => call('listRequests', { query: { after, limit } }),
    async setMigrationHost(host, { force } = {}) {
      await call('setMigrationUrl', { body: { ...(host === undefined ? {} : { host }), ...forced(force) } })
    },
    async setSuperUsersEnabled(enabled) {
      await call('enableSuperUsers', { body: { enabled } })
    },
    async addSuperUser(address) {
      await call('addSuperUser', { body: { address } })
    },
    async removeSuperUser(address) {
      await call('removeSuperUser', { parameters: { address } })
    },
  }
}

function forced(force: boolean | undefined): { readonly force?: true } {
  return force === true ? { force } : {}
}
