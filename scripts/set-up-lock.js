/**
 * One set-up at a time in a checkout: `npm start` and `npm test` may begin at the same moment.
 * The lock file holds the process ids of the set-up and of the program that it runs. Nobody has to clean up after a
 * killed set-up: the lock is void once both are gone, and after MAX_AGE even if the system gave their ids to others.
 */
import { closeSync, openSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const MAX_AGE = 20 * 60_000
const POLL = 250

/**
 * Runs `work` while no other process does. `work` gets a function that names the child process it waits for.
 *
 * @param {string} path The lock file.
 * @param {(holdFor: (pid: number | undefined) => void) => Promise<void>} work
 */
export async function exclusively(path, work) {
  await acquire(path)
  try {
    await work((pid) => {
      writeFileSync(path, `${process.pid} ${pid ?? ''}`)
    })
  } finally {
    rmSync(path, { force: true })
  }
}

/** @param {string} path */
async function acquire(path) {
  for (let announced = false; ; announced = true) {
    if (create(path)) return
    const holders = holdersOf(path)
    if (holders.length > 0) {
      if (!announced) console.error(`sealward: waiting for the set-up that process ${holders[0]} does`)
      await sleep(POLL)
      continue
    }
    rmSync(path, { force: true })
    // Two processes may find the same void lock, and the slower one may remove the lock of the quicker one.
    if (create(path)) {
      await sleep(POLL)
      if (contents(path).startsWith(`${process.pid} `)) return
    }
  }
}

/** @param {string} path */
function create(path) {
  try {
    const file = openSync(path, 'wx')
    writeSync(file, `${process.pid} `)
    closeSync(file)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

/**
 * The living processes named by a lock that is not too old.
 *
 * @param {string} path
 */
function holdersOf(path) {
  const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0)
  // A lock file is empty for an instant, between its creation and its first line.
  const text = age < POLL ? contents(path) || `${process.pid}` : contents(path)
  const named = text.split(' ').map(Number)
  return age > MAX_AGE ? [] : named.filter((pid) => pid > 0 && isAlive(pid))
}

/** @param {string} path */
function contents(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return ''
    throw error
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return !isZombie(pid)
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

/**
 * A killed process keeps its id until its parent asks for its end, which some containers' first process never does.
 *
 * @param {number} pid
 */
function isZombie(pid) {
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
