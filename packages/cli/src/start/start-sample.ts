/** `sealward start` with the sample organisation: everything from nothing to a running service, or to the proof. */
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { writeFileSafely } from '@sealward/client'
import { createKeyRing, htmlReport, type RehearsalReport } from '@sealward/migration'
import { listKeys, type Config, type Service } from '@sealward/service'
import { RightsError } from '@sealward/xrml'
import { adminTokenFile, dataFiles, hasData, readDataConfig, writeDataConfig } from '../data/data-directory.ts'
import { administer } from '../data/in-process-service.ts'
import { readMasterKey } from '../data/master-key.ts'
import { serviceAddress } from '../data/service-address.ts'
import { readExports, type CheckedExport } from '../exports/read-exports.ts'
import { rehearsalSummary } from '../rehearsal/describe-rehearsal.ts'
import { rehearseFolder } from '../rehearsal/rehearse-folder.ts'
import { makeSample } from '../sample/make-sample.ts'
import { interruptible } from '../terminal/interruption.ts'
import { demonstrate } from './demonstration.ts'
import { freePort } from './free-port.ts'
import type { Narrator } from './narrator.ts'
import { prepareData } from './prepare-data.ts'
import { printOwnGuide, printSampleGuide } from './print-guide.ts'
import { runService, untilStopped, withRequestLog } from './running-service.ts'
import { sampleFiles, type SampleFiles } from './sample-files.ts'
import { connectionFor, writeConnection } from './write-connection.ts'

export interface StartInput {
  readonly data: string
  readonly port: number | undefined
  /** Prove it and end, instead of serving. */
  readonly exit: boolean
  readonly narrator: Narrator
}

const usualPort = 8443

export function sampleFolder(data: string): string {
  return join(data, 'sample')
}

export async function startSample(input: StartInput): Promise<void> {
  const { data, narrator } = input
  mkdirSync(data, { recursive: true, mode: 0o700 })
  const sample = await sampleStep(data, narrator)
  const isNew = !hasData(data)
  const exports = await readExports(sample.exports, new Date())
  const report = await rehearsalStep(input, sample, exports)
  const config = await keysStep(input, sample, exports)
  const connection = connectionFor(data, {
    service: serviceAddress(config),
    anchor: await anchorOf(data),
    oldAddresses: report.urls.filter(({ mapped }) => mapped).map(({ url }) => url),
  })
  await serveStep(input, config, async (service) => {
    // A short run on another port leaves the file to the service that it is for.
    if (isNew || !input.exit) writeConnection(data, connection)
    if (input.exit) {
      const oldKey = exports.find(({ checked }) => checked.mode.number === 1)?.checked.publicKey.fingerprint ?? ''
      await interruptible((signal) => demonstrate({ data, sample, connection, oldKey, narrator, service, signal }))
      return
    }
    printSampleGuide({ data, sample, narrator })
    printOwnGuide(narrator)
    await stopped(narrator)
  })
  if (input.exit) printOwnGuide(narrator)
}

async function sampleStep(data: string, narrator: Narrator): Promise<SampleFiles> {
  const folder = sampleFolder(data)
  const isNew = !existsSync(folder)
  if (isNew) {
    const { documents } = await makeSample(folder)
    narrator.step(`Made the sample organisation Lakeside: ${documents} documents, exports of 3 clusters`)
  } else {
    narrator.step('The sample organisation Lakeside is there')
  }
  narrator.detail(`${folder}; README.txt there says what is what`)
  return sampleFiles(folder)
}

async function rehearsalStep(
  { data, narrator }: StartInput,
  sample: SampleFiles,
  exports: readonly CheckedExport[],
): Promise<RehearsalReport> {
  narrator.step('Rehearsal: which documents open with the exported keys')
  const keys = createKeyRing(exports.map(({ name, checked }) => ({ source: name, domain: checked })))
  const report = await rehearseFolder(keys, sample.documents)
  narrator.block(rehearsalSummary(report))
  const page = join(data, 'rehearsal.html')
  const content = Buffer.from(htmlReport(report))
  // The page is the program's own, of an earlier start.
  writeFileSafely({ path: page, existing: 'overwrite', write: (sink) => sink.write(content) })
  narrator.detail(`document by document: ${page}`)
  return report
}

async function keysStep(
  { data, narrator, port, exit }: StartInput,
  sample: SampleFiles,
  exports: readonly CheckedExport[],
): Promise<Config> {
  const isNew = !hasData(data)
  const wanted = port ?? (isNew ? usualPort : readDataConfig(data).listener.port)
  const got = await freePort(wanted)
  const publicUrl = `http://127.0.0.1:${got}`
  if (isNew) await prepareData({ data, sample, exports, publicUrl, port: got })
  narrator.step(isNew ? 'Imported keys and templates into a new service' : 'The service has its keys and templates')
  await administer(data, async ({ administration }) => {
    for (const { id, state, mode, name } of await listKeys(administration)) {
      narrator.detail(`${id.slice(0, 16)}…  ${name ?? ''}, mode ${mode}, ${state === 'active' ? 'signs' : 'opens'}`)
    }
  })
  if (got !== wanted) narrator.detail(`port ${wanted} is taken, ${got} is free`)
  const config = readDataConfig(data)
  const changed = { ...config, publicUrl, listener: { ...config.listener, port: got } }
  return exit || isNew ? changed : writeDataConfig(data, changed)
}

/** Clients trust the root above the key that signs. */
async function anchorOf(data: string): Promise<string> {
  return administer(data, async ({ administration }) => {
    const active = (await listKeys(administration)).find(({ state }) => state === 'active')
    if (active === undefined) throw new RightsError('no-active-key')
    return active.root
  })
}

async function serveStep(
  { data, narrator }: StartInput,
  config: Config,
  use: (service: Service) => Promise<void>,
): Promise<void> {
  const masterKey = await readMasterKey(data)
  await withRequestLog(data, (requestLog) =>
    runService({ config, masterKey, folder: data, requestLog }, async (url, service) => {
      narrator.step(`The service runs at ${url}`)
      narrator.detail(
        `SOAP below ${config.basePath}, REST below /my; requests are logged in ${join(data, dataFiles.requestLog)}`,
      )
      narrator.detail(`administration below /admin/v1, with the token in ${adminTokenFile(data, config)}`)
      await use(service)
    }),
  )
}

async function stopped(narrator: Narrator): Promise<void> {
  narrator.step('Ctrl-C stops the service')
  await untilStopped()
  narrator.detail('stopped')
}
