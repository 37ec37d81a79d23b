import type { CommandId, ConversationId, PublicEvent, ServerFrame } from '@verbatim/protocol'
import type { Ack, History, Reading, Refused, Reset, Send, Unseen } from './history.ts'

type Sent = Omit<Send, 'answers'> & { readonly answers: (Ack | Refused | Unseen)[] }

/** Writes down what clients do and see, in one order of ticks. */
export const recorder = () => {
  const sends = new Map<CommandId, Sent>()
  const sights: History['sights'][number][] = []
  const readings: Reading[] = []
  const resets: Reset[] = []
  /** Most readers see the same: it is kept once, or a long run would not fit into memory. */
  const kept = new Map<string, PublicEvent>()
  let tick = 0
  let acks = 0
  const keep = (event: PublicEvent): PublicEvent => {
    const text = JSON.stringify(event)
    const known = kept.get(text)
    if (!known) kept.set(text, event)
    return known ?? event
  }

  return {
    sent: (send: Omit<Send, 'at' | 'answers'>): void => void sends.set(send.id, { ...send, at: tick++, answers: [] }),
    answered: (answer: Extract<ServerFrame, { type: 'ack' | 'refused' }>): void => {
      const at = tick++
      if (answer.type === 'ack') acks++
      sends
        .get(answer.id)
        ?.answers.push(
          answer.type === 'ack'
            ? { kind: 'ack', at, revision: answer.revision, position: answer.position }
            : { kind: 'refused', at, reason: answer.reason },
        )
    },
    /** Its socket was given up by its sender, while the server lives on. */
    givenUp: (id: CommandId): void => void sends.get(id)?.answers.push({ kind: 'unseen', at: tick++ }),
    /** A new socket of a reader, which goes on after the given revisions. */
    socketOf: (reader: string, after: ReadonlyMap<ConversationId, number>) => {
      const seen = new Map<ConversationId, PublicEvent[]>()
      return {
        saw: (conversation: ConversationId, events: readonly PublicEvent[]): void => {
          let all = seen.get(conversation)
          if (!all) {
            all = []
            seen.set(conversation, all)
            sights.push({ reader, conversation, after: after.get(conversation), events: all })
          }
          for (const event of events) all.push(keep(event))
        },
      }
    },
    read: (reading: Reading): void => void readings.push({ ...reading, events: reading.events.map(keep) }),
    /** Acknowledgements so far. */
    acks: (): number => acks,
    reset: (reset: Reset): void => void resets.push(reset),
    history: (): History => ({ sends: [...sends.values()], sights, readings, resets }),
  }
}
export type Recorder = ReturnType<typeof recorder>

/** The whole of a conversation over HTTP. */
export const readWhole = async (base: string, token: string, conversation: ConversationId): Promise<PublicEvent[]> => {
  const all: PublicEvent[] = []
  for (let more = true; more; ) {
    const after = all.at(-1)?.revision
    const query = `${after === undefined ? '' : `after=${after}&`}limit=1000`
    const response = await fetch(`${base}/api/conversations/${conversation}/events?${query}`, {
      headers: { authorization: `Bearer ${token}` },
    })
    if (response.status !== 200)
      throw new Error(`${conversation} was answered ${response.status}: ${await response.text()}`)
    const page = (await response.json()) as { events: PublicEvent[]; more: boolean }
    all.push(...page.events)
    more = page.more && page.events.length > 0
  }
  return all
}
