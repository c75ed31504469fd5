/** The SOAP door of a cluster of the tests. */
import { randomBytes } from 'node:crypto'
import { faultNames, writeSoapAnswer, type SoapCall } from '@sealward/protocol'
import {
  issueAccountCertificate,
  issueClientLicensorCertificate,
  issueUseLicense,
  parseAccountCertificate,
  parseMachineCertificate,
  parsePublishingLicense,
  parseXrml,
  writeAuthenticatedData,
} from '@sealward/xrml'
import {
  Fault,
  guid,
  newKey,
  requirePublishing,
  rightsOf,
  signDraft,
  signTemplate,
  type ClusterWorld,
} from './world.fixture.ts'

const day = 86_400_000

export async function answerSoap(world: ClusterWorld, call: SoapCall, user: string): Promise<string> {
  const { authority, accountKeys, licensor, state, url, users } = world
  const { handle, chain, certificate } = authority
  const licensing = `${url}/_wmcs/licensing`
  const common = { certificateId: guid(), issuedAt: state.now, licensor: certificate.principal, key: handle }
  switch (call.operation) {
    case 'GetLicensorCertificate':
      return writeSoapAnswer(call.operation, { certificateChain: chain }, '1.1')
    case 'Certify': {
      const account = accountKeys.get(user) ?? newKey()
      const [spc = ''] = call.request.machineCertificateChain
      const machine = parseMachineCertificate(parseXrml(spc))
      if (machine.issuer.publicKey.fingerprint !== licensor.publicKey.fingerprint) {
        throw new Fault(faultNames.verifyMachineCertificateChainFailed)
      }
      const rac = await issueAccountCertificate({
        ...common,
        validity: { from: new Date(state.now.getTime() - day), until: new Date(state.now.getTime() + 365 * day) },
        identity: { idType: 'Windows', id: `S-1-5-21-${user.length}`, address: user, aliases: users[user] ?? [] },
        accountPublicKey: account.publicKey,
        sealTo: { machine, accountKey: account.key },
        credentialType: 'Persistent',
        certificationUrl: `${url}/_wmcs/certification`,
        random: randomBytes,
      })
      return writeSoapAnswer(call.operation, { certificateChain: [rac, ...chain] }, '1.1')
    }
    case 'FindServiceLocationsForUser': {
      if (state.located === undefined) throw new Fault(faultNames.unspecifiedError)
      const [inside, outside] = state.certifiedBy ?? [`${url}/_wmcs/certification`]
      const urls: Readonly<Partial<Record<string, string>>> = {
        CertificationInternalService: inside,
        CertificationService: outside,
        ...state.located,
      }
      const locations = call.request.serviceTypes.map((type) => {
        const at = urls[type]
        return at === undefined ? { type } : { type, url: at }
      })
      return writeSoapAnswer(call.operation, { locations }, '1.1')
    }
    case 'GetClientLicensorCert': {
      requirePublishing(world)
      const client = newKey()
      const [licensingUrl, externalLicensingUrl] = state.licensingUrls ?? [licensing]
      const clc = await issueClientLicensorCertificate({
        ...common,
        account: parseAccountCertificate(parseXrml(call.request.requests[0]?.personaCertificates[0] ?? '')),
        clientKey: client.key,
        clientPublicKey: client.publicKey,
        licensingUrl,
        ...(externalLicensingUrl === undefined ? {} : { externalLicensingUrl }),
        random: randomBytes,
      })
      return writeSoapAnswer(call.operation, { responses: [{ certificateChain: [clc, ...chain] }] }, '1.1')
    }
    case 'AcquireLicense': {
      const [item] = call.request.requests
      const account = parseAccountCertificate(parseXrml(item?.licenseeCertificates[0] ?? ''))
      const license = parsePublishingLicense(parseXrml(item?.issuanceLicense[0] ?? ''))
      const { contentKey, policy, rights } = await rightsOf(world, license, account.addresses)
      const ul = await issueUseLicense({
        ...common,
        licenseId: guid(),
        account,
        publishingLicense: license,
        contentKey,
        rights,
        refresh: state.demanding,
        additions: writeAuthenticatedData('APPSPECIFIC', policy.applicationData),
        random: randomBytes,
      })
      return writeSoapAnswer(
        call.operation,
        { responses: [{ outcome: 'licensed', certificateChain: [ul, ...chain] }] },
        '1.1',
      )
    }
    case 'AcquireIssuanceLicense': {
      requirePublishing(world)
      const draft = parseXrml(call.request.requests[0]?.unsignedIssuanceLicense ?? '')
      const signed = await signDraft(world, draft)
      return writeSoapAnswer(call.operation, { responses: [{ certificateChain: [signed, ...chain] }] }, '1.1')
    }
    case 'AcquireTemplateInformation': {
      const { serverPublicKey, templates } = state
      return writeSoapAnswer(call.operation, { serverPublicKey, templates }, '1.1')
    }
    case 'AcquireTemplates': {
      const { guids } = call.request
      state.templatesFetched.push(guids)
      const templates = guids.map(async (asked) => {
        const found = state.templates.find((each) => each.guid === asked)
        return found === undefined
          ? { guid: asked }
          : { guid: asked, hash: found.hash, template: await signTemplate(world, found) }
      })
      return writeSoapAnswer(call.operation, { templates: await Promise.all(templates) }, '1.1')
    }
    default:
      throw new Fault(faultNames.unspecifiedError)
  }
}
