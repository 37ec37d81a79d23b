import { percent, perSecond, type Workload } from '../row.ts'
import { median, spread } from '../statistics.ts'
import { pairsOnVerbatim } from './pairs.ts'
import { busyRoomOnVerbatim } from './room.ts'

/** One conversation has one writer: it must not be bound to one message a commit. */
export const busyRoom: Workload = {
  name: 'busy-room',
  doc: 'one sender with 64 messages in flight in one conversation, against the rate of pairs',
  run: async (options, log) => {
    const runs = []
    for (let i = 0; i < options.pairs; i++) {
      const many = await pairsOnVerbatim(options)
      const one = await busyRoomOnVerbatim(options)
      log(`busy room ${i + 1}: ${perSecond(one.messages)} against ${perSecond(many.messages)}`)
      runs.push({ one, many, ratio: one.messages / many.messages })
    }
    const ratio = median(runs.map((run) => run.ratio))
    return [
      {
        workload: 'one busy room',
        ours: perSecond(median(runs.map(({ one }) => one.messages))),
        against: `${perSecond(median(runs.map(({ many }) => many.messages)))} pairs`,
        ratio,
        spread: spread(runs.map((run) => run.ratio)),
        target: '≥ 0.5',
        met: ratio >= 0.5,
        generatorCpu: percent(median(runs.map(({ one }) => one.cpu))),
      },
    ]
  },
}
