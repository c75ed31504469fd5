/**
 * Makes this checkout ready: installs what package-lock.json names, among it Node.js 24 as an npm package, so that any
 * machine with an older Node.js and npm can run Sealward (docs/decisions/0001-runtime-through-npm.md).
 *
 * Runs before `npm start`, `npm test`, `npm run check` and `npm run bench`, under whatever Node.js called npm: plain
 * JavaScript, no dependencies. With `--installed` npm calls it after every change of node_modules.
 */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { exclusively } from './set-up-lock.js'

const NODE_MAJOR = 24
const ATTEMPTS = 3
const ATTEMPT_LIMIT = 5 * 60_000

const root = fileURLToPath(new URL('..', import.meta.url))
const modules = join(root, 'node_modules')
const marker = join(modules, '.installed')

/** What the marker holds when node_modules belongs to this lock file and this kind of machine. */
function wanted() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  return `${lock} ${process.platform} ${process.arch}\n`
}

function isReady() {
  return existsSync(marker) && readFileSync(marker, 'utf8') === wanted()
}

/** An unpacking that was interrupted is invisible to npm, so without a marker everything goes. */
function removeUnfinished() {
  if (existsSync(marker)) {
    rmSync(marker)
    return
  }
  const workspaces = readdirSync(join(root, 'packages')).map((name) => join(root, 'packages', name))
  for (const folder of [root, ...workspaces]) {
    rmSync(join(folder, 'node_modules'), { recursive: true, force: true, maxRetries: 3 })
  }
}

/** @param {(pid: number | undefined) => void} holdFor */
async function install(holdFor) {
  if (isReady()) return
  console.error('sealward: installing what package-lock.json names (once; the first time 200 MB) ...')
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    removeUnfinished()
    const ended = await runNpm(holdFor)
    if (ended === 'installed') {
      markInstalled()
      return
    }
    if (ended === 'failed') break
    console.error(`sealward: npm did not finish within ${ATTEMPT_LIMIT / 60_000} minutes (attempt ${attempt})`)
  }
  throw new Error('npm could not install the dependencies; its messages are above. Check the network and run it again.')
}

/**
 * One `npm install` by the npm and the Node.js that called us. npm was seen to wait without end for a download and to
 * ignore SIGTERM meanwhile, so it gets a limit and SIGKILL.
 *
 * @param {(pid: number | undefined) => void} holdFor
 * @returns {Promise<'installed' | 'failed' | 'stalled'>}
 */
function runNpm(holdFor) {
  const node = process.env['npm_node_execpath']
  const npm = process.env['npm_execpath']
  if (!node || !npm) throw new Error('run the set-up through npm: npm run setup')
  if (!existsSync(node)) throw new Error(`npm was started by ${node}, which is gone: run it by the installed Node.js`)
  // `npm ci` refuses a lock file without the packages of other platforms that a mirror does not serve.
  const options = ['--no-save', '--prefer-offline', '--include=dev', '--include=optional', '--loglevel=error']
  return new Promise((resolve, reject) => {
    const child = spawn(node, [npm, 'install', ...options], { cwd: root, stdio: ['ignore', 2, 2] })
    holdFor(child.pid)
    let stalled = false
    const limit = setTimeout(() => {
      stalled = child.kill('SIGKILL')
    }, ATTEMPT_LIMIT)
    const stop = () => child.kill('SIGKILL')
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, stop)
    child.on('error', reject)
    child.on('close', (code, signal) => {
      clearTimeout(limit)
      for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeListener(name, stop)
      if (stalled) resolve('stalled')
      else if (signal) reject(new Error(`interrupted (${signal}); the next run repairs what is unfinished`))
      else resolve(code === 0 ? 'installed' : 'failed')
    })
  })
}

/** Writes the marker if the `node` that npm scripts find is the one that Sealward is written for. */
function markInstalled() {
  const path = join(modules, '.bin') + delimiter + (process.env['PATH'] ?? '')
  const found = spawnSync('node', ['-p', 'process.versions.node'], {
    encoding: 'utf8',
    env: { ...process.env, PATH: path },
    shell: process.platform === 'win32',
  })
  const version = found.status === 0 ? found.stdout.trim() : 'none that runs'
  if (!version.startsWith(`${NODE_MAJOR}.`)) {
    const offered = process.platform === 'linux' || process.platform === 'win32'
    throw new Error(
      `Node.js ${NODE_MAJOR} is needed, found: ${version}. ` +
        (offered
          ? 'The one from npm needs a 64-bit system with glibc 2.28 or later and libstdc++.'
          : `npm has none for ${process.platform}: install Node.js ${NODE_MAJOR} and put it on the PATH.`),
    )
  }
  writeFileSync(marker, wanted())
}

try {
  if (process.argv[2] === '--installed') markInstalled()
  else if (!isReady()) await exclusively(join(root, '.setup.lock'), install)
} catch (error) {
  console.error(`sealward: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
