// A process of its own: takes one job on standard input, loads one server, prints one result.
import { randomFillSync } from 'node:crypto'
import { text as readText } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { ulids } from '@verbatim/protocol'
import type { Job, Result } from './job.ts'
import { type Ledger, ledger, type Sent } from './ledger.ts'
import { openSockets } from './sockets.ts'
import type { Wire } from './wire.ts'

const mint = ulids(Date.now, (into) => randomFillSync(into))
const WORDS = 'word for word, exactly once, in order; a line of the length that people write'

const run = async (job: Job): Promise<Result> => {
  const book = ledger(new Map(job.conversations.map(({ id, members }) => [id, members.length])))
  const wires = await openSockets(job.url, job.tokens, book)
  const load =
    job.kind === 'flow' ? flow(job, wires, book) : job.kind === 'latency' ? openLoop(job, wires, book) : idle()
  await sleep(job.warmUpSeconds * 1_000)
  const from = { at: performance.now(), deliveries: book.deliveries, messages: load.done(), cpu: process.cpuUsage() }
  load.measure()
  await sleep(job.seconds * 1_000)
  const seconds = (performance.now() - from.at) / 1_000
  const messages = (load.done() - from.messages) / seconds
  const deliveries = (book.deliveries - from.deliveries) / seconds
  const { user, system } = process.cpuUsage(from.cpu)
  load.stop()
  // Everything that was sent has to arrive, or it was lost.
  for (let waited = 0; book.open() > 0 && waited < 10_000; waited += 20) await sleep(20)
  if (book.open() > 0)
    book.violations.push(`${book.open()} messages were not acknowledged and delivered to all within 10 s`)
  book.end()
  for (const wire of wires) wire.close()
  return {
    messages,
    deliveries,
    latencies: load.latencies.sort((a, b) => a - b),
    violations: book.violations.slice(0, 20),
    cpu: (user + system) / 1e6 / seconds,
    acknowledged: book.acknowledged,
  }
}

type Load = { done(): number; measure(): void; stop(): void; latencies: number[] }

const flow = (job: Job & { kind: 'flow' }, wires: readonly Wire[], book: Ledger): Load => {
  let done = 0
  let stopped = false
  const send = (conversation: Job['conversations'][number], slot: number) => {
    const id = mint()
    const from = wires[conversation.senders[slot % conversation.senders.length] as number] as Wire
    const delivered = () => {
      done++
      if (!stopped) send(conversation, slot)
    }
    book.sent({ id, conversation: conversation.id, due: performance.now(), acknowledged: () => undefined, delivered })
    from.send(sendMessage(id, conversation.id))
  }
  for (const conversation of job.conversations) for (let slot = 0; slot < job.inFlight; slot++) send(conversation, slot)
  return {
    done: () => done,
    measure: () => undefined,
    stop: () => {
      stopped = true
    },
    latencies: [],
  }
}

const openLoop = (job: Job & { kind: 'latency' }, wires: readonly Wire[], book: Ledger): Load => {
  const start = performance.now()
  const latencies: number[] = []
  let measuring = false
  let sent = 0
  let done = 0
  const acknowledged = ({ due }: Sent) => {
    if (measuring && due >= measuredFrom) latencies.push(performance.now() - due)
  }
  let measuredFrom = Number.POSITIVE_INFINITY
  let stopped = false
  // A timer of one millisecond is coarser than what is measured, and spinning would take a processor from the server: a
  // short sleep between two turns of the loop is neither.
  const sendDue = () => {
    if (stopped) return
    setImmediate(sendDue)
    Atomics.wait(nothing, 0, 0, NAP)
    // The first send is due at 0: counted one period later, every latency would read one period too much.
    const due = Math.floor(((performance.now() - start) * job.rate) / 1_000) + 1
    for (; sent < due; sent++) {
      const conversation = job.conversations[sent % job.conversations.length] as Job['conversations'][number]
      const id = mint()
      const from = wires[conversation.senders[0] as number] as Wire
      const delivered = () => void done++
      book.sent({ id, conversation: conversation.id, due: start + (sent * 1_000) / job.rate, acknowledged, delivered })
      from.send(sendMessage(id, conversation.id))
    }
  }
  sendDue()
  return {
    done: () => done,
    measure: () => {
      measuring = true
      measuredFrom = performance.now()
    },
    stop: () => {
      stopped = true
    },
    latencies,
  }
}

/** Milliseconds; the kernel adds some 60 µs. */
const NAP = 0.03
const nothing = new Int32Array(new SharedArrayBuffer(4))

const idle = (): Load => ({ done: () => 0, measure: () => undefined, stop: () => undefined, latencies: [] })

const sendMessage = (id: string, conversation: string): string =>
  `{"type":"command","command":{"id":"${id}","type":"SendMessage","conversation":"${conversation}","body":{"text":"${WORDS}"}}}`

const result = await run(JSON.parse(await readText(process.stdin)))
process.stdout.write(JSON.stringify(result), () => process.exit(0))
