/** Rights account certificates with flaws (fact sheet 4.2): each is issued with all of them, and signed by its issuer. */
import { createPublicKey } from 'node:crypto'
import { certificationUrlOf } from '@sealward/protocol'
import { issueAccountCertificate, mode1, mode2, modeOfKey, publicKeyFromKeyObject } from '@sealward/xrml'
import type { AccountFlaws } from '../row.ts'
import { held, type Issuer } from '../tester.ts'
import type { Holdings } from '../holdings.ts'
import { keyPair, random, stranger } from './strangers.ts'
import { noCertificate, replaced, resigned, tampered } from './texts.ts'

const day = 86_400_000
/** Those of the issuer stand before. */
const firstOfAccount = /<SECURITYLEVEL name="Group-Identity-Credential-Type"/

const needsKey = 'the licensor key of the server is needed to issue such a certificate'

/** @throws NotApplicable if the flaws need a key that the tester does not hold */
export async function accountChain(holdings: Holdings, flaws: AccountFlaws = {}): Promise<readonly string[]> {
  const [leaf = '', ...issuers] = await withoutDamage(holdings, flaws)
  const damaged = flaws.tampered === true ? tampered(leaf) : leaf
  const chain = [flaws.bytes === undefined ? damaged : await filledUp(holdings, damaged, flaws.bytes), ...issuers]
  const more = (flaws.certificates ?? chain.length) - chain.length
  return [...chain, ...Array.from({ length: more }, () => issuers.at(-1) ?? '')]
}

async function filledUp({ tester }: Holdings, certificate: string, bytes: number): Promise<string> {
  const { key } = held(tester.licensor, needsKey)
  // Not with white space: some clients leave it out.
  const longer = 'x'.repeat(bytes - Buffer.byteLength(certificate))
  return resigned(certificate, key, 'server', (body) => replaced(body, /<\/ADDRESS>/, `${longer}</ADDRESS>`))
}

async function withoutDamage(holdings: Holdings, flaws: AccountFlaws): Promise<readonly string[]> {
  if (flaws.unparsable === true)
    return [replaced(noCertificate, /><\/BODY>/, '><ISSUEDTIME>2020-01-01T00:00</ISSUEDTIME></BODY>')]
  const { chain } = await holdings.account()
  if (flaws.wrongType === true) return chain.slice(1)
  const { expired, otherMode, stranger: strange, federated, createdLate } = flaws
  if ([expired, otherMode, strange, federated, createdLate].every((flaw) => flaw !== true)) return chain
  const issuer = await issuerOf(holdings, flaws)
  return [await issued(holdings, issuer, flaws), ...issuer.chain]
}

async function issuerOf(holdings: Holdings, flaws: AccountFlaws): Promise<Issuer> {
  if (flaws.stranger !== true) return held(holdings.tester.licensor, needsKey)
  return stranger('server', flaws.otherMode === true ? mode1 : mode2)
}

async function issued(holdings: Holdings, issuer: Issuer, flaws: AccountFlaws): Promise<string> {
  const now = Date.now()
  const bits = flaws.otherMode === true ? 3072 - modeOfKey(issuer.key.publicKey).keyBits : issuer.key.publicKey.bits
  const { privateKey } = await keyPair('account', flaws.stranger === true ? issuer.key.publicKey.bits : bits)
  const { certificate } = await holdings.account()
  const { object } = certificate.principal
  const text = await issueAccountCertificate({
    certificateId: '{6f7f8d7b-33b0-4f7e-9cf3-0a9c54f0aa66}',
    issuedAt: new Date(now - 4 * day),
    validity: { from: new Date(now - 5 * day), until: new Date(now + (flaws.expired === true ? -3 : 30) * day) },
    licensor: issuer.principal,
    identity: {
      idType: flaws.federated === true ? 'Federation' : 'Windows',
      id: flaws.federated === true ? '{94cb34f1-92ae-4e0e-a35c-7a9bb6a1d177}' : object.id,
      address: object.name ?? '',
      aliases: [],
    },
    accountPublicKey: publicKeyFromKeyObject(createPublicKey(privateKey)),
    credentialType: 'Persistent',
    certificationUrl: certificationUrlOf(holdings.url),
    key: issuer.key,
    random,
  })
  if (flaws.createdLate !== true) return text
  const created = new Date(now + 400 * day).toISOString().slice(0, 16)
  const level = `<SECURITYLEVEL name="Credential-Creation-Time" value="${created}" />`
  return resigned(text, issuer.key, 'server', (body) => replaced(body, firstOfAccount, `${level}$&`))
}
