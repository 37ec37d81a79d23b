import type { Reason } from '@verbatim/protocol'
import type { RequestName } from '@verbatim/protocol/validators'
import type { Position } from '@verbatim/services/event-log'
import type { Claims, Device } from '@verbatim/services/identity'
import type { Model } from '../parts.ts'
import type { HttpRequest } from '../sockets/port.ts'

/**
 * Who may. `anyone`: nothing is asked. `cookie`: whoever holds the refresh cookie, from an allowed origin.
 * `signed-in`: an access token of a living session. `owner`: the same, and it is about himself alone.
 * `members`: the same, and the model that answers asks whether he is a member of the conversation `:id`.
 */
export type Who = 'anyone' | 'cookie' | 'signed-in' | 'owner' | 'members'

export type Asked<Body = unknown> = {
  readonly request: HttpRequest
  /** Of the person, through a trusted proxy too. */
  readonly address: string
  readonly query: URLSearchParams
  param(name: string): string
  readonly body: Body
  /** Empty when there is no such cookie. */
  readonly refreshToken: string
  /** Of the bearer token, when there is a valid one. */
  readonly claims: Claims | undefined
}
/** Where somebody has to be signed in, the router has seen to it. */
export type SignedIn<Body = unknown> = Asked<Body> & { readonly claims: Claims }

export type Reply = {
  readonly status: number
  readonly json?: unknown
  /** Where it is no JSON, for a program that reads plain text. */
  readonly text?: string
  /** For the figures: why, when it is a refusal. */
  readonly refused?: Reason
  readonly headers?: readonly (readonly [string, string])[]
  readonly hangUp?: true
}

type Place = { readonly method: 'GET' | 'HEAD' | 'POST' | 'DELETE' /** `/api/users/:id`. */; readonly path: string }
/** Body schema of a request; `command` is checked by the command's own. */
export type BodyName = RequestName | 'command'
type Served<A> = {
  readonly body?: BodyName
  /** Models that the answer comes from: a read waits until all are at the position that it carries. */
  readonly models?: readonly Model[]
  /** A query with this parameter asks for what a later version has. */
  readonly laterWith?: string
  answer(asked: A): Promise<Reply>
}
export type Route = Place &
  (
    | ({ readonly who: 'anyone' | 'cookie' } & Served<Asked>)
    | ({ readonly who: 'signed-in' | 'owner' | 'members' } & Served<SignedIn>)
    /** The contract has it, this version does not: told to everyone, before anything is looked at. */
    | { readonly who: 'nobody-yet' }
  )

/** Of several models, the one that is behind. */
export const smallest = (...positions: Position[]): Position => Math.min(...positions)

/** Where somebody signs in from. */
export const deviceOf = ({ request, address }: Asked): Device => ({
  device: request.header('user-agent').slice(0, 256),
  address,
})
