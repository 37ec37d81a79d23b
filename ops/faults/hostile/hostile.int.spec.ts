import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { underAttack } from './under-attack.ts'

const seed = Number(process.env.FAULTS_SEED ?? Date.now() % 1_000_000)
/** Of both adapters together. */
const frames = Number(process.env.FAULTS_FRAMES ?? 6_000)
const requests = Number(process.env.FAULTS_REQUESTS ?? 2_000)
const folder = mkdtempSync(join(tmpdir(), 'verbatim-hostile-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it.each(['uws', 'ws'] as const)(
  `OP121 and OP122 whatever frames and requests come over %s, the process survives and others talk on (FAULTS_SEED=${seed})`,
  async (sockets) => {
    const size = { frames: frames / 2, requests: requests / 2, batches: process.env.FAULTS_FRAMES ? 20 : 2 }
    const found = await underAttack({ data: join(folder, sockets), sockets, seed, ...size })
    console.log(`${sockets}, seed ${seed}: ${found.counts}\n${found.figures}`)
    expect(found.faults).toBe('')
    expect(found.worstStall).toBeLessThan(2_000)
    expect(found.grown).toBeLessThan(300 * 1024 * 1024)
  },
  3_600_000,
)
