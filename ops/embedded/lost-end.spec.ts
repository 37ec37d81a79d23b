import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { timelinesStore } from '@verbatim/projections/timelines'
import { conversationStream } from '@verbatim/protocol'
import * as examples from '@verbatim/protocol/examples'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { refuseLostEnd } from './lost-end.ts'
import { knownModels } from './models.ts'

const folder = mkdtempSync(join(tmpdir(), 'verbatim-end-'))
const file = join(folder, 'timelines_v1.db')
/** The model of timelines has come to position 12 of `log-1`. */
beforeAll(async () => {
  const store = timelinesStore(file)
  const event = { stream: conversationStream(examples.tea), revision: 0, position: 12 }
  await store.apply([{ event, parked: null }], 'log-1')
  await store.close()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const refusing = (log: string, head: number) => () => refuseLostEnd(knownModels, { folder, log, head })

describe('a log with a model that has come further than it goes', () => {
  it('OP111 is refused, with both positions and what to do', () =>
    expect(refusing('log-1', 11)).toThrow(
      `the log ends at position 11, but timelines has come to 12: the events between are lost; restore a backup, or remove ${file} to go on without them`,
    ))
  it('OP111 is taken when the model has come just as far, or is behind', () => {
    expect(refusing('log-1', 12)).not.toThrow()
    expect(refusing('log-1', 13)).not.toThrow()
  })
  it('OP111 is taken when the model is of another log, as after a restore', () =>
    expect(refusing('log-2', 11)).not.toThrow())
  it('OP111 is taken when the model cannot be read: it tells nothing, and is made anew', () => {
    writeFileSync(file, 'no database')
    expect(refusing('log-1', 11)).not.toThrow()
  })
})
