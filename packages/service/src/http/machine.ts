/**
 * `POST /sealward/v1/machine`, an extension of this product: a client of ours sends the public key that it made for its
 * machine and gets the chain of a machine certificate; `/sealward/v1/machineexternal` for federated people. Windows clients bring a certificate of their own.
 */
import { createPublicKey } from 'node:crypto'
import { decodeBase64, publicKeyFromKeyObject, publicKeyFromModulus, RightsError, type PublicKey } from '@sealward/xrml'
import { z } from 'zod'
import { enrolMachine } from '../core/enrol-machine.ts'
import type { CoreContext, RequestInfo, Sender } from '../core/ports.ts'
import { jsonBody } from './rest/json-body.ts'

const enrolment = z.union([
  z.strictObject({
    modulus: z.string().max(1_024).describe('RSA modulus, big-endian, in base64; the exponent is 65537'),
  }),
  z.strictObject({
    publicKey: z
      .string()
      .max(4_096)
      .startsWith('-----BEGIN PUBLIC KEY-----')
      .describe('RSA public key as SubjectPublicKeyInfo in PEM'),
  }),
])

export interface MachineRequest {
  readonly body: Uint8Array
  readonly contentType: string | undefined
  readonly sender: Sender | undefined
  /** Whether it came to the address for federated people. */
  readonly federated: boolean
  readonly info: RequestInfo
}

/** @throws RightsError the codes of enrolMachine; `rest-message-invalid`, `public-key-invalid`, `machine-key-refused` */
export async function answerMachine(context: CoreContext, request: MachineRequest): Promise<string> {
  const { sender: caller, federated, info } = request
  if (caller === undefined) throw new RightsError('unauthenticated')
  const machineKey = readEnrolment(jsonBody(request.body, request.contentType, context.cluster.limits.jsonDepth))
  const { chain } = await enrolMachine(context, { caller, federated, info, machineKey })
  return JSON.stringify({ chain })
}

function readEnrolment(text: string): PublicKey {
  const { data, error } = enrolment.safeParse(readJson(text))
  if (data === undefined) throw new RightsError('rest-message-invalid', { cause: error })
  try {
    return 'modulus' in data
      ? publicKeyFromModulus(decodeBase64(data.modulus, 'modulus'))
      : publicKeyFromKeyObject(createPublicKey(data.publicKey))
  } catch (cause) {
    throw new RightsError('public-key-invalid', { cause })
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new RightsError('rest-message-invalid', { detail: 'not JSON', cause })
  }
}
