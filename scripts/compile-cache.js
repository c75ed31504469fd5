/**
 * Preloaded into tests and benches: what one process has compiled, the next one need not compile again, commands that a
 * test starts included. The cache belongs to this checkout and goes with node_modules.
 */
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../node_modules/.cache/sealward-code', import.meta.url))
process.env['NODE_COMPILE_CACHE'] = folder
enableCompileCache(folder)
