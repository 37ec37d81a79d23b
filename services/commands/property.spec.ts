import { type Answer, type CommandId, conversationStream } from '@verbatim/protocol'
import { tea } from '@verbatim/protocol/examples'
import { memoryEventLog } from '@verbatim/services/event-log'
import { describe, expect, it } from 'vitest'
import { chance, randomCommands, type Said } from './random-commands.rig.ts'
import { dataOf, newWorld, riggedLog, streamOf } from './rig.ts'

/**
 * Four people over a bad line: a third of the answers is lost and their commands are sent again, now and then the
 * process dies and another starts on the same log, and the log fails in every way it can.
 */
describe('random commands', () => {
  it.each(Array.from({ length: 30 }, (_, n) => n + 1))('CH17 tell one story (seed %i)', async (seed) => {
    const below = chance(seed + 1_000)
    const log = riggedLog(memoryEventLog({ seed }))
    let world = await newWorld({ snapshotEvery: 20, cacheBytes: 20_000 }, log)
    const waiting: Said[] = randomCommands(seed, 300)
    const accepted = new Map<CommandId, Answer>()

    while (waiting.length > 0) {
      const round = waiting.splice(0, 1 + below(25))
      if (below(4) === 0)
        log.fail(
          ...Array.from({ length: below(3) }, () => (['not written', 'written'] as const)[below(2)] ?? 'written'),
        )
      if (below(12) === 0) log.fail('disk full')
      // The old process may still be writing when the new one starts.
      if (below(5) === 0) world = world.restarted()
      const answers = await Promise.all(round.map(({ command, by }) => world.say(command, by)))
      for (const [n, answer] of answers.entries()) {
        const said = round[n] as Said
        const isRetryable = answer.kind === 'refused' && answer.retryAfter !== undefined
        if (isRetryable || below(3) === 0) waiting.splice(below(Math.min(40, waiting.length + 1)), 0, said)
        if (answer.kind === 'refused') continue
        const before = accepted.get(answer.id)
        const hasEffect = (await streamOf(log, conversationStream(tea))).some(({ command }) => command === answer.id)
        if (hasEffect && before) expect(answer).toEqual(before)
        if (hasEffect) accepted.set(answer.id, answer)
      }
    }

    const history = await streamOf(log, conversationStream(tea))
    expect(history.map(({ revision }) => revision)).toEqual(history.map((_, n) => n))
    expect(new Set(history.map(({ id }) => id)).size).toBe(history.length)
    const sent = history.filter(({ type }) => type === 'MessageSent')
    expect(new Set(sent.map(({ command }) => command)).size).toBe(sent.length)
    expect(sent.map((event) => dataOf(event).data)).toMatchObject(
      sent.map(({ command }, n) => ({ message: command, n: n + 1 })),
    )
    for (const [id, answer] of accepted) {
      const last = history.findLast(({ command }) => command === id)
      expect(answer).toMatchObject({ kind: 'accepted', revision: last?.revision, position: `${last?.position}` })
    }
    expect(history.every(({ at }, n) => n === 0 || at >= (history[n - 1]?.at ?? 0))).toBe(true)
    expect(accepted.size).toBeGreaterThan(50)
    for (const { command } of history) expect(accepted.has(command)).toBe(true)
  })
})
