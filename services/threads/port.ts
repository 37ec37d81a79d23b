/** What both a Worker and a MessagePort can do. */
export type Port = {
  postMessage(value: unknown): void
  on(event: 'message', listener: (value: unknown) => void): unknown
}

/** An object seen from another thread: plain data in, plain data out, and every method answers later. */
export type Calls<S> = {
  [K in keyof S]: S[K] extends (...args: infer A) => infer R ? (...args: A) => Promise<Awaited<R>> : never
}

export type Call = { readonly call: number; readonly method: string; readonly args: unknown[] }
export type Reply =
  | { readonly reply: number; readonly value: unknown }
  | { readonly reply: number; readonly error: { name: string; message: string; [field: string]: unknown } }
