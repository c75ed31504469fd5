#!/usr/bin/env node
/**
 * The command `sealward` under any Node.js: loads the program where Node.js is new enough, else hands over to the
 * Node.js 24 that npm installed beside it (docs/decisions/0001-runtime-through-npm.md). Plain JavaScript for old versions.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const NODE_MAJOR = 24
const main = new URL('../src/main.ts', import.meta.url)

/** The binary of the package `node-<os>-<cpu>`, if npm installed one for this machine. */
function installedNode() {
  const system = process.platform === 'win32' ? 'win' : process.platform
  const name = `node-${system}-${process.arch}`
  try {
    const folder = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`))
    const binary = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
    return existsSync(binary) ? binary : undefined
  } catch {
    return undefined
  }
}

/** @param {string} binary */
function handOver(binary) {
  const child = spawn(binary, [fileURLToPath(main), ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      // A terminal has sent Ctrl-C to the child as well; the child decides what it means, and this process ends as it ends.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    })
  }
  child.on('error', (error) => {
    process.stderr.write(`sealward: ${error.message}\n`)
    process.exitCode = 70
  })
  child.on('close', (code, signal) => {
    process.exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal])
  })
}

if (Number.parseInt(process.versions.node, 10) >= NODE_MAJOR) {
  await import(main.href)
} else {
  const binary = installedNode()
  if (binary === undefined) {
    process.stderr.write(`sealward: Node.js ${NODE_MAJOR} is needed, this is ${process.versions.node}\n`)
    process.stderr.write('cure: run `npm run setup` in the checkout, or install Node.js 24.\n')
    process.exitCode = 5
  } else {
    handOver(binary)
  }
}
