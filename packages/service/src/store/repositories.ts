/** All repositories of one tenant over one executor: the database, or a transaction of it. */
import type { Repositories } from '../core/store.ts'
import { accountKeyRepository } from './repositories/account-keys.ts'
import { authorityRepository } from './repositories/authorities.ts'
import { clientLicensorRepository } from './repositories/client-licensors.ts'
import { configurationVersion, nextConfigurationVersion } from './repositories/configuration-version.ts'
import { exclusionRepository } from './repositories/exclusions.ts'
import { issuedLicenseRepository } from './repositories/issued-licenses.ts'
import { keyRepository } from './repositories/keys.ts'
import { lineageRepository } from './repositories/lineage.ts'
import { logRepository } from './repositories/logs.ts'
import { readNeighbours } from './repositories/neighbours.ts'
import { offlineKeyRepository } from './repositories/offline-keys.ts'
import type { RepositoryInput } from './repositories/repository-input.ts'
import { requestRepository } from './repositories/requests.ts'
import { revocationRepository } from './repositories/revocations.ts'
import { settingRepository } from './repositories/settings.ts'
import { superUserRepository } from './repositories/super-users.ts'
import { synchronisedDirectoryRepository } from './repositories/synchronised-directory.ts'
import { templateRepository } from './repositories/templates.ts'
import { tokenSubjectRepository } from './repositories/token-subjects.ts'
import { userDomainRepository } from './repositories/user-domains.ts'
import { keyVault } from './repositories/vault.ts'

export function repositoriesOver(input: RepositoryInput): Repositories {
  return {
    configurationVersion: () => configurationVersion(input),
    nextConfigurationVersion: () => nextConfigurationVersion(input),
    neighbours: () => readNeighbours(input),
    vault: keyVault(input),
    keys: keyRepository(input),
    templates: templateRepository(input),
    superUsers: superUserRepository(input),
    userDomains: userDomainRepository(input),
    accountKeys: accountKeyRepository(input),
    authorities: authorityRepository(input),
    lineage: lineageRepository(input),
    logs: logRepository(input),
    settings: settingRepository(input),
    requests: requestRepository(input),
    clientLicensors: clientLicensorRepository(input),
    synchronisedDirectory: synchronisedDirectoryRepository(input),
    exclusions: exclusionRepository(input),
    revocations: revocationRepository(input),
    issuedLicenses: issuedLicenseRepository(input),
    offlineKeys: offlineKeyRepository(input),
    tokenSubjects: tokenSubjectRepository(input),
  }
}
