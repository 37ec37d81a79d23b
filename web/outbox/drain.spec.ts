import 'fake-indexeddb/auto'
import type { Answer } from '@verbatim/protocol'
import { ada, adaAndBob, bob, idAt, tea } from '@verbatim/protocol/examples'
import { beforeEach, describe, expect, it } from 'vitest'
import { drain, writeOutcome } from './drain.ts'
import { accepted, item, refused } from './outbox.examples.ts'
import type { Item } from './queue.ts'
import { idbOutboxStore, memoryOutboxStore, type OutboxStore, withSpare } from './store.ts'

const never = () => new Promise<void>(() => undefined)

/** A drainer over a store, with a server that answers as told. */
const drainer = (store: OutboxStore, send: (item: Item) => Promise<Answer>) => {
  const sent: string[] = []
  const pauses: number[] = []
  const run = () =>
    drain({
      load: () => store.all(ada),
      send: (one) => {
        sent.push(one.command.id)
        return send(one)
      },
      settle: (one, outcome) => writeOutcome(store, ada)(one, outcome),
      news: never,
      pause: async (ms) => {
        pauses.push(ms)
      },
    })
  return { run, sent, pauses }
}
const accept = async (one: Item): Promise<Answer> => ({ ...accepted(1), id: one.command.id })
const fill = async (store: OutboxStore, ...items: Item[]) => {
  for (const { seq: _, ...one } of items) await store.add(ada, one)
}

let databases = 0
describe.each([
  ['IndexedDB', () => idbOutboxStore(`test ${++databases}`)],
  ['memory', async () => memoryOutboxStore()],
])('the outbox in %s', (_name, open) => {
  let store: OutboxStore
  beforeEach(async () => {
    store = await open()
  })

  it('WB36 keeps its order, knows an id only once, and gives nobody the items of another person', async () => {
    await fill(store, item(3), item(1), item(3))
    await store.add(bob, item(9))
    expect((await store.all(ada)).map(({ command }) => command.id)).toEqual([idAt(3), idAt(1)])
    await store.remove(ada, idAt(3))
    const [left] = await store.all(ada)
    expect(left).toEqual({ ...item(1), seq: left?.seq })
    await store.clear(ada)
    expect(await store.all(ada)).toEqual([])
    expect(await store.all(bob)).toHaveLength(1)
  })

  it('WB37 puts a changed item in its new place and leaves no copy in the old one', async () => {
    await fill(store, item(1), item(2))
    const [first, second] = await store.all(ada)
    if (!first || !second) throw new Error('two items were added')
    await store.put(ada, { ...first, seq: second.seq + 1, state: 'failed', reason: 'blocked' })
    expect((await store.all(ada)).map(({ command, state }) => [command.id, state])).toEqual([
      [idAt(2), 'queued'],
      [idAt(1), 'failed'],
    ])
  })

  it('WB38 is drained in order, each conversation for itself, until nothing is left', async () => {
    await fill(store, item(1), item(2), item(3, adaAndBob), item(4))
    const { run, sent } = drainer(store, accept)
    await run()
    expect(sent.filter((id) => id !== idAt(3))).toEqual([idAt(1), idAt(2), idAt(4)])
    expect(await store.all(ada)).toEqual([])
  })

  it('WB39 keeps a message whose answer was lost and sends it again under the same id', async () => {
    await fill(store, item(1), item(2))
    const lost = drainer(store, () => Promise.reject(new Error('connection lost')))
    await lost.run()
    expect(lost.sent).toEqual([idAt(1)])
    expect(await store.all(ada)).toHaveLength(2)
    const { run, sent } = drainer(store, accept)
    await run()
    expect(sent).toEqual([idAt(1), idAt(2)])
  })

  it('WB40 waits as long as the server says and then sends the same one before the next', async () => {
    await fill(store, item(1), item(2))
    let first = true
    const { run, sent, pauses } = drainer(store, async (one) => {
      if (!first) return accept(one)
      first = false
      return refused(1, 'too-fast', 3)
    })
    await run()
    expect(sent).toEqual([idAt(1), idAt(1), idAt(2)])
    expect(pauses).toEqual([3_000])
  })

  it('WB41 leaves a message that was refused for good to the person and goes on', async () => {
    await fill(store, item(1), item(2))
    const { run } = drainer(store, async (one) => (one.command.id === idAt(1) ? refused(1, 'blocked') : accept(one)))
    await run()
    expect(await store.all(ada)).toEqual([expect.objectContaining({ state: 'failed', reason: 'blocked' })])
  })

  it('WB42 does not hold up the other conversations while one waits', async () => {
    await fill(store, item(1), item(2, adaAndBob))
    let release = () => {}
    const blocked = new Promise<void>((resolve) => {
      release = resolve
    })
    const { run, sent } = drainer(store, async (one) => {
      if (one.command.conversation === tea) await blocked
      return accept(one)
    })
    const running = run()
    await expect.poll(() => store.all(ada)).toHaveLength(1)
    expect(sent).toEqual([idAt(1), idAt(2)])
    release()
    await running
    expect(await store.all(ada)).toEqual([])
  })
})

describe('the outbox on a full disk', () => {
  it('WB43 keeps in memory what the disk does not take, and sends it after what the disk has', async () => {
    const disk = memoryOutboxStore()
    await fill(disk, item(1))
    const full = () => Promise.reject(new DOMException('full', 'QuotaExceededError'))
    const store = withSpare({ ...disk, add: full, put: full })
    await fill(store, item(2), item(3))
    const { run, sent } = drainer(store, async (one) =>
      one.command.id === idAt(3) ? refused(3, 'blocked') : accept(one),
    )
    await run()
    expect(sent).toEqual([idAt(1), idAt(2), idAt(3)])
    expect(await store.all(ada)).toEqual([expect.objectContaining({ state: 'failed', reason: 'blocked' })])
    await store.clear(ada)
    expect(await store.all(ada)).toEqual([])
  })
})
