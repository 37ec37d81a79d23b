import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import { type HeadSignal, type HeadTeller, headTeller } from './head-signal.ts'
import type { Failed, Parcel, Results, WriterCall } from './parcel.ts'
import type { LogWriter } from './sqlite-writer.ts'

/** Milliseconds after which an open transaction is committed even though more waits: nobody's answer waits for ever. */
const FLUSH_AFTER = 2

export type ServeLogWriterOptions = {
  /** Milliseconds, monotonic. */
  readonly now?: () => number
  /** Hears of each commit, once it is answered: how many events, and the milliseconds that the disk took. */
  readonly onCommit?: (events: number, milliseconds: number) => void
  /** Hears of each transaction that was undone. */
  readonly onFailure?: (diskFull: boolean) => void
  /** Hears of each checkpoint that failed; the WAL grows until one succeeds. */
  readonly onCheckpointFailure?: () => void
}

/**
 * Runs the writer in its thread: everything that waits at `port` becomes one transaction, which is answered once it is
 * on disk. Then the head is signalled to the followers of all threads. A failed transaction is undone and answered;
 * the next one tries anew, so a disk that has room again needs no restart.
 */
export const serveLogWriter = (
  port: MessagePort,
  writer: LogWriter,
  signal: HeadSignal,
  options: ServeLogWriterOptions = {},
): void => {
  const told = { ...unheard, ...options }
  const teller = headTeller(signal, told.now)
  const loop = new WriterLoop(port, writer, teller, told)
  teller.tell(writer.head())
  port.on('message', (call: WriterCall) => loop.run(call))
  // Also when the other side just goes: what it sent before has been heard by then.
  port.on('close', () => {
    teller.close()
    writer.close()
  })
}

const unheard: Required<ServeLogWriterOptions> = {
  now: () => performance.now(),
  onCommit: () => undefined,
  onFailure: () => undefined,
  onCheckpointFailure: () => undefined,
}

class WriterLoop {
  /** Results of the parcels in the open transaction. */
  #staged: Results[] = []
  /** When the open transaction was begun. */
  #begun = 0

  constructor(
    private readonly port: MessagePort,
    private readonly writer: LogWriter,
    private readonly teller: HeadTeller,
    private readonly told: Required<ServeLogWriterOptions>,
  ) {}

  run(first: WriterCall): void {
    for (let call: WriterCall | undefined = first; call !== undefined; call = this.#next()) {
      if (call === 'close') {
        this.#close()
        return
      }
      this.#stage(call)
      if (this.told.now() - this.#begun >= FLUSH_AFTER) this.#flush()
    }
    this.#flush()
  }

  #next(): WriterCall | undefined {
    return receiveMessageOnPort(this.port)?.message
  }

  #stage(parcel: Parcel): void {
    if (this.#staged.length === 0) this.#begun = this.told.now()
    try {
      this.#staged.push(this.writer.stage(parcel))
    } catch (error) {
      // Nothing of the transaction was committed, whatever went wrong before.
      this.#fail(this.#staged.length + 1, error, 'no')
    }
  }

  #flush(): void {
    if (this.#staged.length === 0) return
    const results = this.#staged
    const before = this.writer.head()
    const began = this.told.now()
    try {
      this.writer.commit()
    } catch (error) {
      // A commit that could not be synced may be found after a crash; one that had no room may not.
      this.#fail(results.length, error, isFull(error) ? 'no' : 'unknown')
      return
    }
    const took = this.told.now() - began
    this.#staged = []
    const head = this.writer.head()
    this.port.postMessage({ results })
    this.teller.tell(head)
    this.told.onCommit(head - before, took)
    if (!this.writer.checkpoint()) this.told.onCheckpointFailure()
  }

  #fail(parcels: number, error: unknown, written: Failed['written']): void {
    this.#staged = []
    this.writer.rollback()
    const reason = error instanceof Error ? error.message : String(error)
    const diskFull = isFull(error)
    this.port.postMessage({ parcels, reason, written, diskFull } satisfies Failed)
    this.told.onFailure(diskFull)
  }

  #close(): void {
    this.#flush()
    this.port.postMessage('closed')
    this.port.close()
  }
}

const isFull = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'SQLITE_FULL' || error.code === 'ENOSPC')
