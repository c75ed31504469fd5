/**
 * The plan of a migration: every parameter of every step, and never a secret. One strict schema is documentation and
 * check in one; a plan is stored as its canonical JSON, whose digest approvals are given for.
 */
import { digestOf } from './canonical-json.ts'
import { flag, listOf, oneOf, readShape, record, text, textOr, wholeNumber, type ShapeOf } from './shape.ts'
import type { Role } from './states.ts'

const name = text({ most: 100 })
const path = text({ most: 1_024 })
const address = text({ form: /^[^\s@]+@[^\s@]+$/, says: 'a mail address' })
const host = text({ form: /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i, says: 'a host name', most: 253 })
const fingerprint = text({ form: /^[0-9a-f]{64}$/, says: 'a fingerprint: 64 hexadecimal digits in lower case' })
/** Kept letter by letter: clients compare addresses in licences literally. */
const url = text({
  form: /^https?:\/\/[^\s/?#@\\]+(?:\/[^\s?#\\]*)?$/i,
  says: 'an http or https URL without blanks, query or user name',
})
/** Of a service of this product, whose base path may be any. */
const serviceUrl = text({
  form: /^https?:\/\/[^\s/?#@\\]+(?:\/[a-z0-9._~/-]*)?$/i,
  says: 'the root of an http or https URL, with the base path of its services where that is not /_wmcs',
})
/** A name, or a web site with a base path of its own. */
const formerSite = text({
  form: /^(?:https?:\/\/[a-z0-9.-]+(?::\d{1,5})?(?:\/[a-z0-9._~-]+)+\/?|[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?)$/i,
  says: 'a host name, with a port or without, or the URL of a web site with its base path',
})
const adminUrl = text({ form: /^https?:\/\/[^\s/?#@\\]+\/?$/i, says: 'the root of an http or https URL' })

/** Where the private key of a cluster is kept. */
const keyStorage = oneOf('database', 'supported-hsm', 'other-hsm', 'other-provider')

const cluster = record(
  {
    name,
    role: oneOf('root', 'licensing-only'),
    system: oneOf('2003', '2008', '2008-r2', '2012', '2012-r2', '2016', '2019', '2022', 'sealward'),
    mode: oneOf(1, 2),
    keyStorage,
    /** False: the key cannot leave its module, and the cluster stays as a read-only source. */
    exportable: flag,
    /** Licensing URLs exactly as licences carry them, intranet and extranet. */
    licensingUrls: listOf(url, 100),
  },
  {
    /** Names in the server certificate of the cluster. */
    friendlyName: name,
    keyProtection: oneOf('module', 'operator-card'),
    /** Root of its administration, for clusters of this product. */
    adminUrl,
    /** Export of the ServiceRequest view, for all others. */
    requestLog: path,
    /** Short names under which people reach it. */
    shortNames: listOf(host, 20),
  },
)

const keyReference = record(
  { kind: oneOf('pkcs11', 'vault') },
  { label: text({ form: /^[a-z0-9-]+$/, says: 'lower-case letters, digits and hyphens' }), url },
)

const domainExport = record(
  { file: path, cluster: name, active: flag },
  { key: fingerprint, friendlyName: name, privateKeyFile: path, keyReference },
)

const people = listOf(name, 100)

const onboarding = record(
  {
    group: name,
    groupKind: oneOf('security', 'distribution'),
    scope: oneOf('All', 'WindowsApp', 'MobileApp'),
    extranetUrl: url,
  },
  { members: listOf(address) },
)

const mail = record({ place: oneOf('hosted', 'on-premises'), version: oneOf('2010', '2013', '2016', '2019') })

const connector = record({
  url,
  account: address,
  servers: listOf(record({ name: host, kind: oneOf('mail', 'collaboration', 'files') }), 1_000),
})

const partner = record(
  {
    name,
    /** Mail domains of its people; its hosts are recognised by them as well. */
    domains: listOf(host, 100),
  },
  {
    /** Licensing URLs of its clusters exactly as licences carry them. */
    licensingUrls: listOf(url, 100),
    /** Root of its tenant: scheme and host, and its base path where that is not the usual one. */
    tenantUrl: serviceUrl,
    /** Keys that issue the account certificates of its people: of its clusters, and of its tenant. */
    accountIssuers: listOf(fingerprint, 100),
    /** Roots that the licences of its services lead to. */
    trustedRoots: listOf(fingerprint, 100),
  },
)

export const planShape = record(
  {
    organisation: name,
    /** Which published numbering is shown first. */
    numbering: oneOf('2016', 'newer'),
    clusters: listOf(cluster, 50),
    tenant: record({
      adminUrl,
      /** Root of the tenant: scheme and host, which begins with the service id, and its base path where that is not the usual one. */
      url: serviceUrl,
      target: oneOf('service-managed', 'customer-managed'),
      domains: listOf(host, 1_000),
    }),
    exports: listOf(domainExport, 200),
    /** Roots that the chains of the exports may end at. */
    trustedRoots: listOf(fingerprint, 100),
    approvals: oneOf('second-person', 'none'),
  },
  {
    /** What becomes of rights of everybody: nothing, or the members of these domains and these addresses. */
    anyone: textOr(oneOf('drop'), record({ grantTo: listOf(address, 200) })),
    onboarding,
    mail,
    connector,
    partners: listOf(partner, 1_000),
    batches: listOf(record({ name, users: listOf(address), machines: listOf(host) }), 1_000),
    readOnly: record({ clusters: listOf(name, 50) }, { group: name }),
    watch: record({ quietDays: wholeNumber(1, 365), macs: flag }),
    /** Old hosts and web sites that the tenant answers for when the clusters are off. */
    takeOver: listOf(formerSite, 200),
    rekey: record({ key: textOr(oneOf('oldest', 'new'), record({ id: fingerprint })) }),
    /** Report of a rehearsal over the documents, JSON. */
    rehearsal: path,
    /** Users and groups of the tenant, JSON as a directory file of the service. */
    directory: path,
    /** Licences of old documents, one per key and template, for the comparison of rights. */
    samples: path,
    dns: record({ mailDomains: listOf(host, 1_000) }, { servers: listOf(text(), 10) }),
    /** Who does the steps of a role, by the names given with `--as`; roles that are not listed are open to everybody. */
    roles: record({}, {
      'cluster administrator': people,
      'tenant administrator': people,
      'directory administrator': people,
      'client administrator': people,
      'mail administrator': people,
      'key custodian': people,
    } satisfies Record<Role, unknown>),
    /** List of keys imported by all projects of this organisation. */
    keyRegistry: path,
  },
)

export type MigrationPlan = ShapeOf<typeof planShape>
export type PlannedCluster = MigrationPlan['clusters'][number]
export type PlannedPartner = NonNullable<MigrationPlan['partners']>[number]
export type PlannedExport = MigrationPlan['exports'][number]

/** @throws RightsError `plan-invalid`, naming the field */
export function readPlan(value: unknown): MigrationPlan {
  return readShape(planShape, value, 'plan-invalid')
}

export function planDigest(plan: MigrationPlan): string {
  return digestOf(plan)
}
