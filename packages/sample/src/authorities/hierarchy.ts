/**
 * A private hierarchy for one cryptographic mode, built like the production one: root, certification authority, enrolment
 * authority, enrolment service, and a branch that certifies machines. The authorities' ranges ended years ago, as those of
 * real ones did: what was issued inside them stays valid (MS-RMPR 3.1.4.7).
 */
import {
  type CryptographicMode,
  issueMachineCertificate,
  type MachineCertificate,
  type ObjectFields,
  parseMachineCertificate,
  parseXrml,
  type RangeTime,
} from '@sealward/xrml'
import { type RandomBytes, randomGuid } from '../randomness.ts'
import { type Authority, issueAuthority, rootSigner, signerOf } from './authority.ts'
import { type KeyPair, newKeyPair } from './key-pair.ts'

export interface SampleMachine {
  readonly certificate: MachineCertificate
  readonly key: KeyPair
  readonly chain: readonly string[]
}

export interface SampleHierarchy {
  readonly mode: CryptographicMode
  readonly rootName: string
  readonly root: KeyPair
  readonly enrolmentService: Authority
  readonly machine: SampleMachine
}

interface HierarchyFacts {
  readonly builtAt: Date
  readonly authorityRange: RangeTime
  /** Server licensor certificates inherit it, and practically do not expire. */
  readonly serviceRange: RangeTime
  readonly machineAt: Date
}

const firstIssue = new Date('2002-12-05T01:07Z')

const factsOfMode: Readonly<Record<1 | 2, HierarchyFacts>> = {
  1: {
    builtAt: new Date('2003-01-14T09:20Z'),
    authorityRange: { from: firstIssue, until: new Date('2014-01-20T00:00Z') },
    serviceRange: { from: firstIssue, until: new Date('2255-04-18T16:50Z') },
    machineAt: new Date('2008-06-02T08:15Z'),
  },
  2: {
    builtAt: new Date('2010-04-19T10:05Z'),
    authorityRange: { from: firstIssue, until: new Date('2020-04-20T00:00Z') },
    serviceRange: { from: firstIssue, until: new Date('2258-03-03T21:33Z') },
    machineAt: new Date('2013-09-30T12:40Z'),
  },
}

export async function createHierarchy(mode: CryptographicMode, random: RandomBytes): Promise<SampleHierarchy> {
  // Keys above the enrolment authority have 2048 bits in both modes.
  const [rootKey, caKey, enrolmentKey, serviceKey, activationKey, machineKey] = await Promise.all([
    newKeyPair(2048),
    newKeyPair(2048),
    newKeyPair(mode.keyBits),
    newKeyPair(mode.keyBits),
    newKeyPair(mode.keyBits),
    newKeyPair(mode.keyBits),
  ])
  const facts = factsOfMode[mode.number]
  const rootName = `Lakeside Root, Cryptographic Mode ${mode.number}`
  const common = { issuedAt: facts.builtAt, hash: mode.hash, random }

  const ca = await issueAuthority(rootSigner(rootName, rootKey), caKey, {
    ...common,
    kind: 'DRM-CA-Certificate',
    subject: authorityObject('Lakeside CA'),
    issueRange: facts.authorityRange,
  })
  const enrolmentCa = await issueAuthority(signerOf(ca), enrolmentKey, {
    ...common,
    kind: 'DRM-CA-Certificate',
    subject: authorityObject('Lakeside Server Enrollment CA'),
    issueRange: facts.authorityRange,
  })
  const enrolmentService = await issueAuthority(signerOf(enrolmentCa), serviceKey, {
    ...common,
    kind: 'Server-Licensor-Certificate',
    subject: { ...guidObject('MS-DRM-Server', random), name: 'Lakeside Server Enrollment Service' },
    issueRange: facts.serviceRange,
  })
  const activation = await issueAuthority(signerOf(ca), activationKey, {
    ...common,
    kind: 'Server-Licensor-Certificate',
    subject: {
      ...guidObject('MS-DRM-Desktop-Security-Processor', random),
      name: 'Lakeside Desktop Security Processor Activation',
    },
    issueRange: facts.serviceRange,
  })
  const machine = await issueMachine(activation, machineKey, { at: facts.machineAt, mode, random })
  return { mode, rootName, root: rootKey, enrolmentService, machine }
}

function authorityObject(name: string): ObjectFields {
  return { type: 'DRM-Certificate-Authority', idType: 'ascii-tag', id: name, name }
}

function guidObject(type: string, random: RandomBytes): ObjectFields {
  return { type, idType: 'MS-GUID', id: randomGuid(random) }
}

async function issueMachine(
  activation: Authority,
  key: KeyPair,
  fields: { readonly at: Date; readonly mode: CryptographicMode; readonly random: RandomBytes },
): Promise<SampleMachine> {
  const text = await issueMachineCertificate({
    certificateId: randomGuid(fields.random),
    machineId: randomGuid(fields.random),
    issuedAt: fields.at,
    issuer: activation.certificate.principal,
    machineKey: key.handle.publicKey,
    key: activation.key.handle,
    hash: fields.mode.hash,
  })
  return { certificate: parseMachineCertificate(parseXrml(text)), key, chain: [text, ...activation.chain] }
}
