import { conversationStream } from '@verbatim/protocol'
import { adaAndBob, tea } from '@verbatim/protocol/examples'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { type ModelStore, StoreUnavailable } from './port.ts'
import { freshFile, handLog, running, said, saidStore } from './projector.examples.ts'

const texts = (file: string): string[] => {
  const db = new Database(file, { readonly: true })
  const found = db.prepare<[], string>('SELECT text FROM said ORDER BY rowid').pluck().all()
  db.close()
  return found
}

it('PJ3 a new model is filled from the start of the log, and goes on where it stood.', async () => {
  const { log, say } = handLog()
  const file = freshFile()
  say('one')
  say('two')
  const first = running({ log, store: saidStore(file) })
  await first.reached(2)
  await first.close()
  say('three')
  const second = running({ log, store: saidStore(file) })
  await second.reached(3)
  await second.close()
  expect(second.told[0]).toMatchObject({ position: 2 })
  expect(texts(file)).toEqual(['one', 'two', 'three'])
})

it('PJ15 a projection is catching up until it has met the end of the log, and live from then on.', async () => {
  const { log, say } = handLog()
  for (let n = 1; n <= 1_500; n++) say(`${n}`)
  const projection = running({ log, store: saidStore(freshFile()) })
  await projection.reached(1_500)
  say('1501')
  await projection.reached(1_501)
  await projection.close()
  const met = projection.told.findIndex(({ state }) => state === 'live')
  expect(projection.told.slice(0, met).map(({ state, position }) => [state, position])).toEqual([
    ['catching-up', 0],
    ['catching-up', 1_000],
    ['catching-up', 1_500],
  ])
  expect(projection.told.slice(met).every(({ state }) => state === 'live')).toBe(true)
})

it('PJ15 an empty log is met at once.', async () => {
  const projection = running({ log: handLog().log, store: saidStore(freshFile()) })
  expect(await projection.reached(0)).toEqual({ projection: 'said', position: 0, state: 'live', parked: 0 })
  await projection.close()
})

it('PJ4 an event that fails is tried five times and set aside, and the later events of its stream wait.', async () => {
  const { log, say } = handLog()
  const file = freshFile()
  let tries = 0
  const refusing = said((text) => {
    if (text !== 'bad') return
    tries++
    throw new Error('not that word')
  })
  const store = saidStore(file)
  for (const text of ['good', 'bad', 'after', 'later']) say(text)
  const projection = running({ log, store, projection: refusing })
  expect(await projection.reached(4)).toMatchObject({ parked: 1 })
  // Once within the batch, then five times by itself.
  expect(tries).toBe(6)
  expect(await store.parked()).toEqual([
    { stream: conversationStream(tea), revision: 1, position: 2, reason: 'not that word', waiting: 2 },
  ])
  await projection.close()
  expect(texts(file)).toEqual(['good'])
})

it('PJ4 a write that fails is set aside like a handler that does.', async () => {
  const { log, say } = handLog()
  const store = saidStore(freshFile())
  say('same')
  say('same', adaAndBob)
  const projection = running({ log, store })
  await projection.reached(2)
  expect(await store.parked()).toMatchObject([
    { stream: conversationStream(adaAndBob), reason: expect.stringContaining('UNIQUE'), waiting: 0 },
  ])
  await projection.close()
})

it('PJ4 data that is no JSON is set aside too.', async () => {
  const { log, say } = handLog()
  const store = saidStore(freshFile())
  say('', tea, { json: '{"message":' })
  const projection = running({ log, store })
  expect(await projection.reached(1)).toMatchObject({ parked: 1 })
  await projection.close()
})

it('PJ5 the other streams go on, also after a restart.', async () => {
  const { log, say } = handLog()
  const file = freshFile()
  const refusing = said((text) => {
    if (text === 'bad') throw new Error('no')
  })
  say('bad')
  say('here', adaAndBob)
  const first = running({ log, store: saidStore(file), projection: refusing })
  await first.reached(2)
  await first.close()
  say('waits')
  say('there', adaAndBob)
  const store = saidStore(file)
  const second = running({ log, store, projection: refusing })
  expect(await second.reached(4)).toMatchObject({ parked: 1 })
  expect(await store.parked()).toMatchObject([{ position: 1, waiting: 1 }])
  await second.close()
  expect(texts(file)).toEqual(['here', 'there'])
})

it('PJ6 what was set aside is applied in order when it is retried.', async () => {
  const { log, say } = handLog()
  const file = freshFile()
  let mended = false
  const projection = said((text) => {
    if (text === 'bad' && !mended) throw new Error('no')
  })
  const store = saidStore(file)
  for (const text of ['bad', 'then', 'last']) say(text)
  const run = running({ log, store, projection })
  await run.reached(3)
  expect(await run.projecting.retry(conversationStream(tea))).toMatchObject({ position: 1, reason: 'no', waiting: 2 })
  mended = true
  expect(await run.projecting.retry(conversationStream(tea))).toBeUndefined()
  say('next')
  expect(await run.reached(4)).toMatchObject({ parked: 0 })
  await run.close()
  expect(texts(file)).toEqual(['bad', 'then', 'last', 'next'])
})

