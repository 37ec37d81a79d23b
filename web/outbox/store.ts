import type { CommandId, UserId } from '@verbatim/protocol'
import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import type { Item } from './queue.ts'

/** Where commands wait until they are answered. Per person: whoever signs in next on this browser sends nothing of ours. */
export interface OutboxStore {
  /** In the order of sending. */
  all(user: UserId): Promise<Item[]>
  /** Gives the item its place behind all others, of other tabs too. */
  add(user: UserId, item: Omit<Item, 'seq'>): Promise<Item>
  put(user: UserId, item: Item): Promise<void>
  remove(user: UserId, id: CommandId): Promise<void>
  clear(user: UserId): Promise<void>
}

type StoredItem = Omit<Item, 'seq'> & { seq?: number; user: UserId; id: CommandId }

interface Schema extends DBSchema {
  outbox: { key: number; value: StoredItem; indexes: { user: UserId; id: CommandId } }
}

export const idbOutboxStore = async (name = 'verbatim'): Promise<OutboxStore> => {
  const db = await openDB<Schema>(name, 1, {
    upgrade: (fresh) => {
      const store = fresh.createObjectStore('outbox', { keyPath: 'seq', autoIncrement: true })
      store.createIndex('user', 'user')
      store.createIndex('id', 'id')
    },
  })
  return {
    all: async (user) => (await db.getAllFromIndex('outbox', 'user', user)).map(itemOf).sort((a, b) => a.seq - b.seq),
    add: async (user, item) => {
      const known = await db.getFromIndex('outbox', 'id', item.command.id)
      if (known) return itemOf(known)
      const seq = await db.add('outbox', { ...item, user, id: item.command.id })
      return { ...item, seq }
    },
    put: async (user, item) => {
      // In one transaction: a crash in between would lose the message or send it twice over.
      const change = db.transaction('outbox', 'readwrite')
      const key = await change.store.index('id').getKey(item.command.id)
      if (key !== undefined && key !== item.seq) await change.store.delete(key)
      await change.store.put({ ...item, user, id: item.command.id })
      await change.done
    },
    remove: (user, id) => removeWhere(db, (item) => item.user === user && item.id === id),
    clear: (user) => removeWhere(db, (item) => item.user === user),
  }
}

const itemOf = ({ user: _user, id: _id, ...item }: StoredItem): Item => ({ ...item, seq: item.seq ?? 0 })

const removeWhere = async (db: IDBPDatabase<Schema>, which: (item: StoredItem) => boolean): Promise<void> => {
  const change = db.transaction('outbox', 'readwrite')
  for (let at = await change.store.openCursor(); at; at = await at.continue()) if (which(at.value)) await at.delete()
  await change.done
}

/** For browsers that keep nothing (private windows, a full disk): the outbox lives as long as the page. */
export const memoryOutboxStore = (after = 0): OutboxStore => {
  let rows: { user: UserId; item: Item }[] = []
  let last = after
  const without = (id: CommandId) => rows.filter(({ item }) => item.command.id !== id)
  return {
    all: async (user) => rows.flatMap((row) => (row.user === user ? [row.item] : [])).sort((a, b) => a.seq - b.seq),
    add: async (user, item) => {
      const known = rows.find((row) => row.item.command.id === item.command.id)
      if (known) return known.item
      const placed = { ...item, seq: ++last }
      rows.push({ user, item: placed })
      return placed
    },
    put: async (user, item) => {
      rows = [...without(item.command.id), { user, item }]
      last = Math.max(last, item.seq)
    },
    remove: async (_user, id) => {
      rows = without(id)
    },
    clear: async (user) => {
      rows = rows.filter((row) => row.user !== user)
    },
  }
}

/** Behind every place that a disk gives. */
const BEHIND_ALL = 2 ** 40

/** A disk that takes no more (it is full, or was taken away) loses nothing that is written from then on: memory keeps it. */
export const withSpare = (disk: OutboxStore): OutboxStore => {
  const spare = memoryOutboxStore(BEHIND_ALL)
  return {
    all: async (user) => [...(await disk.all(user).catch(() => [])), ...(await spare.all(user))],
    add: (user, item) => disk.add(user, item).catch(() => spare.add(user, item)),
    put: async (user, item) => {
      await spare.remove(user, item.command.id)
      await disk.put(user, item).catch(() => spare.put(user, item))
    },
    remove: async (user, id) => {
      await spare.remove(user, id)
      await disk.remove(user, id)
    },
    clear: async (user) => {
      await spare.clear(user)
      await disk.clear(user)
    },
  }
}

export const openOutboxStore = (): Promise<OutboxStore> => idbOutboxStore().then(withSpare, () => memoryOutboxStore())
