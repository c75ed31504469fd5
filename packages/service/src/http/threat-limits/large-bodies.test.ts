/** What large bodies cost: nothing for what is only declared, and no more than the limit for what never ends (threat X3). */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { startServer, type RunningServer } from '../server.ts'
import type { DoorName } from './doors.fixture.ts'
import { openScene, type Scene } from './scene.fixture.ts'
import { requestLine } from './time-cases.fixture.ts'

const mebibyte = 2 ** 20

/** The doors that take bodies above one MiB. */
const doors = [
  'SOAP LicensingService',
  'SOAP DecommissionService',
  'REST licences',
  'revocations',
  'administration',
] as const satisfies readonly DoorName[]

let folder: string
let scene: Scene
let server: RunningServer

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealward-large-'))
  scene = await openScene(':memory:', folder)
  server = await startServer(scene.settings())
})
after(async () => {
  await server.close()
  await scene.organisation.close()
  await rm(folder, { recursive: true })
})

/** A request of which only the headers are sent. */
async function begin(door: DoorName, size: string): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(server.url).port) })
  await once(socket, 'connect')
  const headers = Object.entries(await scene.headersFor(door)).map((each) => each.join(': '))
  socket.write(`${[`${requestLine(door)} HTTP/1.1`, 'Host: localhost', ...headers, size].join('\r\n')}\r\n\r\n`)
  return socket
}

async function beginningOf(socket: Socket): Promise<string> {
  const [answer] = (await once(socket, 'data')) as [Buffer]
  return answer.toString('utf8')
}

for (const door of doors) {
  test(`a declared size is refused before a byte of the body is read, at ${door}`, async () => {
    const socket = await begin(door, `Content-Length: ${2 ** 40}`)
    assert.match(await beginningOf(socket), /request-too-large/)
    socket.destroy()
  })

  test(`a body that does not say its size is cut off, at ${door}`, async () => {
    const socket = await begin(door, 'Transfer-Encoding: chunked')
    // The server resets the connection when it has had enough.
    socket.on('error', () => undefined)
    const closed = new Promise((resolve) => socket.once('close', resolve))
    const chunk = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(0x10000, 'x'), Buffer.from('\r\n')])
    while (!socket.destroyed) await new Promise((resolve) => socket.write(chunk, resolve))
    await closed
    // What the server threw away after its refusal is the limit for licences once more; the rest was on its way.
    assert.ok(socket.bytesWritten < 32 * mebibyte, `${socket.bytesWritten} bytes were taken`)
  })
}

test('two bodies above one MiB come from an address at once, whichever doors they go to', async () => {
  const size = `Content-Length: ${mebibyte + 1}`
  const held = [await begin('administration', size), await begin('REST licences', size)]
  const whole = { method: 'POST', body: 'x'.repeat(mebibyte + 1) }
  // Until both have begun.
  while ((await fetch(`${server.url}/_wmcs/licensing/license.asmx`, whole)).status !== 503);
  for (const door of doors) {
    const third = await begin(door, size)
    assert.match(await beginningOf(third), /^HTTP\/1\.1 503 /, door)
    third.destroy()
  }
  for (const socket of held) socket.destroy()
})
