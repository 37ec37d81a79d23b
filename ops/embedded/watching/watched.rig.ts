import { request } from 'node:http'

export type Heard = { readonly status: number; readonly text: string }
type Asking = { readonly method?: string; readonly headers?: Record<string, string>; readonly body?: string }

/** One request with exactly these headers; what is not HTTP cannot be asked with `fetch`. */
export const ask = (base: string, path: string, { method = 'GET', headers = {}, body }: Asking = {}): Promise<Heard> =>
  new Promise((resolve, reject) => {
    const sent = request(`${base}${path}`, { method, headers, agent: false })
    sent.on('error', reject)
    sent.on('response', (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
    })
    sent.end(body)
  })

/** The samples at `/metrics`, by their names with labels. */
export const samplesOf = async (base: string): Promise<ReadonlyMap<string, number>> => {
  const { text } = await ask(base, '/metrics')
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(samples.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]))
}

/** @throws when it is not so within five seconds */
export const eventually = async (isSo: () => Promise<boolean>): Promise<void> => {
  for (const end = Date.now() + 5_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 50)))
    if (await isSo()) return
  throw new Error('it did not come to be so')
}
