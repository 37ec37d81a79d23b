import { limits } from '@verbatim/protocol'
import { tea } from '@verbatim/protocol/examples'
import { describe, expect, it } from 'vitest'
import { batches, partAfter } from './frames.ts'

const event = (revision: number, text = '') => JSON.stringify({ revision, data: { text } })
const framed = (...revisions: number[]) =>
  JSON.stringify({ type: 'events', conversation: tea, events: revisions.map((revision) => ({ revision })) })

describe('frames', () => {
  it('GW23 cuts a backlog into frames of moderate size, nothing lost, each with its last revision.', () => {
    const events = Array.from({ length: 100 }, (_, n) => event(n, 'é'.repeat(2_000)))
    const cut = batches(tea, events)
    const told = cut.flatMap(({ frame }) => JSON.parse(frame).events.map((each: { revision: number }) => each.revision))
    expect(told).toEqual(Array.from({ length: 100 }, (_, n) => n))
    expect(cut.length).toBeGreaterThan(2)
    for (const { frame, last } of cut) {
      expect(frame.length).toBeLessThan(limits.frameBytes + 4_100)
      expect(JSON.parse(frame)).toMatchObject({ type: 'events', conversation: tea })
      expect(JSON.parse(frame).events.at(-1).revision).toBe(last)
    }
    expect(batches(tea, [])).toEqual([])
  })

  it('GW22 sends only the part of a frame that is new.', () => {
    const frame = {
      kind: 'conversation',
      conversation: tea,
      first: 3,
      last: 5,
      position: 9,
      frame: framed(3, 4, 5),
    } as const
    expect(partAfter(frame, 2)).toBe(frame.frame)
    expect(partAfter(frame, 3)).toBe(framed(4, 5))
    expect(partAfter(frame, 4)).toBe(framed(5))
  })
})
