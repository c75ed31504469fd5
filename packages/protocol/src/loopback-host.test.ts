import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isLoopbackHost } from './loopback-host.ts'

const hostOf = (url: string): string => new URL(url).hostname

test('this machine has few names', () => {
  for (const url of [
    'http://localhost:8443',
    'http://LOCALHOST',
    'http://127.0.0.1:1/x',
    'http://127.1',
    'http://[::1]:9',
  ])
    assert.equal(isLoopbackHost(hostOf(url)), true, url)
})

test('names that only begin or end like it are those of others', () => {
  for (const url of [
    'http://127.evil.example',
    'http://127.0.0.1.evil.example',
    'http://localhost.evil.example',
    'http://evil.localhost',
    'http://localhost@evil.example',
    'http://128.0.0.1',
    'http://[::2]',
  ])
    assert.equal(isLoopbackHost(hostOf(url)), false, url)
})
