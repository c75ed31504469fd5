import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRightsError } from '@sealward/xrml'
import { requireServedClient } from './mobile-clients.ts'
import type { Settings } from './settings.ts'

type Rules = Pick<Settings, 'refusedPlatforms' | 'refusedApplications'>

const nothing: Rules = { refusedPlatforms: [], refusedApplications: [] }
const old: Rules = { ...nothing, refusedApplications: [{ name: 'Reader', below: '2.10' }] }
const app = (AppName: string, AppVersion?: string) => ({ AppName, ...(AppVersion === undefined ? {} : { AppVersion }) })

const table: readonly (readonly [rules: Rules, client: Record<string, string>, code: string | undefined])[] = [
  [nothing, {}, undefined],
  [nothing, { DevicePlatform: 'Toaster' }, undefined],
  [{ ...nothing, refusedPlatforms: ['Android'] }, { DevicePlatform: 'ANDROID' }, 'device-platform-refused'],
  [{ ...nothing, refusedPlatforms: ['Android'] }, { DevicePlatform: 'iOS' }, undefined],
  [{ ...nothing, refusedPlatforms: ['Windows'] }, { DevicePlatform: 'WindowsStore' }, undefined],
  [{ ...nothing, refusedPlatforms: ['Other'] }, {}, 'device-platform-unknown'],
  [{ ...nothing, refusedPlatforms: ['Other'] }, { DevicePlatform: 'Toaster' }, 'device-platform-unknown'],
  [{ ...nothing, refusedPlatforms: ['Other'] }, { DevicePlatform: 'Mac' }, undefined],
  [{ ...nothing, refusedApplications: [{ name: 'Reader' }] }, app('reader', '99'), 'application-refused'],
  [{ ...nothing, refusedApplications: [{ name: 'Reader' }] }, app('Reader Pro'), undefined],
  [{ ...nothing, refusedApplications: [{ name: 'Reader' }] }, {}, undefined],
  [old, app('Reader', '2.9.9'), 'application-refused'],
  [old, app('Reader', '2.10'), undefined],
  [old, app('Reader', '2.10.0.1'), undefined],
  [old, app('Reader', '2'), 'application-refused'],
  [old, app('Reader', '3'), undefined],
  [old, app('Reader', 'latest'), 'application-refused'],
  [old, app('Reader', ''), 'application-refused'],
  [old, app('Reader'), 'application-refused'],
]

function refusalOf(rules: Rules, client: Record<string, string>): string | undefined {
  try {
    requireServedClient(rules, new Map(Object.entries(client)))
    return undefined
  } catch (error) {
    if (isRightsError(error)) return error.code
    throw error
  }
}

for (const [rules, client, code] of table) {
  test(`${JSON.stringify(client)} under ${JSON.stringify(rules)}`, () => {
    assert.equal(refusalOf(rules, client), code)
  })
}
