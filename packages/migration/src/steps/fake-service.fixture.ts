/**
 * For tests: a service with an administration, whose whole state is one JSON file, so that it survives the death of the
 * process that changes it. It checks imports as the service does and keeps no private keys.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { checkTpd, readPrivateKeyPem, readTpd } from '@sealward/keys'
import {
  issuerKeyOf,
  parseSignedXrml,
  RightsError,
  softwareKeyHandle,
  type ErrorCode,
  type RightsPolicy,
} from '@sealward/xrml'
import type {
  AdminApi,
  AnyoneRule,
  DecisionPreview,
  IssuedLicensor,
  OnboardingPolicy,
  ReadOnlyRule,
  RequestRow,
  ServiceKeySummary,
  ServiceState,
  SuperUserList,
  TemplateGrant,
  TemplateSummary,
  TrustedUserDomain,
} from '../admin-api.ts'
import { anyoneRights, sameTemplate } from './template-rights.ts'

export interface FakeState {
  personality: 'cluster' | 'tenant'
  serviceId: string
  state: ServiceState
  publicUrl: string
  hostNames: readonly string[]
  keys: ServiceKeySummary[]
  templates: TemplateSummary[]
  onboarding?: OnboardingPolicy
  readOnly?: ReadOnlyRule
  superUsers: SuperUserList
  userDomains: readonly TrustedUserDomain[]
  rows: readonly RequestRow[]
  licensors: readonly IssuedLicensor[]
  /** By licence text and address. */
  decisions: Readonly<Record<string, DecisionPreview>>
  /** Changes made, in order. */
  changes: string[]
}

export const generatedKey = '0'.repeat(63).padStart(64, '9')

export function newTenant(more: Partial<FakeState> = {}): FakeState {
  return {
    personality: 'tenant',
    serviceId: '1a2b3c4d-0000-4000-8000-00000000abcd',
    state: 'not-activated',
    publicUrl: 'https://1a2b3c4d-0000-4000-8000-00000000abcd.rms.lakeside.example',
    hostNames: [],
    keys: [keySummary(generatedKey, 'active', 'created', 2, '2026-01-02T00:00:00.000Z')],
    templates: [],
    superUsers: { enabled: false, users: ['anna@lakeside.example'] },
    userDomains: [],
    rows: [],
    licensors: [],
    decisions: {},
    changes: [],
    ...more,
  }
}

export function keySummary(
  id: string,
  state: ServiceKeySummary['state'],
  origin: string,
  mode: 1 | 2,
  createdAt: string,
): ServiceKeySummary {
  return { id, state, origin, mode, bits: mode * 1024, root: '', createdAt, templates: 0, licensingUrls: [] }
}

export interface FakeService extends AdminApi {
  read(): FakeState
  write(change: (state: FakeState) => void): void
}

