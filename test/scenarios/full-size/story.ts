/**
 * A whole migration at the size of an organisation: three clusters with five keys and hundreds of templates, thousands of
 * documents, and the tenant that takes over. Stages in their order, each run by the program in processes; whoever runs the
 * story measures them, or tests them. Not here: the way back, batches and approvals (nine-steps.test.ts) and the exit.
 */
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openFileSource } from '@sealward/client'
import { openProtected } from '@sealward/formats'
import type { RehearsalReport } from '@sealward/migration'
import type { SampleRootKey } from '@sealward/sample'
import { startNameServer } from '../name-server.ts'
import {
  collectClient,
  collectMailServer,
  exportLogs,
  fullSizePlan,
  licensingUrlsOf,
  setLogsBack,
  type LicensingUrls,
} from './plan.ts'
import type { Program } from '../program.ts'
import { readersOf, sampleDocuments, type Readers, type SampledDocument } from './readers.ts'
import {
  anchorOptions,
  collectSecrets,
  exportNames,
  makeOrganisation,
  offerTemplates,
  openServices,
  readExpected,
  type FullSize,
  type FullSizeServices,
} from './services.ts'

export interface Stage {
  readonly name: string
  /** Before the rehearsal begins: an organisation has its documents and clusters already. */
  readonly preparation?: boolean
  readonly run: () => Promise<void>
}

export interface StoryOptions {
  readonly program: Program
  readonly size: FullSize
  /** About how many documents people open before and after. */
  readonly sampled: number
}

export interface Story {
  readonly stages: readonly Stage[]
  /** Ends what still runs. */
  close(): Promise<void>
}

const project = ['--project', 'migration']
const work = [...project, '--credentials', 'secrets', '--yes', '--json']

export async function fullSizeStory({ program, size, sampled }: StoryOptions): Promise<Story> {
  const names = await startNameServer()
  names.zone.add('_rmsdisco._http._tcp.lakeside.example')
  let opened: FullSizeServices | undefined
  let people: Readers | undefined
  let documents: readonly SampledDocument[] = []
  let licensingUrls: LicensingUrls = { 'rms-old': [], rms: [], legal: [] }
  const services = (): FullSizeServices => opened ?? assert.fail('no services')
  const readers = (): Readers =>
    (people ??= readersOf(program, services(), { store: 'client-store', anchors: sampleRoots(program) }))

  const step = (id: string, state: string, before: () => void = () => undefined): Stage => ({
    name: `step ${id}`,
    run: async () => {
      before()
      const answer = await program.done<{ state: string; skipped?: string }>('migrate', 'run', '--step', id, ...work)
      assert.deepEqual([answer.state, answer.skipped], [state, undefined])
    },
  })

  const stages: readonly Stage[] = [
    { name: 'make the organisation', preparation: true, run: () => makeOrganisation(program, size) },
    {
      name: 'set up and start three clusters and a tenant',
      preparation: true,
      run: async () => {
        opened = await openServices(program)
        await opened.start()
        await offerTemplates(opened, readExpected(program))
        collectSecrets(program)
      },
    },
    {
      name: 'people open a sample at the clusters',
      preparation: true,
      run: async () => {
        documents = await sampleDocuments(program, services(), sampled)
        await readers().compare(documents, ({ cluster }) => cluster)
        await exportLogs(program)
      },
    },
    {
      name: 'rehearse the documents',
      run: async () => {
        const text = await rehearse(program)
        writeFileSync(join(program.folder, 'rehearsal.json'), text)
        assertExpected(JSON.parse(text) as RehearsalReport, program, size)
      },
    },
    {
      name: 'rehearse them again: the same bytes',
      run: async () => {
        const again = Buffer.from(await rehearse(program))
        assert.ok(again.equals(readFileSync(join(program.folder, 'rehearsal.json'))), 'two rehearsals differ')
      },
    },
    {
      name: 'plan the migration',
      run: async () => {
        const report = JSON.parse(readFileSync(join(program.folder, 'rehearsal.json'), 'utf8')) as RehearsalReport
        licensingUrls = licensingUrlsOf(report, services())
        writeSamples(program, documents)
        const plan = await fullSizePlan(services(), licensingUrls, names.address)
        writeFileSync(join(program.folder, 'plan.json'), JSON.stringify(plan))
        await program.done('migrate', 'plan', 'plan.json', ...project, '--yes')
      },
    },
    step('0', 'Planned'),
    step('1', 'Prepared'),
    step('1c', 'Prepared'),
    step('2', 'Imported'),
    step('3', 'Activated'),
    step('4', 'TemplatesReady'),
    {
      name: 'the tenant offers every template of the clusters',
      run: async () => {
        const { templates } = readExpected(program)
        const offered = templates.filter(({ state }) => state === 'published').length
        const own = (await services().admin('tenant').templates()).filter(({ state }) => state === 'published')
        assert.ok(new Set(own.map(({ id }) => id)).size >= offered)
        assert.equal((await services().admin('tenant').keys()).length, exportNames.length)
      },
    },
    step('5', 'ClientsMoving', () => collectClient(program, licensingUrls)),
    step('6', 'ClientsMoving', () => collectMailServer(program, licensingUrls, services().urls.tenant)),
    step('7', 'ServicesMoved'),
    step('ro', 'ServicesMoved'),
    step('8', 'Draining', () => names.zone.clear()),
    {
      name: 'people open the sample at the tenant: the same rights',
      run: async () => void (await readers().compare(documents, () => 'tenant')),
    },
    {
      name: 'export the request logs',
      run: async () => {
        await exportLogs(program)
        setLogsBack(program)
      },
    },
    step('8d', 'Decommissioned'),
    step('9', 'Rekeyed'),
    {
      name: 'people open the sample under the new key: the same rights',
      run: async () => {
        const anchors = (await services().admin('tenant').keys()).map(({ root }) => root)
        const renewed = readersOf(program, services(), { store: 'new-store', anchors: [...new Set(anchors)] })
        await renewed.compare(documents, () => 'tenant')
      },
    },
    { name: 'write the board report twice: the same bytes', run: () => reportTwice(program) },
  ]
  return {
    stages,
    close: async () => {
      names.close()
      await opened?.stop()
    },
  }
}

