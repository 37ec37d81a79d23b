import { closeCodes, type Reason } from '@verbatim/protocol'
import { brokenFrames } from './broken-frames.ts'
import { type Cast, mintOf } from './cast.ts'
import { diceOf } from './dice.ts'
import { type HostileFrame, hostileFrame, hostileGreeting, NOT_TEXT } from './frames.ts'
import type { Tally } from './tally.ts'
import { frameOf, openWire, type Wire } from './wire.ts'

/** Frames that are sent together, up to the first that ends its socket. */
const TOGETHER = 24
/** Reasons that say that the server could not, and not that it would not. */
const FAILURES: ReadonlySet<Reason> = new Set<Reason>(['unavailable', 'disk-full', 'behind'])
const PING = frameOf('{"type":"ping"}')

export type Attack = {
  readonly port: number
  readonly seed: number
  readonly cast: Cast
  readonly tally: Tally
}

/** Which part of a list somebody takes. */
export type Share = { readonly front: number; readonly of: number }

/** So many hostile frames, most of them from somebody who is signed in. Each has to end as the contract says. */
export const attackWithFrames = async ({ port, seed, cast, tally }: Attack, frames: number): Promise<void> => {
  const dice = diceOf(seed)
  const mint = mintOf(dice)
  for (let left = frames; left > 0; ) {
    const wire = await openWire(port)
    if (dice.once(12)) {
      await greet(wire, dice.once(2) ? hostileGreeting(dice, cast) : hostileFrame(dice, cast, mint), tally)
      left--
    } else {
      wire.write(hello(cast))
      if (!(await wire.until(() => isReady(wire) || wire.over !== undefined)) || !isReady(wire))
        tally.fault('a good greeting was not answered', `${JSON.stringify(wire.over)}`)
      for (let lives = true; lives && left > 0; ) {
        const batch: HostileFrame[] = []
        do batch.push(hostileFrame(dice, cast, mint))
        while (batch.length < Math.min(left, TOGETHER) && !ends(batch.at(-1)))
        left -= batch.length
        // Mostly what ends the socket comes once everything before it is answered: with it, the answers would be lost.
        const closer = ends(batch.at(-1)) && !dice.once(4) ? batch.splice(-1) : []
        lives =
          (batch.length === 0 || (await say(wire, batch, tally))) &&
          (closer.length === 0 || (await say(wire, closer, tally)))
      }
    }
    wire.cut()
  }
}

/** Every so manieth row of broken frames, from somebody who is signed in. */
export const attackWithBroken = async ({ port, cast, tally }: Attack, { front, of }: Share): Promise<void> => {
  for (const { what, bytes, fate, chopped } of brokenFrames.filter((_, at) => at % of === front)) {
    const wire = await openWire(port)
    wire.write(hello(cast))
    await wire.until(() => isReady(wire))
    if (chopped) await chop(wire, bytes)
    else wire.write(bytes)
    const pongs = () => wire.heard.some(({ type }) => type === 'pong')
    const came = await wire.until(() => wire.over !== undefined || pongs(), fate === 'either' ? 100 : undefined)
    tally.count(`broken frames: ${wire.over ? 'closed' : 'taken'}`)
    if (fate === 'closed' && !(await wire.until(() => wire.over !== undefined))) tally.fault('not closed', what)
    if (fate === 'pong' && (!came || !pongs())) tally.fault('not answered', `${what}: ${JSON.stringify(wire.over)}`)
    wire.cut()
  }
}

/** In turns of their own, or the system would put them together. */
const chop = async (wire: Wire, bytes: Buffer): Promise<void> => {
  for (const byte of bytes) {
    wire.write(Buffer.from([byte]))
    await new Promise((resolve) => setImmediate(resolve))
  }
}

const hello = ({ token }: Cast): Buffer => frameOf(JSON.stringify({ type: 'hello', token }))
const isReady = (wire: Wire): boolean => wire.heard.some(({ type }) => type === 'ready')
const ends = (frame: HostileFrame | undefined): boolean =>
  frame?.fate.kind === 'closed' || frame?.fate.kind === 'greeted'

