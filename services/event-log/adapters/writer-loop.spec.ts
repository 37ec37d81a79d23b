import { describe, expect, it, vi } from 'vitest'
import { eventsAt, streamAt } from '../event-log.examples.ts'
import { NO_STREAM } from '../port.ts'
import { openSqlite } from './sqlite.rig.ts'

describe('what the writer tells of its commits', () => {
  it('OP78 each commit is told with its events and the time that the disk took, each failure with its kind', async () => {
    let time = 0
    const told: unknown[] = []
    const { log, writer } = openSqlite(undefined, {
      now: () => time,
      onCommit: (events, milliseconds) => told.push({ events, milliseconds }),
      onFailure: (diskFull) => told.push({ diskFull }),
    })
    const commit = writer.commit.bind(writer)
    const spy = vi.spyOn(writer, 'commit').mockImplementation(() => {
      time += 4
      commit()
    })
    await Promise.all([
      log.append(streamAt(1), NO_STREAM, eventsAt(1)),
      log.append(streamAt(2), NO_STREAM, [...eventsAt(2), ...eventsAt(3)]),
      log.append(streamAt(3), 7, eventsAt(4)),
    ])
    spy.mockImplementationOnce(() => {
      throw Object.assign(new Error('full'), { code: 'SQLITE_FULL' })
    })
    await expect(log.append(streamAt(3), NO_STREAM, eventsAt(5))).rejects.toThrow('full')
    await log.append(streamAt(3), NO_STREAM, eventsAt(5))
    expect(told).toEqual([{ events: 3, milliseconds: 4 }, { diskFull: true }, { events: 1, milliseconds: 4 }])
  })
  it('EL22 a checkpoint comes behind the answer of its commit, and one that fails is told', async () => {
    let failed = 0
    const { log, writer } = openSqlite(undefined, { onCheckpointFailure: () => failed++ })
    const commit = writer.commit.bind(writer)
    const order: string[] = []
    vi.spyOn(writer, 'commit').mockImplementation(() => {
      commit()
      order.push('commit')
    })
    vi.spyOn(writer, 'checkpoint').mockImplementation(() => {
      order.push('checkpoint')
      return false
    })
    await log.append(streamAt(1), NO_STREAM, eventsAt(1))
    expect(order).toEqual(['commit', 'checkpoint'])
    expect(failed).toBe(1)
  })
})
