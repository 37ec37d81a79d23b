import type { Position } from '@verbatim/services/event-log'
import type { Comparison } from './compare.ts'

/** A model that is to be filled. */
export type Job = { readonly projection: string; readonly file: string }

/** Fills models and compares them, beside everything else. */
export interface Filling {
  /** The version of the projection that made a model, see `modelVersion`. */
  versionOf(file: string): Promise<number | undefined>
  /** Fills new models from the log, and brings them to the disk. */
  fill(jobs: readonly Job[]): Promise<void>
  /** Opens two models of a projection for reading. */
  open(projection: string, serving: string, filled: string): Promise<void>
  /** From here on reads them as they are at this moment. Soon, since both stand still for it. */
  look(projection: string): Promise<void>
  /** What those two said when they were looked at; closes them. */
  compare(projection: string): Promise<Comparison>
}

/** Runs the model that serves, and for a while a second one beside it. @see SideBySide */
export interface Projecting {
  beside(projection: string, file: string): Promise<void>
  still(projection: string): Promise<Position>
  goOn(projection: string): Promise<void>
  takeOver(projection: string): Promise<void>
  discard(projection: string): Promise<void>
}

/** Those who read the model that serves. */
export interface Reading {
  /** Opens a second model of a projection; nothing is read from it yet. */
  prepare(projection: string, file: string): Promise<void>
  /** Reads from the second from now on. What is under way ends on the first. */
  turn(projection: string): Promise<void>
  /** Closes the second, if there is one. */
  discard(projection: string): Promise<void>
}

/** What is being done. */
export type Phase = 'filling' | 'catching-up' | 'comparing' | 'switching'

/** What became of one projection. */
export type Rebuilt = {
  readonly projection: string
  /** Whether the new model serves; if not, everything is as it was. */
  readonly switched: boolean
  readonly from: number
  readonly to: number
  /** Undefined where the two cannot be compared: another version of the projection made the one that serves. */
  readonly comparison?: Comparison
}
