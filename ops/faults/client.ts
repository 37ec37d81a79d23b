import type { CommandId, ConversationId, PublicEvent, ServerFrame } from '@verbatim/protocol'
import { WebSocket } from 'ws'
import type { Recorder } from './recorder.ts'

type Command = { readonly id: CommandId; readonly type: string; readonly [field: string]: unknown }
type Answer = Extract<ServerFrame, { type: 'ack' | 'refused' }>

/** A client of the public contract. */
export type Client = {
  /** Answered when it is acknowledged, or refused for good. Sent again under the same id until then. */
  send(command: Command): Promise<Answer>
  /** Last revision seen of each conversation. */
  readonly seen: ReadonlyMap<ConversationId, number>
  /** Every frame of every socket, in the order of arrival. */
  readonly frames: readonly ServerFrame[]
  /** Codes with which its sockets were closed. */
  readonly closes: readonly { readonly code: number; readonly at: number }[]
  /** Becomes true once; rejects after `within` milliseconds. */
  until(what: string, condition: () => boolean, within?: number): Promise<void>
  /** Gives up its socket without a word, as who loses patience, and connects anew, after so many milliseconds. */
  drop(away?: number): void
  close(): void
}
export type Who = {
  readonly name: string
  readonly base: () => string
  /** The access token of now; fetched anew for each socket. */
  readonly token: () => string
  /** Each how many acknowledgements one is lost on the way to it: it sends again, and the answer has to be the same. */
  readonly losesEach?: number | undefined
}

/** Milliseconds after which a client whose answer was lost asks again on the same socket; on a new one it asks at once. */
const PATIENCE = 700

/** Milliseconds before it connects again. */
const PAUSE = 50

/** Connects, connects again whenever the socket ends, and goes on from the last revision that it saw. */
export const recordingClient = ({ name, base, token, losesEach }: Who, recorder?: Recorder): Client => {
  const unanswered = new Map<CommandId, { command: Command; resolve(answer: Answer): void }>()
  const seen = new Map<ConversationId, number>()
  const frames: ServerFrame[] = []
  const closes: { code: number; at: number }[] = []
  let socket: WebSocket | undefined
  let ready = false
  let acks = 0
  let closed = false
  let pause = PAUSE

  const connect = (): void => {
    if (closed) return
    const mine = new WebSocket(`${base().replace(/^http/, 'ws')}/ws`, { perMessageDeflate: false })
    const sights = recorder?.socketOf(name, new Map(seen))
    socket = mine
    mine.on('open', () =>
      mine.send(JSON.stringify({ type: 'hello', token: token(), resume: Object.fromEntries(seen) })),
    )
    mine.on('message', (data: Buffer) => take(JSON.parse(data.toString('utf8')), sights))
    mine.on('error', () => undefined)
    mine.on('close', (code) => {
      closes.push({ code, at: performance.now() })
      ready = false
      setTimeout(connect, pause)
      pause = PAUSE
    })
  }

  const take = (frame: ServerFrame, sights: ReturnType<Recorder['socketOf']> | undefined): void => {
    frames.push(frame)
    if (frame.type === 'ready') {
      ready = true
      // In the order first sent: what overtakes on the way again would be an order that nobody meant.
      for (const { command } of unanswered.values()) put(command)
    } else if (frame.type === 'ack' || frame.type === 'refused') answered(frame)
    else if (frame.type === 'events' && 'conversation' in frame) {
      if (frame.reset) startAfresh(frame.conversation)
      sights?.saw(frame.conversation, frame.events)
      remember(frame.conversation, frame.events)
    }
  }
  const remember = (conversation: ConversationId, events: readonly PublicEvent[]): void => {
    for (const { revision } of events) seen.set(conversation, Math.max(revision, seen.get(conversation) ?? -1))
  }
  const startAfresh = (conversation: ConversationId): void => {
    recorder?.reset({ reader: name, conversation, after: seen.get(conversation) })
    seen.delete(conversation)
  }
  const answered = (answer: Answer): void => {
    recorder?.answered(answer)
    const waiting = unanswered.get(answer.id)
    if (!waiting) return
    if (answer.type === 'refused' && answer.retryAfter !== undefined) {
      setTimeout(() => unanswered.has(answer.id) && ready && put(waiting.command), answer.retryAfter * 1_000)
      return
    }
    if (answer.type === 'ack' && losesEach !== undefined && ++acks % losesEach === 0) {
      setTimeout(() => unanswered.has(answer.id) && put(waiting.command), PATIENCE)
      return
    }
    unanswered.delete(answer.id)
    waiting.resolve(answer)
  }
  const put = (command: Command): void => {
    if (ready && socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ type: 'command', command }))
  }

  connect()
  return {
    seen,
    frames,
    closes,
    send: (command) =>
      new Promise((resolve) => {
        unanswered.set(command.id, { command, resolve })
        put(command)
      }),
    until: async (what, condition, within = 15_000) => {
      for (const end = performance.now() + within; !condition(); ) {
        if (performance.now() > end) throw new Error(`${name} waited ${within} ms in vain for ${what}`)
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
    },
    drop(away = PAUSE) {
      pause = away
      for (const id of unanswered.keys()) recorder?.givenUp(id)
      socket?.terminate()
    },
    close: () => {
      closed = true
      socket?.terminate()
    },
  }
}
