import { connect } from 'node:net'

export type Heard = { readonly status: number; readonly headers: ReadonlyMap<string, string>; readonly body: string }
export type Outcome = {
  /** Answers, interim ones left out. */
  readonly answers: readonly Heard[]
  /** `open`: the server waits for more, or for another request. */
  readonly end: 'closed' | 'open'
  /** What came and is no answer. */
  readonly rest: string
}

/**
 * Bytes on a connection of their own. Waits for `answers` answers, or until nothing has come for `quiet` milliseconds
 * after an answer or `patience` without any: a server may also wait for more of what is broken.
 */
export const tell = (
  port: number,
  bytes: Buffer,
  { head = false, quiet = 15, patience = 150 }: { head?: boolean; quiet?: number; patience?: number } = {},
): Promise<Outcome> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    let heard = Buffer.alloc(0)
    let timer: NodeJS.Timeout | undefined
    const finish = (end: Outcome['end']) => {
      clearTimeout(timer)
      socket.destroy()
      resolve({ ...answersIn(heard, head), end })
    }
    const wait = (ms: number) => {
      clearTimeout(timer)
      timer = setTimeout(() => finish('open'), ms)
    }
    socket.on('connect', () => {
      socket.write(bytes)
      wait(patience)
    })
    socket.on('data', (chunk) => {
      heard = Buffer.concat([heard, chunk])
      wait(answersIn(heard, head).answers.length > 0 ? quiet : patience)
    })
    socket.on('error', () => undefined)
    socket.on('close', () => finish('closed'))
  })

const answersIn = (heard: Buffer, head: boolean): Omit<Outcome, 'end'> => {
  const answers: Heard[] = []
  let rest = heard
  for (let one = answerIn(rest, head); one; one = answerIn(rest, head)) {
    rest = rest.subarray(one.end)
    if (one.status >= 200 || one.status === 101) answers.push(one)
    // What comes then is no HTTP any more.
    if (one.status === 101) return { answers, rest: '' }
  }
  return { answers, rest: rest.toString('latin1') }
}

/** The first answer in it, when it is whole. */
export const answerIn = (heard: Buffer, head: boolean): (Heard & { readonly end: number }) | undefined => {
  const end = heard.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const [first = '', ...lines] = heard.toString('latin1', 0, end).split('\r\n')
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1] ?? 0)
  if (status === 0) return undefined
  const headers = new Map(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
    }),
  )
  const from = end + 4
  if (head || status < 200 || status === 204 || status === 304) return { status, headers, body: '', end: from }
  if (headers.get('transfer-encoding') === 'chunked') {
    const last = heard.indexOf('0\r\n\r\n', from)
    return last < 0 ? undefined : { status, headers, body: heard.toString('utf8', from, last), end: last + 5 }
  }
  const length = Number(headers.get('content-length') ?? 0)
  if (heard.length < from + length) return undefined
  return { status, headers, body: heard.toString('utf8', from, from + length), end: from + length }
}