/** @returns whether the socket lives on */
const say = async (wire: Wire, batch: readonly HostileFrame[], tally: Tally): Promise<boolean> => {
  const from = wire.heard.length
  const answers = () => wire.heard.slice(from).filter(({ type }) => type === 'ack' || type === 'refused')
  const pongs = () => wire.heard.slice(from).filter(({ type }) => type === 'pong').length
  const last = batch.at(-1)
  const closer = last && ends(last) ? last : undefined
  const owed = batch.filter(({ fate }) => fate.kind === 'answered')
  const pings = batch.filter(({ fate }) => fate.kind === 'pong').length + 1
  wire.write(Buffer.concat([...batch.map(({ payload, binary }) => frameOf(payload, { opcode: binary ? 2 : 1 })), PING]))
  for (const { fate } of batch) tally.count(`frames: ${fate.kind}`)
  if (closer) {
    if (!(await wire.until(() => wire.over !== undefined))) tally.fault('not closed', shown(closer))
    else judgeClose(wire, closer, tally)
  } else {
    const done = await wire.until(
      () => wire.over !== undefined || (answers().length >= owed.length && pongs() >= pings),
    )
    if (!done) tally.fault('not answered', `${answers().length} of ${owed.length}: ${batch.map(shown).join(' ')}`)
    else if (wire.over) tally.fault(`closed with ${wire.over.code}`, batch.map(shown).join(' '))
  }
  judgeAnswers(wire, { from, owed }, tally)
  return closer === undefined && wire.over === undefined
}

const judgeClose = ({ over }: Wire, closer: HostileFrame, tally: Tally): void => {
  const { fate } = closer
  const wanted = fate.kind === 'closed' ? fate.code : closeCodes.malformed
  // What is no text, or too large to be read at all, the adapter itself ends, with a code or without.
  const byAdapter = wanted === NOT_TEXT
  if (over?.code !== wanted && !(byAdapter && (over?.code === undefined || over.code === closeCodes.malformed)))
    tally.fault(`closed with ${over?.code} and not ${wanted}`, shown(closer))
}

const judgeAnswers = (
  { heard }: Wire,
  { from, owed }: { from: number; owed: readonly HostileFrame[] },
  tally: Tally,
): void => {
  const wanted = new Map<string, boolean>()
  // An id that was sent twice is carried out when one of the two can be.
  for (const { fate } of owed)
    if (fate.kind === 'answered') wanted.set(fate.id, (wanted.get(fate.id) ?? false) || fate.refused === undefined)
  for (const frame of heard.slice(from)) {
    if (frame.type === 'ack' && wanted.get(frame.id) !== true) tally.fault('carried out', frame.id)
    if (frame.type === 'ack') tally.count('commands: acknowledged')
    if (frame.type !== 'refused') continue
    tally.count(`commands: ${frame.reason}`)
    if (FAILURES.has(frame.reason)) tally.fault(`refused: ${frame.reason}`, `${frame.detail}`)
    if (!wanted.has(frame.id)) tally.fault('refused without having been asked', frame.id)
  }
}

/** A first frame. A good one with a good token makes the socket live, any other ends it. */
const greet = async (wire: Wire, frame: HostileFrame, tally: Tally): Promise<void> => {
  const { fate, payload, binary } = frame
  tally.count('frames: before hello')
  wire.write(frameOf(payload, { opcode: binary ? 2 : 1 }))
  const has = (wanted: string) => wire.heard.some(({ type }) => type === wanted)
  const over = () => wire.over !== undefined
  if (
    !(await wire.until(
      () => over() || (fate.kind === 'greeted' && has('ready')) || (fate.kind === 'pong' && has('pong')),
    ))
  )
    return tally.fault('a first frame was not answered', shown(frame))
  if (fate.kind === 'pong' || !over()) return
  if (fate.kind === 'greeted') {
    if (wire.over?.code !== closeCodes.notSignedIn)
      tally.fault(`a greeting was closed with ${wire.over?.code}`, shown(frame))
  } else judgeClose(wire, fate.kind === 'closed' ? frame : { ...frame, fate: { kind: 'closed', code: 4400 } }, tally)
}

const shown = ({ payload, binary, fate }: HostileFrame): string =>
  `${binary ? 'binary ' : ''}${JSON.stringify(payload.toString('latin1', 0, 300))} (${payload.length} bytes, ${JSON.stringify(fate)})`
