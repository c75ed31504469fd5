/** A service with the embedded OpenID provider, over TLS on loopback, with three people and everything that it logs. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { masterKeyFromFile, newMasterKeyFile } from '@sealward/keys'
import {
  createIdentity,
  hashPassword,
  listKeys,
  openService,
  readConfig,
  type ConfigInput,
  type RunningServer,
  type Service,
} from '@sealward/service'

export const [anna, bo, dora] = ['anna', 'bo', 'dora'].map((name) => `${name}@lakeside.example`) as [
  string,
  string,
  string,
]
export const passwords: Readonly<Record<string, string>> = {
  [anna]: 'blue-heron-feather-71',
  [bo]: 'quiet-otter-meadow-38',
  [dora]: 'early-train-window-54',
}
export const application = { id: 'nightly-scan', secret: 'Wq7-nightly-scan-secret-for-this-test-only' }

export interface SignInService {
  readonly url: string
  readonly folder: string
  /** PEM of the certificate, and the file with it. */
  readonly ca: string
  readonly caFile: string
  readonly anchor: string
  /** Lines of the request log. */
  readonly logged: string[]
  /** Changes one person in the directory file, which counts within a second. */
  setDisabled(address: string, disabled: boolean): void
  /** With other settings from then on. */
  restart(change?: Partial<ConfigInput>): Promise<void>
  close(): Promise<void>
}

export async function openSignInService(change: Partial<ConfigInput> = {}): Promise<SignInService> {
  const folder = mkdtempSync(join(tmpdir(), 'sealward-sign-in-'))
  const url = `https://localhost:${await freePort()}`
  const disabled = new Set([dora])
  const hashes = new Map<string, Awaited<ReturnType<typeof hashPassword>>>()
  for (const [address, password] of Object.entries(passwords)) {
    hashes.set(address, await hashPassword(password, randomBytes))
  }
  const writePeople = (): void => {
    const users = [...hashes].map(([address, password], index) => ({
      id: `user-${index}`,
      sid: `S-1-5-21-7-8-9-${1001 + index}`,
      address,
      displayName: address.split('@', 1)[0],
      disabled: disabled.has(address),
      password,
    }))
    writeFileSync(join(folder, 'directory.json'), JSON.stringify({ users, groups: [] }), { mode: 0o600 })
  }
  writePeople()
  writeFileSync(join(folder, 'application-secret'), `${application.secret}\n`, { mode: 0o600 })
  const masterKey = masterKeyFromFile(newMasterKeyFile(randomBytes))
  const logged: string[] = []
  let settings: ConfigInput = {
    publicUrl: url,
    database: 'service.db',
    directory: 'directory.json',
    domains: ['lakeside.example'],
    listener: { port: Number(new URL(url).port), loopbackCertificate: true },
    authentication: {
      embeddedProvider: { applications: [{ id: application.id, secretFile: 'application-secret' }] },
    },
    ...change,
  }
  let running: { readonly service: Service; readonly server: RunningServer } | undefined
  const start = async (): Promise<void> => {
    const requestLog = { write: (line: string) => void logged.push(line) }
    const service = await openService({ config: readConfig(settings), masterKey, folder, requestLog })
    const administration = service.administration('set-up')
    try {
      if ((await listKeys(administration)).length === 0) await createIdentity(administration)
      running = { service, server: await service.listen() }
    } catch (error) {
      await service.close()
      throw error
    }
  }
  const stop = async (): Promise<void> => {
    await running?.server.close()
    await running?.service.close()
    running = undefined
  }
  await start()
  const [key] = await listKeys((running as unknown as { service: Service }).service.administration('set-up'))
  const caFile = join(folder, 'loopback-certificate.pem')
  return {
    url,
    folder,
    caFile,
    ca: readFileSync(caFile, 'utf8'),
    anchor: key?.root ?? '',
    logged,
    setDisabled(address, isDisabled) {
      if (isDisabled) disabled.add(address)
      else disabled.delete(address)
      writePeople()
    },
    async restart(next = {}) {
      settings = { ...settings, ...next }
      await stop()
      await start()
    },
    async close() {
      await stop()
      rmSync(folder, { recursive: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