it('PJ7 a failed event that is dropped is passed over, and what waited is applied up to the next that fails.', async () => {
  const { log, say } = handLog()
  const file = freshFile()
  const store = saidStore(file)
  for (const text of ['bad', 'then', 'bad too', 'last']) say(text)
  const projection = said((text) => {
    if (text.startsWith('bad')) throw new Error(text)
  })
  const run = running({ log, store, projection })
  await run.reached(4)
  expect(await run.projecting.drop(conversationStream(tea))).toMatchObject({ reason: 'bad too', waiting: 1 })
  expect(await run.projecting.drop(conversationStream(tea))).toBeUndefined()
  await run.close()
  expect(texts(file)).toEqual(['then', 'last'])
})

it('PJ8 an event of a later version stops the projection right before it.', async () => {
  const { log, say, later } = handLog()
  const file = freshFile()
  for (const text of ['one', 'two', 'three', 'four']) say(text)
  later(3)
  const store = saidStore(file)
  const run = running({ log, store })
  expect(await run.until(({ state }) => state === 'upgrade-needed')).toMatchObject({
    position: 2,
    parked: 0,
    reason: expect.stringContaining('MessageSung'),
  })
  await run.close()
  expect(texts(file)).toEqual(['one', 'two'])
})

it('PJ8 a type or a schema that the log lets through stops it as well, at the live edge too.', async () => {
  for (const change of [{ schema: 2 }, { type: 'MessageSung' as 'MessageSent' }]) {
    const { log, say } = handLog()
    const run = running({ log, store: saidStore(freshFile()) })
    await run.reached(0)
    say('one')
    await run.reached(1)
    say('two', tea, change)
    say('three')
    expect(await run.until(({ state }) => state === 'upgrade-needed')).toMatchObject({ position: 1, parked: 0 })
    await run.close()
  }
})

it('PJ9 a corrupt event stops the projection right before it, with the reason.', async () => {
  const { log, say, corrupt } = handLog()
  for (let n = 1; n <= 20; n++) say(`${n}`)
  corrupt(14)
  const run = running({ log, store: saidStore(freshFile()) })
  expect(await run.until(({ state }) => state === 'stopped')).toMatchObject({
    position: 13,
    reason: expect.stringContaining('position 14'),
  })
  await run.close()
})

it('PJ10 a model of another log is emptied and filled again.', async () => {
  const file = freshFile()
  const before = handLog('before')
  before.say('lost with the old log')
  before.say('lost', adaAndBob, { json: 'x' })
  const first = running({ log: before.log, store: saidStore(file) })
  await first.reached(2)
  await first.close()
  const restored = handLog('restored')
  restored.say('kept')
  const store = saidStore(file)
  const second = running({ log: restored.log, store })
  expect(await second.reached(1)).toMatchObject({ position: 1, parked: 0 })
  await second.close()
  expect(texts(file)).toEqual(['kept'])
})

it('PJ10 a model that is ahead of its log is emptied and filled again.', async () => {
  const file = freshFile()
  const long = handLog()
  for (const text of ['one', 'two', 'three']) long.say(text)
  const first = running({ log: long.log, store: saidStore(file) })
  await first.reached(3)
  await first.close()
  const short = handLog()
  short.say('one')
  const second = running({ log: short.log, store: saidStore(file) })
  expect(await second.reached(1)).toMatchObject({ position: 1 })
  await second.close()
  expect(texts(file)).toEqual(['one'])
})

it('PJ11 a store that does not answer is asked again, more and more slowly, and nothing is passed over.', async () => {
  const { log, say } = handLog()
  const file = freshFile()
  const store = saidStore(file)
  let outage = 9
  const apply: ModelStore<never>['apply'] = async (...args) => {
    if (outage-- > 0) throw new StoreUnavailable('SQLITE_FULL: disk full')
    return store.apply(...args)
  }
  say('one')
  say('two')
  const run = running({ log, store: { ...store, apply } })
  expect(await run.reached(2)).toEqual({ projection: 'said', position: 2, state: 'live', parked: 0 })
  expect(run.pauses).toEqual([10, 20, 40, 80, 160, 320, 640, 1_000, 1_000])
  expect(run.told).toContainEqual(expect.objectContaining({ reason: 'SQLITE_FULL: disk full', position: 0 }))
  await run.close()
  expect(texts(file)).toEqual(['one', 'two'])
})

it('PJ11 a model that another connection has locked is written when it is free again.', async () => {
  const { log, say } = handLog()
  const file = freshFile()
  const store = saidStore(file)
  const other = new Database(file)
  other.exec('BEGIN IMMEDIATE')
  say('one')
  const run = running({ log, store })
  await run.until(({ reason }) => reason?.startsWith('SQLITE_BUSY') ?? false)
  other.exec('ROLLBACK')
  other.close()
  expect(await run.reached(1)).toMatchObject({ parked: 0 })
  await run.close()
  expect(texts(file)).toEqual(['one'])
})

it('PJ11 a log that does not answer is asked again.', async () => {
  const { log, say } = handLog()
  let outage = 3
  say('one')
  const flaky: typeof log = {
    ...log,
    readAll: async (...args) => {
      if (outage-- > 0) throw new Error('the log is away')
      return log.readAll(...args)
    },
  }
  const run = running({ log: flaky, store: saidStore(freshFile()) })
  await run.reached(1)
  expect(run.told).toContainEqual(expect.objectContaining({ reason: 'the log is away' }))
  await run.close()
})
