import type { Order, UserId } from '@verbatim/protocol'
import {
  ada,
  addMember,
  bob,
  changeRole,
  cleo,
  deleteMessage,
  editMessage,
  eve,
  idAt,
  leave,
  markRead,
  pin,
  react,
  removeMember,
  rename,
  restoreMessage,
  sendMessage,
  startGroup,
  unpin,
  unreact,
} from '@verbatim/protocol/examples'

export type Said = { readonly command: Order['command']; readonly by: UserId }

/** What four people might do in one group, sensible or not. The same seed, the same course; the first starts the group. */
export const randomCommands = (seed: number, count: number): Said[] => {
  const below = chance(seed)
  const pick = <T>(from: readonly T[]): T => from[below(from.length)] as T
  const sent: ReturnType<typeof idAt>[] = [idAt(100_000)]
  const next = (n: number): Said => {
    const id = idAt(100_000 + n)
    const by = pick([ada, ada, bob, cleo, eve])
    // Ada stays, or the group would soon be empty and nothing happen any more.
    const user = pick([bob, cleo, eve])
    const message = pick(below(3) === 0 ? sent : sent.slice(-20))
    const emoji = pick(['👍', '🎉'])
    const kind = below(30)
    if (kind < 14) {
      sent.push(id)
      return { by, command: sendMessage({ id, body: { text: `${n}`, ...(below(4) === 0 && { replyTo: message }) } }) }
    }
    const others = [
      () => editMessage({ id, message, body: { text: `${n % 3}` } }),
      () => deleteMessage({ id, message }),
      () => restoreMessage({ id, message }),
      () => react({ id, message, emoji }),
      () => unreact({ id, message, emoji }),
      () => pin({ id, message }),
      () => unpin({ id, message }),
      () => rename({ id, name: pick(['Tea', 'Coffee']) }),
      () => addMember({ id, user }),
      () => removeMember({ id, user }),
      () => changeRole({ id, user, role: pick(['admin', 'member']) }),
      () => (by === ada ? addMember({ id, user }) : leave({ id })),
      () => markRead({ id, revision: below(n) }),
    ]
    return { by, command: pick(others)() }
  }
  return [
    { by: ada, command: startGroup({ history: pick(['whole', 'since-joining']) }) },
    ...Array.from({ length: count - 1 }, (_, n) => next(n + 1)),
  ]
}

/** A generator of numbers below a bound, the same for the same seed (xorshift). */
export const chance = (seed: number): ((bound: number) => number) => {
  let state = (seed * 2_654_435_761) >>> 0 || 1
  return (bound) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state % bound
  }
}
