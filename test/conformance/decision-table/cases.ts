/** The cases of the table: every target at every moment, policies with several lines, and what becomes of templates. */
import { listTemplates, publish } from '@sealward/client'
import { grantsOf, publishOffline, rightsDataOf } from './document.ts'
import { expectedOffline, expectedOutcome, type Outcome, type Policy, type Span } from './model.ts'
import { actors, targets, type Actor, type Target } from './people.ts'
import type { DecisionScene } from './scene.ts'

export interface Case {
  readonly name: string
  readonly actor: Actor
  /** When it is asked, after publication. */
  readonly minute: number
  readonly license: readonly string[]
  readonly policy: Policy
  readonly expected: Outcome
  /** Of a client that kept what it was given when everybody was still there. */
  readonly offline: Outcome
}

const rights = ['VIEW', 'PRINT']
const names = [{ lcid: 1033, name: 'Staff', description: 'For staff' }]

/** What the times of a policy can be, and when it is asked; minutes after publication. */
const moments: Readonly<Record<string, { readonly content?: Span; readonly line?: Span; readonly minute: number }>> = {
  'without times': { minute: 0 },
  'content is valid': { content: { from: 0, until: 60 }, minute: 30 },
  'content begins now': { content: { from: 10, until: 60 }, minute: 10 },
  'content is not valid yet': { content: { from: 10, until: 60 }, minute: 9 },
  'content ends now': { content: { from: 0, until: 60 }, minute: 60 },
  'content has a minute left': { content: { until: 60 }, minute: 59 },
  'content ended after its days': { content: { until: 60 }, minute: 60 },
  'the right is valid': { line: { from: 0, until: 60 }, minute: 30 },
  'the right is not valid yet': { line: { from: 10, until: 60 }, minute: 9 },
  'the right ends now': { line: { from: 0, until: 60 }, minute: 60 },
}

/** Policies with more than one line. */
const combined: Readonly<Record<string, Policy>> = {
  'two ways to a person': {
    lines: [
      { target: 'direct group', rights: ['VIEW'] },
      { target: 'alias', rights: ['PRINT', 'VIEW'] },
    ],
  },
  'one of two rights is over': {
    lines: [
      { target: 'address', rights: ['EDIT'], span: { from: 0, until: 10 } },
      { target: 'anyone', rights: ['VIEW'] },
    ],
  },
  'one is over, one not begun': {
    lines: [
      { target: 'address', rights: ['EDIT'], span: { from: 0, until: 10 } },
      { target: 'direct group', rights: ['VIEW'], span: { from: 40, until: 50 } },
    ],
  },
}

type Asked = Pick<Case, 'name' | 'actor' | 'minute' | 'license' | 'policy'>

function caseOf({ name, actor, ...asked }: Asked): Case {
  const { policy, minute } = asked
  return {
    ...asked,
    actor,
    name: `${name}, ${actor}`,
    expected: expectedOutcome(policy, actor, minute),
    offline: expectedOffline(policy, actor, minute),
  }
}

/** @param chosen these targets alone, and without times */
export async function adHocCases(scene: DecisionScene, chosen?: readonly Target[]): Promise<readonly Case[]> {
  const cases: Case[] = []
  const add = async (name: string, policy: Policy, minute: number, askers: readonly Actor[]): Promise<void> => {
    const license = await publishOffline(scene.asker('alice').client, rightsDataOf(policy))
    for (const actor of askers) cases.push(caseOf({ name, actor, minute, license, policy }))
  }
  for (const target of chosen ?? (Object.keys(targets) as Target[])) {
    for (const [moment, { content, line, minute }] of Object.entries(moments)) {
      const timeless = moment === 'without times'
      if (!timeless && chosen !== undefined) continue
      const policy: Policy = {
        lines: [{ target, rights, ...(line === undefined ? {} : { span: line }) }],
        ...(content === undefined ? {} : { span: content }),
      }
      // Everybody asks where it is about everybody, and the one whom most targets mean asks always.
      await add(`${target}, ${moment}`, policy, minute, target === 'anyone' || timeless ? actors : ['ben'])
    }
  }
  if (chosen !== undefined) return cases
  for (const [name, policy] of Object.entries(combined)) await add(name, policy, 30, ['ben', 'clara', 'alice'])
  return cases
}

/** As the administration takes them. */
function written(policy: Policy) {
  return grantsOf(policy).map(({ to, rights: each }) => ({ to, rights: [...each] }))
}

/** The present version of a template decides; the copy in the licence does where there is none any more. */
export async function templateCases(scene: DecisionScene): Promise<readonly Case[]> {
  const { lakeside } = scene
  const before: Policy = { lines: [{ target: 'three deep', rights: ['VIEW'] }] }
  const edited: Policy = { lines: [{ target: 'somebody else', rights: ['VIEW', 'EDIT'] }] }
  const fates: Readonly<
    Record<string, { readonly policy: Policy; readonly change: (parameters: object) => Promise<unknown> }>
  > = {
    published: { policy: before, change: async () => undefined },
    edited: {
      policy: edited,
      change: (parameters) =>
        lakeside.administer('editTemplate', { parameters, body: { names, grants: written(edited) } }),
    },
    archived: { policy: before, change: (parameters) => lakeside.administer('archiveTemplate', { parameters }) },
    deleted: {
      policy: before,
      change: (parameters) => lakeside.administer('deleteTemplate', { parameters, body: { force: true } }),
    },
  }
  const cases: Case[] = []
  for (const [fate, { policy, change }] of Object.entries(fates)) {
    const body = { names, grants: written(before), state: 'published' }
    const { id } = await lakeside.administer('createTemplate', { body })
    const { client } = scene.asker('alice')
    await listTemplates(client)
    const choice = { mode: 'cbc4k', keyBytes: 32 } as const
    const { documents } = await publish(client, { templateId: id }, choice, { publishing: 'offline' })
    await change({ id })
    // Without the licence that the author made for himself.
    const license = documents.slice(0, 2)
    for (const actor of actors) cases.push(caseOf({ name: `template ${fate}`, actor, minute: 0, license, policy }))
  }
  return cases
}
