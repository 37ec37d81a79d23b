import type { Db, ModelStore } from '@verbatim/projections/projector'
import type { EventLog } from '@verbatim/services/event-log'
import type { Luck } from './luck.ts'
import type { Life } from './time.ts'

/** How likely a process dies in the two moments that matter most, and how. */
export type Mortality = {
  readonly luck: Luck
  readonly faults: { readonly dyingAtCommit: number; readonly dyingAtAppend: number }
  die(why: string): void
}

/** Dies while an append is under way. */
export const mortalLog = (log: EventLog, life: Life, { luck, faults, die }: Mortality): EventLog => ({
  ...log,
  append(...parts) {
    if (luck.happens(faults.dyingAtAppend))
      life.after(luck.delay(40), 'dies', () => die('while an append was under way'))
    return log.append(...parts)
  },
})

/** Dies right behind a transaction, in the moment in which nothing but the disk knows of it. */
export const mortalStore = <Write>(
  { store, db }: { store: ModelStore<Write>; db: Db },
  life: Life,
  { luck, faults, die }: Mortality,
): ModelStore<Write> => ({
  ...store,
  apply(steps, log) {
    const applied = store.apply(steps, log)
    if (!luck.happens(faults.dyingAtCommit)) return applied
    // What the dying process still writes is taken back when the next one starts.
    db.exec('BEGIN')
    die('behind a transaction')
    return life.lived(applied)
  },
  close: async () => undefined,
})

/** Each question takes its time on the way, and so does its answer. */
export const slowly = <T extends object>(asked: T, pause: (what: string) => Promise<void>): T =>
  new Proxy(asked, {
    get(target, name, receiver) {
      const method: unknown = Reflect.get(target, name, receiver)
      if (typeof method !== 'function') return method
      return async (...args: unknown[]) => {
        await pause(`asks for ${String(name)}`)
        const answer: unknown = await Reflect.apply(method, target, args)
        await pause(`knows ${String(name)}`)
        return answer
      }
    },
  })
