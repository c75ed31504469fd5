/** `npm run conformance`: asks a server every row and says which ones it answers as the fact sheet demands. */
import { namedServer } from './named-server.ts'
import { readOptions, usage, type SuiteOptions } from './options.ts'
import { ownServers } from './own-servers.ts'
import { countsOf, exitCodeOf, jsonReport, tableReport } from './report.ts'
import { rows } from './rows/index.ts'
import { runRows } from './run-rows.ts'

const misused = 2

async function check({ server, wsdl, only, json }: SuiteOptions): Promise<number> {
  const servers = server === undefined ? await ownServers() : await namedServer(server)
  try {
    const chosen = rows.filter(({ id }) => id.startsWith(only))
    const results = await runRows({ rows: chosen, servers, descriptions: wsdl, soap: ['1.1', '1.2'] })
    process.stdout.write((json ? jsonReport : tableReport)(server?.url ?? 'own service', results))
    return exitCodeOf(countsOf(results))
  } finally {
    await servers.close()
  }
}

function options(): SuiteOptions | undefined {
  try {
    const read = readOptions(process.argv.slice(2))
    if (read !== 'help') return read
    process.stdout.write(usage)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
    process.exitCode = misused
  }
  return undefined
}

const read = options()
if (read !== undefined) process.exitCode = await check(read)
