/** Keeps what was sent and what arrived, and finds gaps, doubles, inversions and losses while it runs. */
export interface Ledger {
  frame(socket: number, payload: Buffer): void
  closed(socket: number, reason: string): void
  sent(message: Sent): void
  readonly violations: string[]
  readonly deliveries: number
  readonly acknowledged: Record<string, string[]>
  /** Messages that are not acknowledged and delivered to all. */
  open(): number
  /** From now on closed sockets are no violation. */
  end(): void
}

export type Sent = {
  readonly id: string
  readonly conversation: string
  /** Milliseconds of `performance.now()`. */
  readonly due: number
  readonly acknowledged: (message: Sent) => void
  readonly delivered: (message: Sent) => void
}
type Waiting = { sent: Sent; revision: number; missing: number }
type Parsed = { kind: 'events'; conversation: string; revisions: number[]; messages: string[] } | { kind: 'other' }

/** @param members how many sockets each conversation reaches */
export const ledger = (members: ReadonlyMap<string, number>): Ledger => {
  const waiting = new Map<string, Waiting>()
  const heads = new Map<string, Map<number, number>>()
  const violations: string[] = []
  const acknowledged: Record<string, string[]> = {}
  let deliveries = 0
  let ended = false
  let lastText = ''
  let lastParsed: Parsed = { kind: 'other' }

  const settle = (id: string, held: Waiting) => {
    if (held.missing > 0 || held.revision < 0) return
    waiting.delete(id)
    held.sent.delivered(held.sent)
  }
  const acknowledge = (id: string, revision: number) => {
    const held = waiting.get(id)
    if (!held) return void violations.push(`an answer to ${id}, which was not waiting`)
    if (held.revision >= 0) return void violations.push(`a second answer to ${id}`)
    held.revision = revision
    const list = acknowledged[held.sent.conversation] ?? []
    acknowledged[held.sent.conversation] = list
    list.push(id)
    held.sent.acknowledged(held.sent)
    settle(id, held)
  }
  const deliver = (socket: number, { conversation, revisions, messages }: Parsed & { kind: 'events' }) => {
    const seen = heads.get(conversation) ?? new Map<number, number>()
    heads.set(conversation, seen)
    let head = seen.get(socket)
    for (const revision of revisions) {
      if (head !== undefined && revision !== head + 1)
        violations.push(`socket ${socket} saw revision ${revision} of ${conversation} after ${head}`)
      head = revision
    }
    if (head !== undefined) seen.set(socket, head)
    deliveries += revisions.length
    for (const id of messages) {
      const held = waiting.get(id)
      if (!held) continue
      held.missing--
      settle(id, held)
    }
  }
  return {
    violations,
    acknowledged,
    get deliveries() {
      return deliveries
    },
    open: () => waiting.size,
    end: () => {
      ended = true
    },
    sent: (message) => {
      waiting.set(message.id, { sent: message, revision: -1, missing: members.get(message.conversation) ?? 0 })
    },
    closed: (socket, reason) => {
      if (!ended) violations.push(`socket ${socket} was closed: ${reason}`)
    },
    frame: (socket, payload) => {
      const text = payload.toString('latin1')
      if (text.startsWith('{"type":"ack"')) {
        const { id, revision } = JSON.parse(text)
        return acknowledge(id, revision)
      }
      // Every member gets the same bytes: parsed once, compared often.
      if (text !== lastText) {
        lastText = text
        lastParsed = parse(text)
      }
      if (lastParsed.kind === 'events') deliver(socket, lastParsed)
      else if (text.startsWith('{"type":"refused"') || text.startsWith('{"type":"bye"'))
        violations.push(text.slice(0, 200))
    },
  }
}

const parse = (text: string): Parsed => {
  const frame = JSON.parse(text)
  if (frame.type !== 'events' || frame.conversation === undefined) return { kind: 'other' }
  return {
    kind: 'events',
    conversation: frame.conversation,
    revisions: frame.events.map((event: { revision: number }) => event.revision),
    messages: frame.events.flatMap((event: { type: string; data: { message: string } }) =>
      event.type === 'MessageSent' ? [event.data.message] : [],
    ),
  }
}
