import type { StreamName } from '@verbatim/protocol'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { eventAt, readingAt, streamAt } from '../event-log.examples.ts'
import { memoryEventLog } from './memory.ts'
import { conflictAt } from './parcel.ts'
import { freshFile, parcelOf } from './sqlite.rig.ts'
import { openForReading } from './sqlite-file.ts'
import { openLogReader } from './sqlite-reader.ts'
import { openLogWriter } from './sqlite-writer.ts'

const streams = [streamAt(1), streamAt(2), streamAt(3), readingAt(1), readingAt(2)]
/** Of an append: its stream, how far its expected revision is off, its size, and where its ids begin. */
const append = fc.record({
  kind: fc.constant('append' as const),
  stream: fc.constantFrom(...streams),
  off: fc.constantFrom(0, 0, 0, 0, 0, 0, 1, -1),
  size: fc.constantFrom(1, 1, 2, 7, 200),
  from: fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.nat(4_000) }),
})
const doings = fc.oneof(
  { weight: 12, arbitrary: append },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('commit', 'commit', 'rollback', 'reopen') }) },
)

it('EL8 reads the same from SQLite as from memory, whatever was appended, undone, compacted, filed or reopened', async () => {
  const answers = new Set<string>()
  const filed: number[] = []
  const history = fc.asyncProperty(fc.array(doings, { minLength: 120, maxLength: 160 }), async (history) => {
    const file = freshFile()
    const model = memoryEventLog()
    let writer = openLogWriter({ file, newLogId: () => 'log-1' })
    let staged: [StreamName, number, ReturnType<typeof eventAt>[], number][] = []
    let next = 0

    const settle = async () => {
      for (const [stream, expected, events, result] of staged) {
        const answer = await model.append(stream, expected, events)
        answers.add(answer.kind)
        expect(result).toBe(
          answer.kind === 'appended' ? answer.position - events.length + 1 : conflictAt(answer.actual),
        )
      }
      staged = []
    }
    for (const doing of history) {
      if (doing.kind === 'append' && 'stream' in doing) {
        const head = staged.filter(([stream, , , result]) => stream === doing.stream && result > 0).at(-1)
        const before = head ? head[1] + head[2].length : ((await model.last(doing.stream))?.revision ?? -1)
        const from = doing.from ?? next
        const events = Array.from({ length: doing.size }, (_, n) => eventAt(from + n))
        next = Math.max(next, from + doing.size)
        const [result = 0] = writer.stage(parcelOf([doing.stream, before + doing.off, events]))
        staged.push([doing.stream, before + doing.off, events, result])
      } else if (doing.kind === 'rollback') {
        writer.rollback()
        staged = []
      } else {
        writer.commit()
        await settle()
      }
      if (doing.kind === 'reopen') {
        writer.close()
        writer = openLogWriter({ file, newLogId: () => 'log-2' })
      }
    }
    writer.commit()
    await settle()

    const reader = openLogReader(file)
    const all = await model.readAll(0, 100_000)
    expect(reader.readAll(0, 100_000)).toEqual(all)
    for (const stream of streams) {
      expect(reader.read(stream, 3, 3_000)).toEqual(await model.read(stream, 3, 3_000))
      expect(reader.last(stream)).toEqual(await model.last(stream))
    }
    for (const event of all.filter((_, at) => at % 50 === 0))
      expect(reader.find(event.stream, event.id, event.command)).toEqual(event)
    reader.close()
    writer.close()
    const { db } = openForReading(file)
    filed.push(Number(db.prepare('SELECT position FROM filed').pluck().get()))
    db.close()
  })
  await fc.assert(history, { seed: 11, numRuns: 6, endOnFailure: true })
  expect(Math.max(...filed)).toBeGreaterThan(0)
  expect(answers).toEqual(new Set(['appended', 'conflict']))
}, 20_000)
