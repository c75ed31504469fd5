/**
 * A service of the sample organisation over TLS at `localhost`, with the program that its users run, and an impostor: a
 * server with a certificate of the same authority that passes everything on to the service and remembers what it was sent.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServerCertificate } from '../peers/certificates.ts'
import { freePort } from './lakeside.ts'
import { programIn, type Program } from './program.ts'

export interface DiscoveredService {
  readonly folder: string
  readonly program: Program
  readonly url: string
  /** Fingerprint of its root. */
  readonly root: string
  /** Options of a user: name and file with the password. */
  readonly as: (user: string) => readonly string[]
  /** Writes a connection file with a store of its own. @returns its name */
  readonly connection: (name: string, content: object) => string
  readonly close: () => Promise<void>
}

export interface Impostor {
  readonly url: string
  /** A line for every request: the operation and what proves who asks. */
  readonly requests: string[]
  close(): Promise<void>
}

export async function startDiscoveredService(): Promise<DiscoveredService> {
  const folder = mkdtempSync(join(tmpdir(), 'sealward-discovery-'))
  const { authorityFile, certificateFile, keyFile } = createServerCertificate(folder, ['DNS:localhost', 'IP:127.0.0.1'])
  const home = join(folder, 'home')
  mkdirSync(home)
  const program = programIn({ folder, variables: { NODE_EXTRA_CA_CERTS: authorityFile, XDG_DATA_HOME: home } })
  await program.done('sample', 'lakeside', '--documents', '5')
  const port = await freePort()
  const url = `https://localhost:${port}`
  const place = ['--data', 'service', '--port', String(port), '--public-url', url]
  const directory = ['--directory', join(folder, 'lakeside', 'directory.json'), '--domain', 'lakeside.example']
  await program.done('cluster', 'create', ...place, ...directory, '--yes')
  const settings = join(folder, 'service', 'service.json')
  const config = JSON.parse(readFileSync(settings, 'utf8')) as { readonly listener?: object }
  writeFileSync(settings, JSON.stringify({ ...config, listener: { ...config.listener, certificateFile, keyFile } }))
  const service = program.service('service', url)
  await service.start()
  const { keys } = await program.done<{ keys: { root: string }[] }>('key', 'list', '--data', 'service', '--json')
  return {
    folder,
    program,
    url,
    root: keys[0]?.root ?? '',
    as(user) {
      const people = readFileSync(join(folder, 'lakeside', 'people.txt'), 'utf8')
      const line = people.split('\n').find((each) => each.startsWith(`${user} `))
      writeFileSync(join(folder, `${user}.txt`), `${line?.split(/ +/)[1] ?? ''}\n`)
      return ['--user', user, '--password-file', `${user}.txt`]
    },
    connection(name, content) {
      const all = { anchors: [], redirections: [], store: `store-${name}`, ...content }
      writeFileSync(join(folder, `${name}.json`), JSON.stringify(all))
      return `${name}.json`
    },
    async close() {
      await service.stop()
      rmSync(folder, { recursive: true })
    },
  }
}

export async function startImpostor({ folder, url }: DiscoveredService): Promise<Impostor> {
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8')
  const ca = read('ca.pem')
  const requests: string[] = []
  const server = createServer({ cert: read('server.pem'), key: read('server.key') }, (incoming, answer) => {
    const { authorization = 'nothing', soapaction = '' } = incoming.headers
    requests.push(`${String(soapaction).replace(/^.*\/|"/g, '')} ${authorization}`)
    const { host: _, ...headers } = incoming.headers
    const onward = request(new URL(incoming.url ?? '', url), { method: incoming.method, headers, ca }, (given) => {
      answer.writeHead(given.statusCode ?? 502, given.headers)
      given.pipe(answer)
    })
    onward.on('error', () => answer.destroy())
    incoming.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `https://127.0.0.1:${port}`, requests, close: () => closed(server) }
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
