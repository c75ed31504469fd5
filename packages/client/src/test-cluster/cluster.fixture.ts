/** A small cluster for the tests of this package: both doors over HTTP on loopback, answered with the real languages. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  matchEndpoint,
  matchRestTarget,
  problemNames,
  readSoapCall,
  writeChallenge,
  writeFault,
  writeProblem,
  writeSoapHeaders,
} from '@sealward/protocol'
import { decodeBase64, issueMachineCertificate, publicKeyFromModulus } from '@sealward/xrml'
import { answerRest } from './rest.fixture.ts'
import { answerSoap } from './soap.fixture.ts'
import {
  Fault,
  guid,
  makeCluster,
  refusalText,
  templateId,
  testPassword,
  type ClusterState,
  type ClusterWorld,
} from './world.fixture.ts'

export interface TestCluster extends ClusterState {
  readonly url: string
  /** Fingerprint of the root. */
  readonly anchor: string
  readonly templateId: string
  /** Requests so far, as `operation` or `METHOD resource`, with `!` for those with credentials. */
  readonly requests: string[]
  /** What REST clients wanted to know of service discovery, as they wrote it. */
  readonly discoveries: string[]
  close(): Promise<void>
}

export async function startTestCluster(users: ClusterWorld['users']): Promise<TestCluster> {
  const world = await makeCluster(users)
  const requests: string[] = []
  const discoveries: string[] = []
  const server = createServer((request, response) => {
    const [, query] = request.url?.split(/\/servicediscovery\?/i) ?? []
    if (query !== undefined) discoveries.push(decodeURIComponent(query))
    answer(world, requests, request, response).catch((error: unknown) => {
      response.writeHead(500).end(error instanceof Error ? error.stack : 'failed')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  world.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return Object.assign(world.state, {
    url: world.url,
    anchor: world.root.publicKey.fingerprint,
    templateId,
    requests,
    discoveries,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  })
}

async function answer(
  world: ClusterWorld,
  requests: string[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { authority, state, url, users } = world
  const pieces: Uint8Array[] = []
  for await (const piece of request) pieces.push(piece as Uint8Array)
  const body = Buffer.concat(pieces)
  const target = request.url ?? ''
  const { authorization = '' } = request.headers
  if (state.certifiedBy !== undefined && /^\/(?:_wmcs\/certification|sealward)\//.test(target)) {
    requests.push('404')
    response.writeHead(404).end()
    return
  }
  if (target === '/sealward/v1/machine') {
    requests.push('machine!')
    const key = publicKeyFromModulus(decodeBase64((JSON.parse(body.toString()) as { modulus: string }).modulus, 'key'))
    const certificate = await issueMachineCertificate({
      certificateId: guid(),
      machineId: guid(),
      issuedAt: state.now,
      issuer: authority.certificate.principal,
      machineKey: key,
      key: authority.handle,
      hash: 'sha256',
    })
    response.end(JSON.stringify({ chain: [certificate, ...authority.chain] }))
    return
  }
  const endpoint = matchEndpoint(target)
  if (endpoint !== undefined) {
    const call = readSoapCall(body, { contentType: request.headers['content-type'] }, endpoint.service)
    requests.push(call.operation)
    const [user = '', password] = Buffer.from(authority64(authorization), 'base64').toString().split(':')
    if (password !== testPassword || users[user] === undefined) {
      response.writeHead(401).end()
      return
    }
    response.setHeader('content-type', writeSoapHeaders('1.1', '').contentType)
    try {
      response.end(await answerSoap(world, call, user))
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      response.writeHead(error.status).end(writeFault('1.1', error.fault, error.text))
    }
    return
  }
  const rest = matchRestTarget(target)
  if (rest === undefined) {
    response.writeHead(404).end()
    return
  }
  requests.push(`${request.method ?? ''} ${rest.resource}${authorization === '' ? '' : '!'}`)
  const user = Buffer.from(authorization.replace('Bearer ', ''), 'base64url').toString()
  if (users[user] === undefined) {
    const challenge = writeChallenge({ authorization: `${url}/authorize`, resource: 'api.rms.rest.com' })
    response.writeHead(401, { 'www-authenticate': challenge }).end()
    return
  }
  if (rest.resource === 'publishingLicenses' && state.refusing !== undefined) {
    const problem = { name: problemNames.serviceDisabled, message: refusalText(state.refusing) }
    response.writeHead(400).end(writeProblem(problem))
    return
  }
  response.end(await answerRest(world, { resource: rest.resource, body: body.toString(), user }))
}

function authority64(header: string): string {
  return header.startsWith('Basic ') ? header.slice(6) : ''
}
