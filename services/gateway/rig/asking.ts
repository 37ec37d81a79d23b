import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'

export type Heard = {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly json: unknown
}
export type Asking = {
  readonly headers?: Record<string, string>
  /** Sent as JSON, unless it is a text already. */
  readonly body?: unknown
  readonly token?: string
}

/** One request over a connection of its own, with exactly these headers. */
export const ask = (port: number, row: string, { headers = {}, body, token }: Asking = {}): Promise<Heard> =>
  new Promise((resolve, reject) => {
    const [method = 'GET', path = '/'] = row.split(' ')
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
    const sent = httpRequest({
      port,
      host: '127.0.0.1',
      method,
      path,
      agent: false,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(text !== undefined && {
          'content-type': 'application/json',
          'content-length': `${Buffer.byteLength(text)}`,
        }),
        ...headers,
      },
    })
    sent.on('error', reject)
    sent.on('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const heard = Buffer.concat(chunks).toString()
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text: heard, json: parsed(heard) })
      })
    })
    sent.end(text)
  })

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
