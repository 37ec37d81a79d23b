import type { Topic, UserId } from '@verbatim/protocol'
import type { Edge, EdgeHandlers, HttpAnswer, HttpRequest, Socket, SocketAdapter } from '@verbatim/services/gateway'
import type { Hearing, Line } from '@verbatim/web/sync'
import type { Luck } from './luck.ts'
import { type Around, type Caller, pipe, WAY, type Wire } from './pipe.ts'
import type { Life, Time } from './time.ts'

export type Network = ReturnType<typeof networkOf>

/** How a process is reached. */
type Reached = {
  readonly process: Life
  /** `undefined` when it turns one away. */
  connect(caller: Caller, hear: Hearing): Wire | undefined
  request(request: HttpRequest): Promise<HttpAnswer>
}
export type Asked = {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

/** Between the pages and the one process that serves, if any. */
export const networkOf = ({ time, luck }: { time: Time; luck: Luck }) => {
  const wires = new Set<Wire>()
  const faults = { lostAnswer: 0, repeat: 0 }
  let sent: Around['sent'] = () => undefined
  let server: Reached | undefined
  const open = new Set<object>()

  const around: Around = { time, luck, faults, wires, sent: (user, text) => sent(user, text) }

  const adapterFor = (process: Life): SocketAdapter => ({
    name: 'simulation',
    serve<Data extends object>(handlers: EdgeHandlers<Data>): Edge {
      const topics = new Map<Topic, Set<Socket<Data>>>()
      const mine: Reached = {
        process,
        connect(caller, hear) {
          const decision = handlers.upgrade(requestOf({ method: 'GET', path: '/ws', headers: {}, body: undefined }))
          return 'refuse' in decision
            ? undefined
            : pipe({ data: decision.accept, topics, handlers, caller, hear, process }, around)
        },
        request: async (request) => process.lived(Promise.resolve(handlers.request(request))),
      }
      server = mine
      process.onEnd(() => {
        if (server === mine) server = undefined
      })
      return {
        listen: async () => 1,
        publish(topic, text) {
          for (const socket of topics.get(topic) ?? []) socket.send(text)
        },
        stopListening: () => undefined,
        close: async () => undefined,
      }
    },
  })

  return {
    faults,
    wires: wires as ReadonlySet<Wire>,
    /** Requests without an answer. */
    requests: (): number => open.size,
    adapterFor,
    onSent(hear: (user: UserId, text: string) => void): void {
      sent = hear
    },

    connect(caller: Caller, hear: Hearing): Line {
      let wire: Wire | undefined
      let hasLeft = false
      caller.page.after(luck.delay(WAY), 'connects', () => {
        if (hasLeft) return
        wire = caller.isUp() ? server?.connect(caller, hear) : undefined
        if (wire) hear.opened()
        else hear.closed(1006)
      })
      return {
        send: (text) => wire?.say(text),
        close() {
          hasLeft = true
          wire?.leave()
        },
      }
    },

    /** Rejects when there is no server, or it dies before it has answered. */
    request({ page, isUp, name }: Caller, asked: Asked): Promise<HttpAnswer> {
      open.add(asked)
      page.onEnd(() => open.delete(asked))
      return new Promise((resolve, reject) => {
        const end = (tell: () => void): void => {
          if (open.delete(asked)) tell()
        }
        const lost = (): void => {
          if (!open.has(asked)) return
          page.after(luck.delay(300), 'has no answer', () => end(() => reject(new Error('unreachable'))))
        }
        page.after(luck.delay(WAY), `asks ${asked.method} ${asked.path}`, () => {
          if (!isUp() || !server) return lost()
          server.process.onEnd(lost)
          void server.request(requestOf(asked)).then((answer) => {
            page.after(luck.delay(WAY), `is answered ${answer.status} ${name} ${String(answer.body)}`, () => {
              if (isUp()) end(() => resolve(answer))
              else lost()
            })
          })
        })
      })
    },
  }
}

const requestOf = ({ method, path, headers, body }: Asked): HttpRequest => {
  const [plain = '', query = ''] = path.split('?')
  const bytes = new TextEncoder().encode(body ?? '')
  return {
    method,
    path: plain,
    query,
    header: (name) => headers[name] ?? '',
    address: '127.0.0.1',
    body: async () => bytes,
  }
}
