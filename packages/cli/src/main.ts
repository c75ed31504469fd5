/** The process `sealward`: hands its arguments to the program and ends quietly when nobody reads its output any more. */
import { run } from './program.ts'

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    // `sealward … | head`: whoever read has seen enough. Waiting work has nobody to work for.
    process.exit()
  })
}

process.exitCode = await run(process.argv.slice(2))
