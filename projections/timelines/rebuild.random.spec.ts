import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { exportRows, hashOf, ignored, model, type ProjectedLog, runProjections } from '@verbatim/projections/projector'
import { type EventLog, memoryEventLog } from '@verbatim/services/event-log'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { attempts, unfold } from './histories.examples.ts'
import { timelinesStore } from './store.ts'
import { exportQueries } from './tables.ts'
import { chronicle, freshFile } from './timelines.examples.ts'
import { timelines } from './timelines.ts'

it('PJ12 a rebuilt model equals the live one, in batches of any size, doubled, restarted anywhere.', async () => {
  await fc.assert(
    fc.asyncProperty(attempts(50), fc.nat(), fc.array(fc.nat(50), { maxLength: 4 }), async (tried, seed, stops) => {
      const written = chronicle()
      const occur = unfold(written.record, seed % 2 ? 'whole' : 'since-joining')
      for (const attempt of tried) occur(attempt)
      const log = memoryEventLog({ seed })

      const live = freshFile()
      const running = project(live, log)
      for (const event of written.events) await log.append(event.stream, event.revision - 1, [event])
      await running.reached(await log.head())
      await running.close()
      const hash = hashOfFile(live)

      for (const batch of [1, 7, 1_000]) expect(await rebuilt(inBatches(log, batch))).toBe(hash)
      expect(await rebuilt(doubled(inBatches(log, 3)))).toBe(hash)

      const restarted = freshFile()
      for (const stop of [...stops.toSorted((a, b) => a - b), Number.MAX_SAFE_INTEGER])
        await filled(restarted, upTo(log, stop))
      expect(hashOfFile(restarted)).toBe(hash)
    }),
    { seed: 31, numRuns: 100 },
  )
}, 30_000)

it('PJ6 a model whose failed events were retried equals one in which none ever failed.', async () => {
  await fc.assert(
    fc.asyncProperty(attempts(50), fc.nat(60), async (tried, failing) => {
      const written = chronicle()
      const occur = unfold(written.record, 'since-joining')
      for (const attempt of tried) occur(attempt)
      const poison = written.events[failing % written.events.length]
      const file = freshFile()
      let mended = false
      const running = project(
        file,
        written.log,
        refusing(() => !mended && poison?.position),
      )
      await running.reached(written.events.length)
      mended = true
      if (poison) expect(await running.retry('timelines', poison.stream)).toBeUndefined()
      await running.close()
      expect(hashOfFile(file)).toBe(await rebuilt(inBatches(written.log, 1_000)))
    }),
    { seed: 33, numRuns: 60 },
  )
}, 30_000)

/** Timelines that fail at the event of a position. */
const refusing = (position: () => number | false | undefined): typeof timelines => {
  const refuse = (event: { position: number }): void => {
    if (event.position === position()) throw new Error('poison')
  }
  const on = Object.entries(timelines.on).map(([type, handle]) => [
    type,
    handle === ignored
      ? handle
      : (event: never) => {
          refuse(event)
          return handle(event)
        },
  ])
  return { ...timelines, on: Object.fromEntries(on) }
}

const project = (file: string, log: ProjectedLog, table = timelines) => {
  let position = -1
  const run = runProjections({
    models: [model(table, timelinesStore(file))],
    log,
    onProgress: (progress) => {
      position = progress.position
    },
    pause: () => setImmediate(),
  })
  return {
    async reached(head: number) {
      while (position < head) await setImmediate()
    },
    retry: run.retry,
    close: () => run.close(),
  }
}

const filled = async (file: string, log: ProjectedLog): Promise<void> => {
  const running = project(file, log)
  await running.reached((await log.readAll(0, 1e6)).at(-1)?.position ?? 0)
  await running.close()
}
const rebuilt = async (log: ProjectedLog): Promise<string> => {
  const file = freshFile()
  await filled(file, log)
  return hashOfFile(file)
}
/** The model is done with: a hundred histories make many of them. */
const hashOfFile = (file: string): string => {
  const db = new Database(file, { readonly: true })
  const hash = hashOf(exportRows(db, exportQueries))
  db.close()
  rmSync(dirname(file), { recursive: true })
  return hash
}

type Log = Pick<EventLog, 'log' | 'head' | 'readAll' | 'follow'>
const asleep: Log['follow'] = () => ({ ended: new Promise(() => {}), close: async () => {} })

const inBatches = (log: Log, size: number): Log => ({
  log: log.log,
  head: () => log.head(),
  readAll: (after, limit) => log.readAll(after, limit > 1_000 ? limit : size),
  follow: asleep,
})
/** Every batch comes with the one before it, and each of its events twice. */
const doubled = (log: Log): Log => ({
  ...log,
  readAll: async (after, limit) => {
    const events = await log.readAll(Math.max(0, after - 3), limit)
    const fresh = await log.readAll(after, limit)
    return fresh.length === 0 ? [] : [...events, ...fresh, ...fresh].flatMap((event) => [event, event])
  },
})
const upTo = (log: Log, head: number): Log => ({
  log: log.log,
  head: () => log.head(),
  readAll: async (after, limit) => (await log.readAll(after, limit)).filter(({ position }) => position <= head),
  follow: asleep,
})