function sampleRoots(program: Program): readonly string[] {
  return ['mode-1', 'mode-2'].map((name) => {
    const text = readFileSync(join(program.folder, 'lakeside', 'roots', `${name}.json`), 'utf8')
    return (JSON.parse(text) as SampleRootKey).fingerprint
  })
}

/** The report. Some documents of the sample are damaged, so the program ends with findings. */
async function rehearse({ run }: Program): Promise<string> {
  const { code, stdout, stderr } = await run(
    'rehearse',
    ...exportNames.flatMap((name) => ['--tpd', `lakeside/tpd/${name}.xml`]),
    ...exportNames.flatMap((name) => ['--password-file', `lakeside/tpd/passwords/${name}.txt`]),
    ...anchorOptions,
    '--documents',
    'lakeside/documents',
    '--json',
  )
  assert.equal(code, 1, stderr)
  return stdout
}

/** Every document has the outcome, content and readers that it was made with; every key and template was met. */
function assertExpected(report: RehearsalReport, program: Program, size: FullSize): void {
  const { documents } = readExpected(program)
  const found = new Map(report.documents.map((document) => [document.path, document]))
  assert.deepEqual([found.size, documents.length], [size.documents, size.documents])
  for (const { path, outcome, reason = null, format, key = null, contentSha256 = null, license } of documents) {
    const entry = found.get(path) ?? assert.fail(path)
    assert.deepEqual(
      { outcome: entry.outcome, reason: entry.reason, format: entry.format, key: entry.key, hash: entry.contentSha256 },
      { outcome, reason, format, key, hash: contentSha256 },
      path,
    )
    if (license !== undefined) assert.deepEqual(entry.mayOpen, license.mayOpen, path)
  }
  assert.equal(report.keys.filter((key) => key.documents > 0).length, exportNames.length)
  assert.equal(report.templates.filter(({ exported }) => exported).length, size.templates)
  assert.equal(report.missingKeys.length, 1, 'the cluster whose key was never exported')
}

function writeSamples({ folder }: Program, documents: readonly SampledDocument[]): void {
  mkdirSync(join(folder, 'samples'))
  for (const [index, { path }] of documents.entries()) {
    const file = openFileSource(path)
    writeFileSync(join(folder, 'samples', `${index}.xrml`), openProtected(file).licenseText)
    file.close()
  }
}

async function reportTwice({ done }: Program): Promise<void> {
  const { publicKey } = await done<{ publicKey: string }>('migrate', 'status', ...project, '--json')
  const write = async (): Promise<readonly Buffer[]> => {
    const paths = await done<Record<'html' | 'json' | 'signature', string>>('migrate', 'report', ...project, '--json')
    return [paths.html, paths.json, paths.signature].map((path) => readFileSync(path))
  }
  const [first, second] = [await write(), await write()]
  for (const [index, bytes] of first.entries()) assert.ok(second[index]?.equals(bytes), 'two reports differ')
  await done('migrate', 'report', '--verify', 'migration/report', '--public-key', publicKey)
}
