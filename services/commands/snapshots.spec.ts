import { conversationStream, snapshotStream } from '@verbatim/protocol'
import { ada, bob, cleo, deleteMessage, pin, react, rename, sendMessage, tea } from '@verbatim/protocol/examples'
import { CorruptEvent, type EventLog } from '@verbatim/services/event-log'
import { describe, expect, it } from 'vitest'
import { randomCommands } from './random-commands.rig.ts'
import { historyOf, message, newRoom, newWorld, quiet, streamOf } from './rig.ts'
import { loadStream } from './stream.ts'

const name = conversationStream(tea)
const withoutSnapshots = (log: EventLog): EventLog =>
  Object.assign(Object.create(log) as EventLog, {
    last: async (stream: Parameters<EventLog['last']>[0]) =>
      stream.startsWith('snapshot-') ? undefined : log.last(stream),
  })
/** What counts of a stream: not when the last snapshot was. */
const stateOf = async (log: EventLog) => {
  const { aggregate, ids, revision, durable, position, at } = await loadStream(log, name)
  return { aggregate, ids, revision, durable, position, at }
}

describe('a snapshot', () => {
  it('CH10 is taken every so many events, and only the last is kept', async () => {
    const { log, handler, say } = await newRoom({ snapshotEvery: 10 })
    for (let n = 0; n < 35; n++) await say(message(n))
    await handler.close()
    const kept = await streamOf(log, snapshotStream(name))
    expect(kept).toHaveLength(1)
    expect(JSON.parse(kept[0]?.json ?? '').revision).toBe(29)
    expect(handler.stats()).toMatchObject({ snapshots: 3 })
  })

  it('CH10 spares reading what is before it', async () => {
    const { log, handler, say } = await newRoom({ snapshotEvery: 10 })
    for (let n = 0; n < 35; n++) await say(message(n))
    await handler.close()
    const read: number[] = []
    await loadStream(
      Object.assign(Object.create(log) as EventLog, {
        read(stream: typeof name, from: number, limit: number) {
          read.push(from)
          return log.read(stream, from, limit)
        },
      }),
      name,
    )
    expect(read).toEqual([30])
  })

  it.each(Array.from({ length: 20 }, (_, n) => n + 1))('CH10 and its tail are all events (seed %i)', async (seed) => {
    const world = await newWorld({ snapshotEvery: 25 })
    const commands = randomCommands(seed, 600)
    for (let at = 0; at < commands.length; at += 30)
      await Promise.all(commands.slice(at, at + 30).map(({ command, by }) => world.say(command, by)))
    await world.handler.close()
    expect(world.handler.stats().snapshots).toBeGreaterThan(2)
    const fromZero = await stateOf(withoutSnapshots(world.log))
    expect(await stateOf(world.log)).toEqual(fromZero)
    expect(fromZero.revision).toBe((await historyOf(world.log, tea)).length - 1)
  })

  it('CH10 is never ahead of what is written', async () => {
    const { log, handler, say } = await newRoom({ snapshotEvery: 10 })
    await say(message(0))
    const ahead: number[] = []
    const { append } = log
    log.append = async (stream, expected, events) => {
      const [event] = events
      if (event?.type === 'SnapshotTaken')
        ahead.push(JSON.parse(event.json).revision - ((await log.last(name))?.revision ?? 0))
      return append(stream, expected, events)
    }
    // More than goes into one append.
    await Promise.all(Array.from({ length: 1_500 }, (_, n) => say(message(n + 1))))
    await handler.close()
    expect(ahead.length).toBeGreaterThan(0)
    expect(Math.max(...ahead)).toBeLessThanOrEqual(0)
    expect(await stateOf(log)).toEqual(await stateOf(withoutSnapshots(log)))
  })

  it('CH10 that is damaged is passed over', async () => {
    const { log, handler, say } = await newRoom({ snapshotEvery: 3 })
    for (let n = 0; n < 5; n++) await say(message(n))
    await handler.close()
    const damaged = Object.assign(Object.create(log) as EventLog, {
      last: async (stream: typeof name) => {
        throw new CorruptEvent(4, stream, 'bit rot')
      },
    })
    expect(await stateOf(damaged)).toEqual(await stateOf(log))
  })

  it('CH10 of another version is passed over', async () => {
    const { log, handler, say, restarted } = await newRoom({ snapshotEvery: 3 })
    for (let n = 0; n < 5; n++) await say(message(n))
    await handler.close()
    const stored = await log.last(snapshotStream(name))
    if (!stored) throw new Error('there is none')
    const { stream: _, revision, position: __, ...event } = stored
    const json = JSON.stringify({ ...JSON.parse(stored.json), version: 99, state: 'of another form' })
    const id = `${event.id.slice(0, -2)}00` as typeof event.id
    await log.append(snapshotStream(name), revision, [{ ...event, id, json }])
    expect((await stateOf(log)).revision).toBe(5)
    expect(await restarted().say(message(9))).toMatchObject({ kind: 'accepted', revision: 6 })
  })

  it('CH10 that is not written is reported and costs nothing but time', async () => {
    const { log, handler, say, reported } = await newRoom({ snapshotEvery: 3 })
    await say(message(0))
    // The third event's append goes well, its snapshot's does not.
    const release = log.hold(snapshotStream(name))
    await say(message(1))
    log.fail('not written')
    release()
    await quiet()
    expect(reported).toHaveLength(1)
    for (let n = 2; n < 9; n++) await say(message(n))
    await handler.close()
    expect(handler.stats()).toMatchObject({ snapshots: 2, failures: 0 })
    expect((await stateOf(log)).revision).toBe(9)
  })

  it('CH10 holds no word that anybody said', async () => {
    const { log, handler, say } = await newRoom({ snapshotEvery: 2 })
    await say(sendMessage({ body: { text: 'SECRET' } }))
    await say(rename({ name: 'SECRET' }))
    await say(react(), bob)
    await say(pin(), cleo)
    await say(deleteMessage())
    await handler.close()
    const kept = await log.last(snapshotStream(name))
    expect(kept?.json).toContain(ada)
    expect(kept?.json).not.toContain('SECRET')
    expect(kept?.json).not.toContain('"Tea"')
  })
})
