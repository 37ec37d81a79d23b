import { fill } from '../fill.ts'
import type { Workload } from '../row.ts'
import { startVerbatim } from '../server.ts'

const PAIRS = 50
const MOST = 350

/** Resident memory of the whole process after as many messages as `--messages` says. */
export const memory: Workload = {
  name: 'memory',
  doc: 'resident memory of the server after 1,000,000 messages',
  run: async ({ messages }, log) => {
    const server = await startVerbatim()
    try {
      const { messages: sent } = await fill(server, { pairs: PAIRS, messages }, log)
      const resident = server.residentBytes() / 2 ** 20
      return [
        {
          workload: 'resident memory',
          ours: `${Math.round(resident)} MiB after ${sent.toLocaleString('en')}`,
          against: `${MOST} MiB`,
          ratio: resident / MOST,
          spread: '',
          target: '< 1',
          met: resident < MOST,
          generatorCpu: '',
        },
      ]
    } finally {
      await server.stop()
    }
  },
}
