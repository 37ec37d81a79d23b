/** What the server tells of itself. */
export type Figures = {
  /** Seconds since the epoch: another one is another process. */
  readonly started: number
  /** Milliseconds by which the main thread was late at most, since this was last asked. */
  readonly stall: number
  readonly resident: number
  readonly failures: number
  /** Streams that a projection could not go on with. */
  readonly parked: number
}

export const figuresOf = async (base: string): Promise<Figures> => {
  const text = await (await fetch(`${base}/metrics`)).text()
  const all = (name: string): number[] =>
    text
      .split('\n')
      .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
      .map((line) => Number(line.slice(line.lastIndexOf(' ') + 1)))
  const sum = (name: string) => all(name).reduce((total, one) => total + one, 0)
  return {
    started: sum('process_start_time_seconds'),
    stall: Math.max(...all('verbatim_event_loop_delay_seconds')) * 1_000,
    resident: sum('process_resident_memory_bytes'),
    failures: sum('verbatim_failures_total'),
    parked: sum('verbatim_projection_parked_streams'),
  }
}
