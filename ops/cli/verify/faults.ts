import { printable } from '../text.ts'

/** One thing that is not as it should be. */
export type Fault = {
  /** `log`, `identity`, or the name of a model. */
  readonly where: string
  /** In the log. */
  readonly position?: number
  readonly what: string
}

export const lineOfFault = ({ where, position, what }: Fault): string =>
  `${where}${position === undefined ? '' : ` at ${position}`}: ${printable(what)}`
