// npm run bench -- [workload …] [--seconds 5] [--pairs 5] [--messages 1000000] [--json]
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { type Row, table, type Workload } from './row.ts'
import { busyRoom } from './workloads/busy-room.ts'
import { history } from './workloads/history.ts'
import { idle } from './workloads/idle.ts'
import { latency } from './workloads/latency.ts'
import { members } from './workloads/members.ts'
import { memory } from './workloads/memory.ts'
import { pairs } from './workloads/pairs.ts'
import { rebuild } from './workloads/rebuild.ts'
import { room } from './workloads/room.ts'
import { start } from './workloads/start.ts'

const workloads: readonly Workload[] = [pairs, room, busyRoom, latency, idle, start, rebuild, members, history, memory]

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '5' },
    'warm-up': { type: 'string', default: '2' },
    pairs: { type: 'string', default: '5' },
    messages: { type: 'string', default: '1000000' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

const unknown = positionals.filter((name) => !workloads.some((workload) => workload.name === name))
if (values.help || unknown.length > 0) {
  if (unknown.length > 0) console.error(`no workload is named ${unknown.join(', ')}; there are:`)
  for (const { name, doc } of workloads) console.log(`  ${name.padEnd(10)} ${doc}`)
  process.exit(unknown.length > 0 ? 2 : 0)
}

const options = {
  seconds: Number(values.seconds),
  warmUpSeconds: Number(values['warm-up']),
  pairs: Number(values.pairs),
  messages: Number(values.messages),
}
const rows: Row[] = []
for (const workload of workloads) {
  if (positionals.length > 0 && !positionals.includes(workload.name)) continue
  rows.push(...(await workload.run(options, (line) => console.error(line))))
}
const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`
if (values.json) console.log(JSON.stringify({ machine, options, rows }, undefined, 2))
else console.log(`${machine}\n${table(rows)}`)
process.exit(rows.every(({ met }) => met) ? 0 : 1)
