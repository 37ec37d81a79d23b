import { createHash } from 'node:crypto'

/** Time of its own: nothing happens but what stands in it, one entry after another, by their moments. */
export type Time = ReturnType<typeof virtualTime>
/** Something that can end with everything that it still had to do: a process, a page of a browser. */
export type Life = ReturnType<Time['life']>

type Entry = { readonly at: number; readonly number: number; readonly what: string; run: (() => void) | undefined }

/** @param told hears each entry as it happens */
export const virtualTime = (told: (line: string) => void = () => undefined) => {
  /** The next stands last. */
  const waiting: Entry[] = []
  const trace = createHash('sha256')
  let now = 0
  let number = 0
  let happened = 0

  const write = (line: string): void => {
    trace.update(line)
    told(`${happened} ${now} ${line}`)
  }

  const after = (milliseconds: number, what: string, run: () => void): (() => void) => {
    const entry: Entry = { at: now + Math.max(0, milliseconds), number: number++, what, run }
    let low = 0
    for (let high = waiting.length; low < high; ) {
      const middle = (low + high) >> 1
      const other = waiting[middle]
      if (other && other.at > entry.at) low = middle + 1
      else high = middle
    }
    waiting.splice(low, 0, entry)
    return () => {
      entry.run = undefined
    }
  }

  return {
    after,
    write,
    now: () => now,
    /** Entries so far: an order in which no two things happen at once. */
    happened: () => happened,
    life(name: string) {
      let alive = true
      const ends: (() => void)[] = []
      const mine = (milliseconds: number, what: string, run: () => void): (() => void) =>
        after(milliseconds, `${name} ${what}`, () => {
          if (alive) run()
        })
      return {
        get alive() {
          return alive
        },
        after: mine,
        /** Never resolves once it has ended. */
        pause: (milliseconds: number, what: string): Promise<void> =>
          new Promise((resolve) => mine(milliseconds, what, resolve)),
        /** The same promise as long as it lives; from then on nobody hears of it. */
        lived: <T>(promise: Promise<T>): Promise<T> =>
          new Promise((resolve, reject) => {
            promise.then(
              (value) => alive && resolve(value),
              (error) => alive && reject(error),
            )
          }),
        onEnd: (run: () => void): void => void ends.push(run),
        end(): void {
          if (!alive) return
          alive = false
          for (const run of ends) run()
        },
      }
    },
    /** Lets entry after entry happen until it is so; `false` when that does not come about within so many milliseconds. */
    async run(isSo: () => boolean, within: number): Promise<boolean> {
      const late = now + within
      for (let n = 0; ; n++) {
        if (n % 8 === 0 && isSo()) return true
        const entry = waiting.pop()
        if (!entry || entry.at > late) {
          if (entry) waiting.push(entry)
          return isSo()
        }
        now = entry.at
        if (!entry.run) continue
        happened++
        write(entry.what)
        entry.run()
        await settled()
      }
    },
    hash: (): string => trace.copy().digest('hex'),
  }
}

/** Behind every promise that what has just happened resolved. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
