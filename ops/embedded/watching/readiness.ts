/** What one part says: that it goes on, or why not, and what else an operator wants to know. */
export type PartState = { readonly ready: boolean; readonly why?: string; readonly [detail: string]: unknown }
export type Readiness = { readonly ready: boolean; readonly parts: Readonly<Record<string, PartState>> }
type Ask = () => PartState | Promise<PartState>

export type ReadinessOptions = {
  /** Milliseconds within which a part must say something. */
  readonly patience?: number
  /** Told when the parts that are not ready are others than before. */
  readonly changed?: (notReady: Readonly<Record<string, string>>) => void
}

/**
 * Asks every part at once, and answers within `patience`. A part that does not answer is not asked again before it does:
 * whoever keeps asking the server must not fill its memory.
 */
export const readiness = (
  parts: Readonly<Record<string, Ask>>,
  { patience = 1_000, changed = () => undefined }: ReadinessOptions = {},
): (() => Promise<Readiness>) => {
  const asks = Object.entries(parts).map(([name, ask]) => [name, oneAtATime(ask)] as const)
  let told = '[]'
  return async () => {
    const states = await Promise.all(asks.map(async ([name, ask]) => [name, await within(patience, ask())] as const))
    const silent = states.filter(([, { ready }]) => !ready)
    const notReady = Object.fromEntries(silent.map(([name, { why }]) => [name, why ?? 'does not say why']))
    const now = JSON.stringify(Object.keys(notReady))
    if (now !== told) changed(notReady)
    told = now
    return { ready: silent.length === 0, parts: Object.fromEntries(states) }
  }
}

const oneAtATime = (ask: Ask): (() => Promise<PartState>) => {
  let underWay: Promise<PartState> | undefined
  return () => {
    underWay ??= answered(ask).finally(() => {
      underWay = undefined
    })
    return underWay
  }
}

const answered = async (ask: Ask): Promise<PartState> => {
  try {
    return await ask()
  } catch (error) {
    return { ready: false, why: error instanceof Error ? error.message : `${error}` }
  }
}

const within = async (patience: number, answer: Promise<PartState>): Promise<PartState> => {
  let late: NodeJS.Timeout | undefined
  const silence = new Promise<PartState>((resolve) => {
    late = setTimeout(() => resolve({ ready: false, why: `did not answer within ${patience} ms` }), patience)
  })
  return Promise.race([answer, silence]).finally(() => clearTimeout(late))
}
