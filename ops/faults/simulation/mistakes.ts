import { type Change, type Planted, plantedMistakes } from '../planted/mistakes.ts'

export type Mistake = Pick<Planted, 'name' | 'changes'>

/** The log takes an id for new that it has. */
const logTakesEveryId: Change = {
  file: 'services/event-log/adapters/memory.ts',
  find: 'if (actual !== expected || !isNew) return',
  replace: 'if (actual !== expected) return',
}

const known = (name: string): Mistake => {
  const found = plantedMistakes.find((one) => one.name === name)
  if (!found) throw new Error(`there is no mistake ${name}`)
  return found
}

/**
 * Every mistake of the spine that can show in one process: those that lie in what is simulated, and of those that lie in
 * the log on disk the same in the log in memory.
 */
export const mistakes: readonly Mistake[] = [
  {
    name: 'ack before append',
    changes: [
      {
        file: 'services/commands/appending.ts',
        find: '    stream.writing = batch.decided\n',
        replace: `    stream.writing = batch.decided
    let revision = stream.durable
    for (const { item, events } of batch.decided) {
      revision += events.length
      if (events.length > 0)
        answer(mailbox, item, { kind: 'accepted', id: item.order.command.id, revision, position: \`\${stream.position}\` })
    }
`,
      },
    ],
  },
  {
    name: 'publish before commit',
    changes: [
      {
        file: 'services/event-log/adapters/memory.ts',
        find: `    await this.disk()
    if (this.#closed) throw new LogUnavailable('the log is closed', 'no')
    const appended = this.#append(stream, expected, events)
`,
        replace: `    const appended = this.#append(stream, expected, events)
    try {
      await this.disk()
    } catch (error) {
      const kept = this.#streams.get(stream)
      if (appended.kind === 'appended')
        for (const { id, position } of kept?.rows.splice(-events.length) ?? []) {
          this.#events[position - 1] = undefined
          kept?.ids.delete(id)
        }
      throw error
    }
`,
      },
    ],
  },
  {
    name: 'append without expected revision',
    changes: [
      {
        file: 'services/event-log/adapters/memory.ts',
        find: 'if (actual !== expected || !isNew) return',
        replace: 'if (!isNew) return',
      },
    ],
  },
  {
    name: 'dedupe in memory only',
    changes: [
      logTakesEveryId,
      ...known('dedupe in memory only').changes.filter(({ file }) => file.startsWith('services/commands/')),
    ],
  },
  {
    name: 'dedupe by time window',
    changes: [
      logTakesEveryId,
      {
        file: 'services/commands/attempt.ts',
        find: 'const before = stream.ids.window.get(order.command.id) ?? item.before',
        replace:
          'const before = now() - timeOf(order.command.id) < 600_000 ? (stream.ids.window.get(order.command.id) ?? item.before) : null',
      },
    ],
  },
  known('checkpoint outside the transaction'),
  known('a projector that reads the clock'),
  known('resume from the wrong revision'),
  known('subscribe before the membership check'),
  known('membership cached after removal'),
]
