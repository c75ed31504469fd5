/**
 * Machine certificates from the wire (MS-RMPR 3.3.4.1). They are proof of nothing but a key (threat P3): any software may
 * make one, so they only say to which key an account certificate is sealed.
 */
import {
  issuerKeyOf,
  mode1,
  mode2,
  parseIssuingCertificate,
  parseMachineCertificate,
  parseSignature,
  parseSignedXrml,
  RightsError,
  validateChain,
  type MachineCertificate,
  type XrmlDocument,
} from '@sealward/xrml'
import type { Configuration, ServiceKey } from './configuration.ts'
import { documentLimits } from './limits.ts'
import type { CoreContext } from './ports.ts'

/**
 * Trusted is a chain in which the first or second certificate after the machine's carries the key of a known authority.
 * @throws RightsError `machine-chain-invalid`, `machine-chain-untrusted`, `cryptographic-mode-mismatch`
 */
export function verifyMachine(
  context: CoreContext,
  configuration: Configuration,
  activeKey: ServiceKey,
  chain: readonly string[],
): MachineCertificate {
  const { documents, machine } = readMachineChain(context, chain)
  const trusted = [
    ...context.cluster.trustedMachineAuthorities,
    ...configuration.machineAuthorities.map((authority) => authority.handle.publicKey.fingerprint),
  ]
  const issuers = documents.slice(1, 3).map((document) => parseIssuingCertificate(document).principal.publicKey)
  if (!issuers.some((key) => trusted.includes(key.fingerprint))) throw new RightsError('machine-chain-untrusted')
  const { hash } = parseSignature(machine.document)
  const { bits } = machine.principal.publicKey
  const sizes = activeKey.mode === mode1 ? [mode1.keyBits, mode2.keyBits] : [mode2.keyBits]
  if (hash !== activeKey.mode.hash || !sizes.includes(bits)) {
    throw new RightsError('cryptographic-mode-mismatch', { detail: `machine key RSA ${bits} under ${hash}` })
  }
  return machine
}

function readMachineChain(
  context: CoreContext,
  chain: readonly string[],
): { readonly documents: readonly XrmlDocument[]; readonly machine: MachineCertificate } {
  try {
    const limits = documentLimits(context.cluster.limits)
    if (chain.length > limits.chainLength) throw new RightsError('chain-too-long')
    const documents = chain.map((text) => parseSignedXrml(text, limits))
    const [leaf] = documents
    const last = documents[documents.length - 1]
    if (leaf === undefined || last === undefined) throw new RightsError('chain-not-linked')
    const machine = parseMachineCertificate(leaf)
    // Whether the top is trusted is decided by the keys below it, so here the chain only has to hold together. Only what
    // was validated may speak for it: genuine certificates behind a forged leaf prove nothing.
    const validated = validateChain({
      documents,
      anchors: [issuerKeyOf(last)],
      now: context.clock.now(),
      lengthMost: limits.chainLength,
    })
    for (const document of validated.slice(1)) parseIssuingCertificate(document)
    return { documents: validated, machine }
  } catch (cause) {
    throw new RightsError('machine-chain-invalid', { cause })
  }
}