/** @param onChange after each change is stored, for tests that die there */
export function fakeService(path: string, initial?: FakeState, onChange?: (operation: string) => void): FakeService {
  const read = (): FakeState => JSON.parse(readFileSync(path, 'utf8')) as FakeState
  const store = (state: FakeState): void => {
    writeFileSync(`${path}.new`, JSON.stringify(state))
    renameSync(`${path}.new`, path)
  }
  if (initial !== undefined && !existsSync(path)) store(initial)
  const change = async <T>(operation: string, work: (state: FakeState) => T | Promise<T>): Promise<T> => {
    const state = read()
    const result = await work(state)
    state.changes.push(operation)
    store(state)
    onChange?.(operation)
    return result
  }
  const find = (state: FakeState, id: string): TemplateSummary =>
    state.templates.find((template) => sameTemplate(template.id, id)) ?? refuse('template-unknown', id)
  const replace = (state: FakeState, id: string, more: Partial<TemplateSummary>): void => {
    const known = find(state, id)
    state.templates = state.templates.map((template) => (template === known ? { ...template, ...more } : template))
  }

  return {
    read,
    write: (work) => {
      const state = read()
      work(state)
      store(state)
    },
    configuration: () => {
      const { personality, serviceId, state, publicUrl, hostNames, keys, templates, onboarding, readOnly } = read()
      const activeKey = keys.find((key) => key.state === 'active')?.id
      return Promise.resolve({
        personality,
        serviceId,
        state,
        publicUrl,
        licensingUrl: `${publicUrl}/_wmcs/licensing`,
        certificationUrl: `${publicUrl}/_wmcs/certification`,
        hostNames,
        keys: keys.length,
        templates: templates.length,
        superUsersEnabled: false,
        version: '0.1.0',
        ...(activeKey === undefined ? {} : { activeKey }),
        ...(onboarding === undefined ? {} : { onboarding }),
        ...(readOnly === undefined ? {} : { readOnly }),
      })
    },
    setState: (state) =>
      change(`state ${state}`, (service) => {
        const previous = service.state
        service.state = state
        return { previous }
      }),
    setReadOnly: (rule) =>
      change('read-only', (service) => {
        if (rule === undefined || Object.keys(rule).length === 0) delete service.readOnly
        else service.readOnly = rule
      }),
    setHostNames: (hostNames) =>
      change('host-names', (service) => {
        service.hostNames = hostNames
      }),
    keys: () => Promise.resolve(read().keys),
    importDomain: (request) =>
      change('import', async (service) => {
        const domain = readTpd({ file: request.file, password: request.password })
        const anchors = domain.licensorChain.map((text) => issuerKeyOf(parseSignedXrml(text)))
        const pem = request.privateKeyPem
        const checked = await checkTpd(domain, {
          anchors: anchors.filter(({ fingerprint }) => request.trustedRoots.includes(fingerprint)),
          now: new Date('2026-03-01T00:00:00Z'),
          ...(pem === undefined ? {} : { keyOverride: softwareKeyHandle(readPrivateKeyPem(pem)) }),
        })
        const { fingerprint } = checked.publicKey
        if (service.keys.some(({ id }) => id === fingerprint)) refuse('key-already-imported', fingerprint)
        const policies = checked.templates.flatMap(({ policy }) => policy ?? [])
        const templates = policies.map((policy) => imported(policy, fingerprint, request.anyone ?? 'refuse'))
        service.keys.push(
          keySummary(fingerprint, 'archived', 'imported', checked.mode.number, '2026-03-01T00:00:00.000Z'),
        )
        service.templates.push(...templates)
        return {
          keyId: fingerprint,
          mode: checked.mode.number,
          active: false,
          templates: policies.map((policy) => ({
            id: policy.id ?? '',
            name: policy.names[0]?.name ?? '',
            anyone: anyoneRights(policy),
          })),
          warnings: [],
        }
      }),
    generateKey: (name) =>
      change('generate', (service) => {
        const keyId = 'ab'.repeat(32)
        service.keys.push({ ...keySummary(keyId, 'pending', 'created', 2, '2026-06-01T00:00:00.000Z'), name })
        return { keyId }
      }),
    activateKey: (keyId) =>
      change(`activate ${keyId.slice(0, 8)}`, (service) => {
        if (!service.keys.some(({ id }) => id === keyId)) refuse('key-unknown', keyId)
        service.keys = service.keys.map((key) =>
          key.id === keyId
            ? { ...key, state: 'active', activatedAt: '2026-06-01T00:00:00.000Z' }
            : { ...key, state: key.state === 'active' ? 'archived' : key.state },
        )
        service.templates = service.templates.map((template) =>
          template.origin === 'own' ? { ...template, hash: `signed by ${keyId}` } : template,
        )
        return {}
      }),
    exportKey: () => Promise.resolve(new Uint8Array()),
    templates: (id) =>
      Promise.resolve(read().templates.filter((template) => id === undefined || sameTemplate(template.id, id))),
    publishTemplate: (id) => change('publish', (service) => replace(service, id, { state: 'published' })),
    archiveTemplate: (id) => change('archive', (service) => replace(service, id, { state: 'archived' })),
    updateTemplate: (id, content) => change('update', (service) => replace(service, id, content)),
    onboarding: () => Promise.resolve(read().onboarding),
    setOnboarding: (policy) =>
      change('onboarding', (service) => {
        if (policy === undefined) delete service.onboarding
        else service.onboarding = policy
      }),
    superUsers: () => Promise.resolve(read().superUsers),
    userDomains: () => Promise.resolve(read().userDomains),
    requests: (after, limit) => {
      const rows = read()
        .rows.filter(({ sequence }) => sequence > after)
        .slice(0, limit)
      const last = rows.at(-1)?.sequence
      return Promise.resolve({ rows, ...(last === undefined ? {} : { next: last }) })
    },
    issuedLicensors: () => Promise.resolve(read().licensors),
    decide: (serialized, address) =>
      Promise.resolve(read().decisions[`${serialized} ${address}`] ?? { granted: false, reason: 'no-rights' }),
  }
}

function imported(policy: RightsPolicy, origin: string, anyone: AnyoneRule): TemplateSummary {
  const everybody = anyoneRights(policy)
  if (everybody.length > 0 && anyone === 'refuse') refuse('template-refused', 'ANYONE')
  const byName = new Map<string, string[]>()
  for (const { principal, right } of policy.entries) {
    if (principal?.name === undefined || principal.idType === 'Internal') continue
    byName.set(principal.name, [...(byName.get(principal.name) ?? []), right])
  }
  const instead = typeof anyone === 'object' && everybody.length > 0 ? anyone.grantTo : []
  const grants: TemplateGrant[] = [
    ...[...byName].map(([to, rights]) => ({ to, rights })),
    ...instead.map((to) => ({ to, rights: everybody })),
  ]
  return {
    id: `{${policy.id ?? ''}}`,
    origin,
    state: 'archived',
    names: policy.names.map(({ lcid, name, description }) => ({ lcid, name, description })),
    grants,
    issuedAt: policy.issuedAt.toISOString(),
    hash: '',
  }
}

function refuse(code: ErrorCode, detail: string): never {
  throw new RightsError(code, { detail })
}
