import { type ConversationId, groupId, type Topic } from '@verbatim/protocol'
import { adaAndBob, idAt, tea } from '@verbatim/protocol/examples'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Connection } from '../session/connection.ts'
import { outbox } from '../session/outbox.ts'
import type { Socket } from '../sockets/port.ts'
import { audiences } from './audiences.ts'

/** A gateway's sockets, by number, with what each was told and subscribed to. */
const hall = (count: number, few = 0) => {
  const seats = Array.from({ length: count }, () => {
    const topics = new Set<Topic>()
    const heard: string[] = []
    const connection = new Connection(0)
    const socket: Socket<Connection> = {
      data: connection,
      open: true,
      send(text) {
        heard.push(text)
        return 'sent'
      },
      cork: (run) => run(),
      subscribe: (topic) => void topics.add(topic),
      unsubscribe: (topic) => void topics.delete(topic),
      close: () => undefined,
      buffered: () => 0,
    }
    connection.socket = socket
    return { connection, topics, heard }
  })
  const said = outbox()
  const of = audiences({
    publish(topic, frame) {
      for (const { topics, heard } of seats) if (topics.has(topic)) heard.push(frame)
    },
    outbox: said,
    few,
  })
  return { of, said, seats, seat: (n: number) => seats[n % count] ?? seats[0] }
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

  it('GW67 tells a few one by one, without a subscription, and many by topic, with nothing overtaken in between.', () => {
    const { of, said, seats } = hall(3, 2)
    const [one, other, third] = seats.map(({ connection }) => connection)
    if (!one || !other || !third) throw new Error('three seats')
    of.join(one, tea)
    of.join(other, tea)
    of.publish(tea, 'to two')
    expect(seats.map(({ heard, topics }) => [heard.length, topics.size])).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
    ])
    of.join(third, tea)
    of.publish(tea, 'to three')
    said.flush()
    expect(seats.map(({ heard }) => heard)).toEqual([['to two', 'to three'], ['to two', 'to three'], ['to three']])
  })

  it('GW67 tells each of a few what is for him.', () => {
    const { of, said, seats } = hall(2, 2)
    for (const { connection } of seats) of.join(connection, tea)
    const [first] = seats
    if (!first) throw new Error('two seats')
    const user = idAt(5)
    first.connection.happen({ kind: 'frame', frame: { type: 'hello', token: '' }, at: 0 })
    first.connection.happen({ kind: 'joined', claims: { user, session: idAt(6) } })
    of.publish(tea, 'all of it', { users: [user], frame: 'less' })
    said.flush()
    expect(seats.map(({ heard }) => heard)).toEqual([['less'], ['all of it']])
  })

  it.each([0, 2, 6])(
    'GW27 tells exactly those who listen at that moment, through every coming and going, with few meaning %i.',
    (few) => {
      const rooms = [1, 2, 3].map((n) => groupId(idAt(30_000 + n)))
      const act = fc.record({
        do: fc.constantFrom('join', 'join', 'leave', 'publish', 'publish', 'gone', 'cool', 'turn'),
        seat: fc.nat(5),
        room: fc.nat(2),
      })
      fc.assert(
        fc.property(fc.array(act, { maxLength: 200 }), (acts) => {
          const { of, said, seats, seat } = hall(6, few)
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
            if (what === 'turn') said.flush()
            if (what === 'publish') {
              of.publish(room, `${r}/${at}`)
              for (const [each, rooms] of listening.entries()) if (rooms.has(room)) expected[each]?.push(`${r}/${at}`)
            }
          })
          said.flush()
          // Of each conversation in the order in which it was published; between two of them there is none.
          for (const r of [0, 1, 2]) {
            const ofRoom = (all: readonly string[]) => all.filter((frame) => frame.startsWith(`${r}/`))
            expect(seats.map(({ heard }) => ofRoom(heard))).toEqual(expected.map(ofRoom))
          }
          expect(seats.map(({ connection }) => connection.audiences.length)).toEqual(listening.map(({ size }) => size))
        }),
        { seed: 7, numRuns: 500 },
      )
    },
  )
})
