import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exportRows, openModelReader, type Projected, type Step } from '@verbatim/projections/projector'
import { accountStream, type DataOf, type DomainEvent, type EventId, type UserId } from '@verbatim/protocol'
import { idAt, noon } from '@verbatim/protocol/examples'
import { onTestFinished } from 'vitest'
import { type PeopleWrite, people } from './people.ts'
import { sqlitePeopleSearch } from './people-queries.ts'
import { peopleExport, sqlitePeopleStore } from './people-store.ts'

/** Accounts, event by event as a log would give them. */
export const accounts = () => {
  const history: Projected[] = []
  const happens = (user: UserId, event: AccountEvent): Projected => {
    const position = history.length + 1
    const id = `00000000-0000-5000-8000-${String(position).padStart(12, '0')}` as EventId
    const place = { id, actor: user, at: noon, stream: accountStream(user), revision: position, position }
    const happened: Projected = { ...event, ...place }
    history.push(happened)
    return happened
  }
  return {
    history,
    registers: (user: UserId, handle: string | null, name: string | null) =>
      happens(user, { type: 'AccountRegistered', data: { user, handle, name } }),
    changes: (user: UserId, change: Omit<DataOf<'ProfileChanged'>, 'user'>) =>
      happens(user, { type: 'ProfileChanged', data: { user, ...change } }),
  }
}
type AccountEvent = Extract<DomainEvent, { type: 'AccountRegistered' | 'ProfileChanged' }>

/** An index in a file of its own, filled batch by batch. */
export const index = () => {
  const folder = mkdtempSync(join(tmpdir(), 'people-'))
  const file = join(folder, 'people.db')
  const store = sqlitePeopleStore({ file })
  onTestFinished(async () => {
    await store.close()
    rmSync(folder, { recursive: true })
  })
  return {
    take: (events: readonly Projected[]) => store.apply(events.map(stepOf), 'log'),
    async search() {
      const search = await sqlitePeopleSearch({ file })
      onTestFinished(() => search.close())
      return search
    },
    async lines(): Promise<string[]> {
      const reader = await openModelReader(file)
      const lines = [...exportRows(reader.db, peopleExport)]
      reader.close()
      return lines
    },
  }
}

const stepOf = (event: Projected): Step<PeopleWrite> => {
  const handle = people.on[event.type] as ((event: Projected) => readonly PeopleWrite[]) | 'ignored'
  return { event, writes: handle === 'ignored' ? [] : handle(event) }
}

/** `[handle, name]` each; finds by handle, which says more in a test than an id. */
export const searching = async (...who: readonly (readonly [handle: string, name: string])[]) => {
  const { history, registers } = accounts()
  for (const [n, [handle, name]] of who.entries()) registers(idAt(1_000 + n), handle, name)
  const filled = index()
  await filled.take(history)
  const search = await filled.search()
  return async (query: string, limit = 20): Promise<string[]> =>
    (await search.find(query, limit)).value.map((user) => {
      const found = history.find((event) => event.actor === user)
      return found?.type === 'AccountRegistered' ? String(found.data.handle) : ''
    })
}
