import type { ConversationId, Person, ServerFrame } from '@verbatim/protocol'
import { noon } from '@verbatim/protocol/examples'
import { type Browser, createSync, makeApi, memoryOutboxStore, type Sync, type Wire } from '@verbatim/web/sync'
import { createRoot } from 'solid-js'
import { tokenOf } from './cast.ts'
import type { Luck } from './luck.ts'
import type { Network } from './network.ts'
import type { Caller } from './pipe.ts'
import type { Seen } from './seen.ts'
import type { Life, Time } from './time.ts'

export type DeviceParts = {
  readonly time: Time
  readonly luck: Luck
  readonly network: Network
  readonly seen: Seen
}
export type Device = ReturnType<typeof deviceOf>

type Page = { readonly life: Life; readonly sync: Sync; readonly leave: () => void }

/** Milliseconds between two looks at the screen. */
const LOOK = 2_000

/** A person's browser: a page that can be loaded anew, what it has stored, and its network. */
export const deviceOf = (name: string, person: Person, { time, luck, network, seen }: DeviceParts) => {
  const clock = { ahead: 0 }
  const stored = memoryOutboxStore()
  /** What is on the screen. */
  const open = new Set<ConversationId>()
  const hearing = new Set<{ lost: () => void; back: () => void }>()
  let isUp = true
  let loads = 0
  let page: Page | undefined

  const load = (): Page => {
    const life = time.life(`${name} ${++loads}`)
    const caller: Caller = { name, user: person.id, page: life, isUp: () => isUp }
    const browser: Browser = {
      now: () => noon + time.now() + clock.ahead,
      chance: luck.chance,
      random: (into) => {
        for (const at of into.keys()) into[at] = luck.below(256)
      },
      after: (milliseconds, run) => life.after(milliseconds, 'has waited', run),
      connect(hear) {
        const told = seen.socketOf(name, person.id)
        const line = network.connect(caller, {
          ...hear,
          text(text) {
            told.heard(JSON.parse(text) as ServerFrame)
            hear.text(text)
          },
        })
        return {
          send(text) {
            told.said(JSON.parse(text))
            line.send(text)
          },
          close: () => line.close(),
        }
      },
      isOnline: () => isUp,
      watch(on) {
        hearing.add(on)
        return () => hearing.delete(on)
      },
      tabs: () => ({ postMessage: () => undefined, onmessage: null, close: () => undefined }),
      alone: (_, run) => run(),
    }
    const token = tokenOf(person.id)
    const fetched: Wire = async (path, { method = 'GET', headers, body }) => {
      const answer = await network.request(caller, {
        method,
        path,
        headers: { ...(headers as Record<string, string>) },
        body: typeof body === 'string' ? body : undefined,
      })
      return {
        status: answer.status,
        ok: answer.status >= 200 && answer.status < 300,
        json: async () => JSON.parse(String(answer.body)),
      }
    }
    const session = {
      api: makeApi({ current: () => token, renew: async () => token }, fetched),
      token: async () => token,
      renew: async () => token,
      ended: () => undefined,
    }
    const parts = { session, me: person, store: Promise.resolve(stored), browser, onRefused: () => undefined }
    const { sync, dispose } = createRoot((dispose) => ({ sync: createSync(parts), dispose }))
    const look = (): void => {
      for (const conversation of open) show(sync, conversation)
      life.after(LOOK, 'looks', look)
    }
    look()
    return {
      life,
      sync,
      leave() {
        life.end()
        hearing.clear()
        dispose()
      },
    }
  }

  /** As the view of a conversation does. */
  const show = ({ conversations, timelines }: Sync, conversation: ConversationId): void => {
    if (!conversations.loaded() || timelines.get(conversation) || conversations.gone(conversation) !== undefined) return
    if (conversations.summary(conversation)) timelines.latest(conversation).catch(() => undefined)
  }

  const loaded = (): Page => {
    page ??= load()
    return page
  }

  return {
    name,
    person,
    clock,
    open,
    get sync() {
      return loaded().sync
    },
    /** Everything in memory is gone, what was stored is there. */
    reload(): void {
      page?.leave()
      page = load()
    },
    close(): void {
      page?.leave()
    },
    lose(): void {
      if (!isUp) return
      isUp = false
      for (const { lost } of hearing) lost()
    },
    find(): void {
      isUp = true
      for (const { back } of hearing) back()
    },
  }
}
