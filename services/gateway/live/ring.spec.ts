import { ada, adaAndBob, bob, tea } from '@verbatim/protocol/examples'
import { describe, expect, it } from 'vitest'
import { type Frame, ring } from './ring.ts'

const frame = (position: number, change: Partial<Frame> = {}): Frame => ({
  kind: 'conversation',
  conversation: tea,
  first: position,
  last: position,
  position,
  frame: 'x'.repeat(10),
  ...change,
})
const positions = (kept: readonly { position: number }[] | undefined) => kept?.map(({ position }) => position)

describe('ring', () => {
  it('GW20 tells what was published after a position, in its order.', () => {
    const recent = ring(0)
    for (const position of [1, 2, 4, 3, 6, 5]) recent.add(frame(position))
    expect(positions(recent.after(0))).toEqual([1, 2, 4, 3, 6, 5])
    expect(positions(recent.after(3))).toEqual([4, 6, 5])
    expect(positions(recent.after(4))).toEqual([6, 5])
    expect(positions(recent.after(6))).toEqual([])
    expect(recent.latest).toBe(6)
  })

  it('GW20 knows how far back it reaches, in number and in bytes.', () => {
    const few = ring(10, { messages: 3, bytes: 1_000 })
    expect([few.reachesBackTo(9), few.reachesBackTo(10)]).toEqual([false, true])
    for (const position of [11, 13, 12, 14]) few.add(frame(position))
    expect(positions(few.after(0))).toEqual([13, 12, 14])
    expect([few.forgotten, few.reachesBackTo(10), few.reachesBackTo(11)]).toEqual([11, false, true])
    for (const position of [15, 16]) few.add(frame(position))
    // 12 went after 13: whoever is at 12 may lack 13.
    expect([few.forgotten, few.reachesBackTo(12), few.reachesBackTo(13)]).toEqual([13, false, true])

    const small = ring(0, { messages: 100, bytes: 25 })
    for (const position of [1, 2, 3]) small.add(frame(position))
    expect(positions(small.after(0))).toEqual([2, 3])
    small.add(frame(4, { frame: 'x'.repeat(100) }))
    expect(positions(small.after(0))).toEqual([])
    expect([small.forgotten, small.reachesBackTo(4)]).toEqual([4, true])
  })

  it('GW20 keeps its bounds and its order however much passes through it.', () => {
    const recent = ring(0, { messages: 50, bytes: 400 })
    for (let position = 1; position <= 1_000; position++) recent.add(frame(position))
    expect(positions(recent.after(0))).toEqual(Array.from({ length: 40 }, (_, n) => 961 + n))
    expect(recent.forgotten).toBe(960)
  })

  it('GW28 gives a member the frame that is meant for him.', () => {
    const recent = ring(0)
    recent.add(frame(1, { instead: { users: [bob], frame: 'less' } }))
    expect(recent.framesFor(bob, tea, 0)?.map((each) => each.frame)).toEqual(['less'])
    expect(recent.framesFor(ada, tea, 0)?.map((each) => each.frame)).toEqual(['x'.repeat(10)])
  })

  it("GW20 gives a member a conversation's frames, unless he came or went in between.", () => {
    const recent = ring(0)
    recent.add(frame(1))
    recent.add(frame(2, { conversation: adaAndBob }))
    recent.add({ kind: 'left', conversation: tea, user: ada, position: 3 })
    recent.add(frame(4))
    expect(positions(recent.framesFor(bob, tea, 0))).toEqual([1, 4])
    expect(recent.framesFor(ada, tea, 0)).toBeUndefined()
    expect(positions(recent.framesFor(ada, tea, 3))).toEqual([4])
    expect(positions(recent.framesFor(ada, adaAndBob, 0))).toEqual([2])
  })
})
