import { type ConversationId, groupId, type Topic } from '@verbatim/protocol'
import { adaAndBob, idAt, tea } from '@verbatim/protocol/examples'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Connection } from '../session/connection.ts'
import type { Socket } from '../sockets/port.ts'
import { audiences } from './audiences.ts'

/** A gateway's sockets, by number, with what each was told and subscribed to. */
const hall = (count: number) => {
  const seats = Array.from({ length: count }, () => {
    const topics = new Set<Topic>()
    const heard: string[] = []
    const connection = new Connection(0)
    const socket: Socket<Connection> = {
      data: connection,
      open: true,
      send: () => 'sent',
      cork: (run) => run(),
      subscribe: (topic) => void topics.add(topic),
      unsubscribe: (topic) => void topics.delete(topic),
      close: () => undefined,
      buffered: () => 0,
    }
    connection.socket = socket
    return { connection, topics, heard }
  })
  const of = audiences((topic, frame) => {
    for (const { topics, heard } of seats) if (topics.has(topic)) heard.push(frame)
  })
  return { of, seats, seat: (n: number) => seats[n % count] ?? seats[0] }
}

describe('audiences', () => {
  it('GW27 subscribes the listeners of a conversation with its first frame, and no longer when it has gone quiet.', () => {
    const { of, seats } = hall(3)
    for (const { connection } of seats) of.join(connection, tea)
    const subscribed = () => seats.map(({ topics }) => topics.size)
    expect(subscribed()).toEqual([0, 0, 0])
    of.publish(tea, 'one')
    expect(subscribed()).toEqual([1, 1, 1])
    of.cool()
    of.publish(tea, 'two')
    of.cool()
    expect(subscribed()).toEqual([1, 1, 1])
    of.cool()
    expect(subscribed()).toEqual([0, 0, 0])
    of.publish(tea, 'three')
    expect(seats.map(({ heard }) => heard.join())).toEqual(['one,two,three', 'one,two,three', 'one,two,three'])
  })

  it('GW27 takes a joining twice for one, and a leaving of nobody for nothing.', () => {
    const { of, seats } = hall(2)
    const [one, other] = seats.map(({ connection }) => connection)
    if (!one || !other) throw new Error('two seats')
    of.join(one, tea)
    of.join(one, tea)
    of.leave(other, tea)
    of.leave(one, adaAndBob)
    of.publish(tea, 'heard')
    of.publish(adaAndBob, 'nobody is here')
    of.leave(one, tea)
    of.publish(tea, 'not heard')
    expect(seats.map(({ heard }) => heard)).toEqual([['heard'], []])
    expect(one.audiences).toEqual([])
  })

  it('GW27 tells exactly those who listen at that moment, through every coming and going.', () => {
    const rooms = [1, 2, 3].map((n) => groupId(idAt(30_000 + n)))
    const act = fc.record({
      do: fc.constantFrom('join', 'join', 'leave', 'publish', 'publish', 'gone', 'cool'),
      seat: fc.nat(5),
      room: fc.nat(2),
    })
    fc.assert(
      fc.property(fc.array(act, { maxLength: 200 }), (acts) => {
        const { of, seats, seat } = hall(6)
        const expected = seats.map((): string[] => [])
        const listening = seats.map(() => new Set<ConversationId>())
        acts.forEach(({ do: what, seat: n, room: r }, at) => {
          const room = rooms[r] ?? tea
          const connection = seat(n)?.connection
          if (!connection) return
          if (what === 'join') of.join(connection, room)
          if (what === 'leave') of.leave(connection, room)
          if (what === 'gone') {
            of.gone(connection)
            seat(n)?.topics.clear()
            listening[n]?.clear()
          }
          if (what === 'join') listening[n]?.add(room)
          if (what === 'leave') listening[n]?.delete(room)
          if (what === 'cool') of.cool()
          if (what === 'publish') {
            of.publish(room, `${at}`)
            for (const [each, rooms] of listening.entries()) if (rooms.has(room)) expected[each]?.push(`${at}`)
          }
        })
        expect(seats.map(({ heard }) => heard)).toEqual(expected)
        expect(seats.map(({ connection }) => connection.audiences.length)).toEqual(listening.map(({ size }) => size))
      }),
      { seed: 7, numRuns: 500 },
    )
  })
})
