/** Before anything is planned in detail: what there is, and above all whether every key in use is exported. */
import { canonicalJson } from '../project/canonical-json.ts'
import { clientsKnown, serversPlanned } from './checks/consumers.ts'
import {
  foreignUrls,
  issuersCovered,
  logPresent,
  rehearsalPresent,
  templatesExported,
  urlsInInventory,
} from './checks/coverage.ts'
import { anyoneMapped, exportsOpen } from './checks/exports.ts'
import { mobileRecordsKnown, noDnsRedirection } from './checks/names.ts'
import { partnersPlanned, partnerUrlsListed } from './checks/partners.ts'
import { addressesComplete, groupsWithMail, superUserProcedure, usersInTenant } from './checks/people.ts'
import { cryptographicMode, keyPathSupported, readOnlyPlanned, sourceSystems } from './checks/source.ts'
import { tenantNotActive, tenantReadable } from './checks/tenant.ts'
import { inventoryOf } from './inventory.ts'
import { artefact } from './planned.ts'
import type { Step } from './step.ts'

export const inventory: Step = {
  id: '0',
  numbers: { y2016: undefined, newer: undefined },
  title: 'Inventory',
  phase: 'Before',
  role: 'cluster administrator',
  inputs: ['clusters', 'exports', 'trustedRoots', 'tenant', 'rehearsal', 'directory', 'dns', 'partners'],
  from: ['Planned', 'Prepared'],
  approval: false,
  checks: [
    issuersCovered,
    exportsOpen,
    logPresent,
    rehearsalPresent,
    urlsInInventory,
    foreignUrls,
    templatesExported,
    sourceSystems,
    cryptographicMode,
    keyPathSupported,
    readOnlyPlanned,
    tenantReadable,
    tenantNotActive,
    anyoneMapped,
    usersInTenant,
    addressesComplete,
    groupsWithMail,
    superUserProcedure,
    clientsKnown,
    serversPlanned,
    partnersPlanned,
    partnerUrlsListed,
    mobileRecordsKnown,
    noDnsRedirection,
  ],
  do: async (context) => [artefact('0', 'inventory.json', `${canonicalJson(await inventoryOf(context))}\n`)],
  verify: [],
  byHand: () => [
    'Export every trusted publishing domain of every cluster, archived ones included, with a strong password each.',
    'Do not change the cryptographic mode of a cluster before the migration.',
  ],
  undo: { loss: 'nothing', byHand: [] },
}
