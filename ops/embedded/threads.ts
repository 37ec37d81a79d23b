import { MessageChannel, type MessagePort, type TransferListItem, Worker } from 'node:worker_threads'
import { newVitals, type Vitals } from './watching/vitals.ts'

/** What a thread is given: the near ends of its ports, where to tell how it is, and plain data. */
export type ThreadStart<Data = unknown> = Data & {
  readonly ports: Record<string, MessagePort>
  readonly vitals: Vitals
}

export interface Thread<Name extends string> {
  /** What the thread said when it was ready. */
  readonly said: unknown
  /** The far ends, for the main thread. */
  readonly ports: Record<Name, MessagePort>
  readonly vitals: Vitals
  /** Ends the thread once it has nothing more to do, at the latest after `patience` milliseconds. */
  stop(patience: number): Promise<void>
}

/** MB. A thread's young objects are the messages of a moment; left alone each would take three times 16 MB for them. */
const YOUNG = 6

export type ThreadParts<Name extends string> = {
  readonly names: readonly Name[]
  readonly data: object
  readonly failed: (error: Error) => void
  /** MB for what a batch of it makes: what does not fit is copied again and again. */
  readonly young?: number
}

/**
 * Starts one thread of the embedded profile, with a channel for each thing that is asked of it.
 * @param entry the built file, or its source when the composition root runs from source
 * @param failed told when the thread ends without being asked to
 */
export const startThread = <Name extends string>(
  entry: URL,
  { names, data, failed, young = YOUNG }: ThreadParts<Name>,
): Promise<Thread<Name>> => {
  const channels = names.map((name) => [name, new MessageChannel()] as const)
  const near = Object.fromEntries(channels.map(([name, { port1 }]) => [name, port1]))
  const far = Object.fromEntries(channels.map(([name, { port2 }]) => [name, port2])) as Record<Name, MessagePort>
  const transferList: TransferListItem[] = Object.values(near)
  const vitals = newVitals()
  const resourceLimits = { maxYoungGenerationSizeMb: young }
  const worker = new Worker(entry, { workerData: { ...data, ports: near, vitals }, transferList, resourceLimits })
  return new Promise((resolve, reject) => {
    let stopping = false
    const exited = new Promise<void>((done) => worker.once('exit', () => done()))
    let ready = false
    worker.on('error', (thrown: unknown) => {
      const error = thrown instanceof Error ? thrown : failedWith(entry, thrown)
      // Until it is ready, whoever starts it is told, and nobody else.
      if (ready) failed(error)
      else reject(error)
    })
    worker.once('exit', (code) => {
      const ended = new Error(`the ${nameOf(entry)} ended with ${code}`)
      if (!ready) reject(ended)
      else if (!stopping) failed(ended)
    })
    worker.once('message', (said) => {
      ready = true
      resolve({
        said,
        ports: far,
        vitals,
        stop: async (patience) => {
          stopping = true
          for (const { port2 } of channels.map(([, channel]) => channel)) port2.close()
          const late = setTimeout(() => void worker.terminate(), patience)
          await exited
          clearTimeout(late)
        },
      })
    })
  })
}

/** An error of SQLite comes out of a thread without its sentence; its code is left. */
const failedWith = (entry: URL, thrown: unknown): Error => {
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : String(thrown)
  return new Error(`the ${nameOf(entry)} failed with ${code}; \`npx verbatim doctor\` looks at the disk`)
}

const nameOf = (entry: URL): string =>
  entry.pathname
    .split('/')
    .at(-1)
    ?.replace(/\.\w+$/, '') ?? 'thread'
