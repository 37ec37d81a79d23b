import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** One place of the source, said differently. `find` is there exactly once. */
export type Change = { readonly file: string; readonly find: string; readonly replace: string }
/** A mistake that somebody could make, and what is there to find it. */
export type Planted = { readonly name: string; readonly changes: readonly Change[]; readonly foundBy: FoundBy }
export type FoundBy =
  /** A spec of units, in which a test of that rule has to fail. */
  | { readonly spec: string; readonly rule: string }
  /** Kills under load, after which the checker of histories has to tell one of these. */
  | { readonly history: readonly string[] }

const root = fileURLToPath(new URL('../../..', import.meta.url))
const once = ({ file, find }: Change, source: string): void => {
  const times = source.split(find).length - 1
  if (times !== 1) throw new Error(`${file} has ${times} times, instead of once: ${find}`)
}

/** The source of a file with the mistake in it. @throws when a change does not match exactly once */
export const withMistake = ({ changes }: Pick<Planted, 'changes'>, file: string, source: string): string => {
  let changed = source
  for (const change of changes) {
    if (change.file !== file) continue
    once(change, changed)
    changed = changed.replace(change.find, () => change.replace)
  }
  return changed
}

/** The files that it touches, with what they become. */
export const filesWithMistake = (planted: Pick<Planted, 'changes'>): ReadonlyMap<string, string> => {
  const files = new Map<string, string>()
  for (const { file } of planted.changes)
    files.set(`${root}${file}`, withMistake(planted, file, readFileSync(`${root}${file}`, 'utf8')))
  return files
}

/** Commits are made late, many as one, and meanwhile everybody is told that they are: milliseconds. */
const LATE = 150
const commitsLate: Change = {
  file: 'services/event-log/adapters/writer-loop.ts',
  find: '      this.writer.commit()\n',
  replace: `      this.late ??= setTimeout(() => { this.late = undefined; this.writer.commit(); this.teller.tell(this.writer.head()) }, ${LATE})\n`,
}
/** The log takes an id for new that it has. */
const logTakesEveryId: Change = {
  file: 'services/event-log/adapters/heads.ts',
  find: 'if (this.#ids.has(id) && this.sql.hasUnfiled.get(this.#filed, stream, id)) return true',
  replace: 'if (id) return false',
}

/** Every mistake of the spine that the suite promises to find. */
export const plantedMistakes: readonly Planted[] = [
  {
    name: 'ack before append',
    changes: [commitsLate],
    foundBy: { history: ['lost'] },
  },
  {
    name: 'publish before commit',
    changes: [
      commitsLate,
      {
        file: 'services/event-log/adapters/sqlite-event-log.ts',
        find: '    for (const settle of settled) settle()\n',
        replace: `    setTimeout(() => { for (const settle of settled) settle() }, ${LATE + 20})\n`,
      },
    ],
    foundBy: { history: ['differs', 'inversion', 'reset', 'doubled'] },
  },
  {
    name: 'append without expected revision',
    changes: [
      {
        file: 'services/event-log/adapters/sqlite-writer.ts',
        find: 'if ((known?.revision ?? -1) !== expected) return',
        replace: 'if (expected < -1) return',
      },
    ],
    foundBy: { spec: 'services/event-log/adapters/sqlite.spec.ts', rule: 'EL2' },
  },
  {
    name: 'dedupe in memory only',
    changes: [
      logTakesEveryId,
      {
        file: 'services/commands/stream.ts',
        find: '  remember(stream.ids, command, { actor, digest, revision, position })\n',
        replace: '',
      },
      { file: 'services/commands/stream.ts', find: 'ids: from?.ids ?? noIds()', replace: 'ids: noIds()' },
    ],
    // The model takes no message twice: the stream waits, and its messages are not where they were said to be.
    foundBy: { history: ['doubled', 'wrong answer', 'changed answer'] },
  },
  {
    name: 'dedupe by time window',
    changes: [
      {
        file: 'services/commands/attempt.ts',
        find: 'if (before === undefined && mustAskLog(stream, item))',
        replace: 'if (before === undefined && mustAskLog(stream, item) && now() - timeOf(order.command.id) < 600_000)',
      },
    ],
    foundBy: { spec: 'services/commands/repeats.spec.ts', rule: 'CH3' },
  },
  {
    name: 'checkpoint outside the transaction',
    changes: [
      {
        file: 'projections/projector/adapters/sqlite-store.ts',
        find: "        setMeta.run('position', position)\n",
        replace: "        queueMicrotask(() => setMeta.run('position', position))\n",
      },
    ],
    foundBy: { spec: 'projections/projector/adapters/sqlite-store.spec.ts', rule: 'PJ1' },
  },
  {
    name: 'a projector that reads the clock',
    changes: [
      {
        file: 'projections/timelines/timelines.ts',
        find: 'revision, sender: actor, at, n, body, activity: position',
        replace: 'revision, sender: actor, at: Math.floor(performance.now() * 1_000), n, body, activity: position',
      },
    ],
    foundBy: { spec: 'projections/timelines/rebuild.random.spec.ts', rule: 'PJ12' },
  },
  {
    name: 'resume from the wrong revision',
    changes: [
      {
        file: 'services/gateway/live/resuming.ts',
        find: '=> ({ conversation, revision }))',
        replace: '=> ({ conversation, revision: revision + 1 }))',
      },
    ],
    foundBy: { history: ['gap'] },
  },
  {
    name: 'subscribe before the membership check',
    changes: [
      {
        file: 'services/gateway/live/joining.ts',
        find: '  let asked = 0\n',
        replace:
          '  let asked = 0\n  for (const wanted of Object.keys(resume)) parts.audiences.join(connection, wanted as ConversationId)\n',
      },
    ],
    foundBy: { spec: 'services/gateway/resume.spec.ts', rule: 'GW24' },
  },
  {
    name: 'membership cached after removal',
    changes: [
      {
        file: 'services/gateway/live/fan-out.ts',
        find: '  audiences.leave(connection, conversation)\n',
        replace: '',
      },
    ],
    foundBy: { spec: 'services/gateway/resume.spec.ts', rule: 'GW21' },
  },
  {
    name: 'refresh reuse not revoked',
    changes: [
      {
        file: 'services/identity/adapters/sqlite-sessions.ts',
        find: "    rows.end.run({ at, session })\n    return { kind: 'reused'",
        replace: "    return { kind: 'reused'",
      },
    ],
    foundBy: { spec: 'services/identity/adapters/sqlite.spec.ts', rule: 'ID15' },
  },
  {
    name: 'a missing await on verify',
    changes: [
      {
        file: 'services/identity/local-accounts.ts',
        find: 'const right = await isRight(known, password)',
        replace: 'const right = isRight(known, password)',
      },
    ],
    foundBy: { spec: 'services/identity/local-accounts.spec.ts', rule: 'ID6' },
  },
]
