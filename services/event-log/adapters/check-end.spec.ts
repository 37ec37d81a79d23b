import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { eventAt, streamAt } from '../event-log.examples.ts'
import { CorruptEvent } from '../port.ts'
import { checkEnd } from './check-end.ts'
import { freshFile, writerWith } from './sqlite.rig.ts'

/** 2,500 events, of which `spoil` changes some, and one may be of a later version. */
const logOf = (spoil = '', later = 0): string => {
  const file = freshFile()
  writerWith(
    file,
    streamAt(1),
    Array.from({ length: 2_500 }, (_, n) => eventAt(n, { schema: n === later ? 99 : 1 })),
  ).close()
  const db = new Database(file)
  if (spoil) db.exec(spoil)
  db.close()
  return file
}
const found = (file: string, events: number): unknown => {
  try {
    return checkEnd(file, events)
  } catch (error) {
    return error
  }
}

describe('the end of a log', () => {
  it('EL20 is sound in a log as it was written, also an empty one', () => {
    expect(found(logOf(), 2_000)).toBeUndefined()
    const empty = freshFile()
    writerWith(empty, streamAt(1), []).close()
    expect(found(empty, 2_000)).toBeUndefined()
  })
  it.each([501, 1_500, 1_501, 2_500])('EL20 names event %d as the first that is spoilt', (position) => {
    const error = found(logOf(`UPDATE events SET at = at + 1 WHERE position >= ${position}`), 2_000)
    expect(error).toBeInstanceOf(CorruptEvent)
    expect(error).toMatchObject({ position })
  })
  it('EL20 is not all of the log: what lies before it is found when it is read', () =>
    expect(found(logOf('UPDATE events SET at = at + 1 WHERE position = 500'), 2_000)).toBeUndefined())
  it('EL20 passes over an event of a later version, and reads on behind it', () => {
    expect(found(logOf('', 700), 2_000)).toBeUndefined()
    const error = found(logOf('UPDATE events SET at = at + 1 WHERE position = 2400', 700), 2_000)
    expect(error).toMatchObject({ name: 'CorruptEvent', position: 2_400 })
  })
})
