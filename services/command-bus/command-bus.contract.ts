import type { Answer, Order } from '@verbatim/protocol'
import { idAt, order, sendMessage } from '@verbatim/protocol/examples'
import { describe, expect, it } from 'vitest'
import type { CommandBus, CommandHandler } from './port.ts'

const sends = (count: number): Order[] =>
  Array.from({ length: count }, (_, i) => order(sendMessage({ id: idAt(1_000 + i) })))
const acceptedAt = ({ command }: Order, revision: number): Answer => ({
  kind: 'accepted',
  id: command.id,
  revision,
  position: `${revision}`,
})

/** Every adapter of the command bus passes it. */
export const describeCommandBus = (adapter: string, open: (handle: CommandHandler) => CommandBus) =>
  describe(`CommandBus on ${adapter}`, () => {
    it('OP37 each command is answered with what its handler answered', async () => {
      const bus = open(async (given) => acceptedAt(given, 7))
      const [given] = sends(1) as [Order]
      expect(await bus.send(given)).toEqual(acceptedAt(given, 7))
    })

    it('OP37 commands of one key arrive in the order sent, and their answers find them', async () => {
      const arrived: string[] = []
      const bus = open(async (given) => {
        const place = arrived.push(given.command.id)
        await new Promise((resolve) => setTimeout(resolve, place % 2))
        return acceptedAt(given, place)
      })
      const given = sends(20)
      const answers = await Promise.all(given.map((one) => bus.send(one)))
      expect(arrived).toEqual(given.map(({ command }) => command.id))
      expect(answers).toEqual(given.map((one, i) => acceptedAt(one, i + 1)))
    })

    it('OP37 a refusal is an answer like any other', async () => {
      const bus = open(async ({ command }) => ({ kind: 'refused', id: command.id, reason: 'not-found' }))
      const [given] = sends(1) as [Order]
      expect(await bus.send(given)).toEqual({ kind: 'refused', id: given.command.id, reason: 'not-found' })
    })
  })
