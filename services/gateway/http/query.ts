/** A query that is not what the contract says; `message` is told to the client. */
export class MalformedQuery extends Error {
  constructor(detail: string) {
    super(detail)
    this.name = 'MalformedQuery'
  }
}

/** `undefined` when it is not there. @throws MalformedQuery */
export const single = (query: URLSearchParams, name: string): string | undefined => {
  const values = query.getAll(name)
  if (values.length > 1) throw new MalformedQuery(`${name}: given twice`)
  return values[0]
}

/** A revision, from -1. @throws MalformedQuery */
export const revision = (query: URLSearchParams, name: string): number | undefined => {
  const text = single(query, name)
  if (text === undefined) return undefined
  if (!/^(-1|\d{1,15})$/.test(text)) throw new MalformedQuery(`${name}: a revision, from -1`)
  return Number(text)
}

/** Clamped to 1 … `max`. @throws MalformedQuery */
export const limit = (query: URLSearchParams, { default: usual, max }: { default: number; max: number }): number => {
  const text = single(query, 'limit')
  if (text === undefined) return usual
  if (!/^\d{1,15}$/.test(text)) throw new MalformedQuery('limit: a number')
  return Math.min(max, Math.max(1, Number(text)))
}

/** Milliseconds since the epoch. @throws MalformedQuery */
export const time = (query: URLSearchParams, name: string): number | undefined => {
  const text = single(query, name)
  if (text === undefined) return undefined
  const form = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/
  const milliseconds = form.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(milliseconds)) throw new MalformedQuery(`${name}: a time such as 2026-01-31T12:00:00Z`)
  return milliseconds
}

/** An opaque cursor of ours. @throws MalformedQuery */
export const cursor = (query: URLSearchParams, name: string): string | undefined => {
  const text = single(query, name)
  if (text !== undefined && !/^[\w.:~-]{1,128}$/.test(text)) throw new MalformedQuery(`${name}: not a cursor`)
  return text
}
