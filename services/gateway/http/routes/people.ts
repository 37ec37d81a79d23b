import { isUlid, limits } from '@verbatim/protocol'
import { MalformedQuery, single } from '../query.ts'
import { notFound, read } from '../replies.ts'
import { type Reply, type SignedIn, smallest } from '../route.ts'
import type { RouteParts } from '../routes.ts'

/** Longer than any handle, name or id. */
const QUERY_AT_MOST = 256

/** Finding people: everybody who is signed in may see who there is. */
export const people = ({ people: index, socialGraph }: RouteParts) => ({
  async find({ query }: SignedIn): Promise<Reply> {
    const text = single(query, 'query') ?? ''
    if (text.length > QUERY_AT_MOST) throw new MalformedQuery('query: at most 256 characters')
    const found = await index.find(text, limits.peopleFound)
    const persons = await socialGraph.people(found.value)
    return read(smallest(found.position, persons.position), { users: persons.value })
  },
  async one({ param }: SignedIn): Promise<Reply> {
    const id = param('id')
    const { position, value } = isUlid(id) ? await socialGraph.person(id) : { position: 0, value: undefined }
    return value ? read(position, value) : notFound
  },
})
