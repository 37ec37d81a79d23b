import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, describe, expect, it } from 'vitest'
import { askCli } from '../../cli/cli.rig.ts'
import { withHistory } from '../../cli/rebuild/rebuild.rig.ts'
import { recordingClient } from '../../faults/client.ts'
import { command, get, post, refresh, register, ulid } from '../../faults/person.ts'
import { type Server, startServer } from '../../faults/server.ts'
import { figures } from './figures.ts'
import { ask, eventually, samplesOf } from './watched.rig.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})
const started = async (env: Record<string, string>): Promise<Server & { readonly data: string }> => {
  const data = mkdtempSync(join(tmpdir(), 'verbatim-watched-'))
  ends.push(() => rmSync(data, { recursive: true, force: true }))
  const server = await startServer({ data, env })
  ends.push(() => server.kill())
  return { ...server, data }
}
/** Somebody else breaks a file under the server. */
const broken = (file: string, sql: string): void => {
  const db = new Database(file)
  db.exec(sql)
  db.close()
}
const met = async (base: string) => {
  const [ada, bob] = [await register(base, 'ada'), await register(base, 'bob')]
  const opened = await command(base, ada, { type: 'OpenDirect', user: bob.id })
  const { conversation } = opened.body as { conversation: string }
  return { ada, bob, conversation }
}

describe('the figures of the built server', () => {
  it('OP77 agree with what was done: commands, refusals, repeats, commits, sockets, models, threads', async () => {
    const { base } = await started({ METRICS_TOKEN: '0123456789abcdef' })
    const { ada, conversation } = await met(base)
    const client = recordingClient({ name: 'ada', base: () => base, token: () => ada.token })
    ends.push(() => client.close())
    const sends = Array.from({ length: 20 }, () => ({
      id: ulid(),
      type: 'SendMessage',
      conversation,
      body: { text: 'tea' },
    }))
    await Promise.all(sends.map((send) => client.send(send)))
    const [first] = sends
    if (first) await client.send(first)
    await command(base, ada, { type: 'SendMessage', conversation: ulid(), body: { text: 'tea' } })
    await get(base, '/api/conversations', { token: 'none' })
    await eventually(async () => {
      const samples = await samplesOf(base)
      return samples.get('verbatim_projection_behind_events{projection="timelines"}') === 0
    })

    const samples = await samplesOf(base)
    const value = (name: string) => samples.get(name) ?? Number.NaN
    expect(value('verbatim_commands_total{type="SendMessage",outcome="accepted"}')).toBe(21)
    expect(value('verbatim_commands_total{type="SendMessage",outcome="refused"}')).toBe(1)
    expect(value('verbatim_command_repeats_total')).toBe(1)
    expect(value('verbatim_refusals_total{reason="not-found"}')).toBe(1)
    expect(value('verbatim_refusals_total{reason="not-signed-in"}')).toBe(1)
    expect(value('verbatim_sockets_signed_in')).toBe(1)
    expect(value('verbatim_people')).toBe(1)
    // One to open the conversation, and those above.
    expect(value('verbatim_ack_seconds_count')).toBe(23)
    expect(value('verbatim_log_commit_events_sum')).toBe(value('verbatim_log_head'))
    expect(value('verbatim_log_commit_seconds_count')).toBe(value('verbatim_log_commit_events_count'))
    expect(value('verbatim_log_commit_seconds_sum')).toBeGreaterThan(0)
    expect(value('verbatim_projection_position{projection="timelines"}')).toBe(value('verbatim_log_head'))
    expect(value('verbatim_frames_delivered_total')).toBeGreaterThan(0)
    for (const thread of ['main', 'log-writer', 'projector', 'queries', 'identity']) {
      expect(value(`verbatim_thread_silent_seconds{thread="${thread}"}`)).toBeLessThan(5)
      expect(value(`verbatim_thread_busy_seconds_total{thread="${thread}"}`)).toBeGreaterThan(0)
      expect(value(`verbatim_thread_heap_bytes{thread="${thread}"}`)).toBeGreaterThan(1e6)
    }
    const { text } = await ask(base, '/metrics')
    for (const name of Object.keys(figures)) expect(text).toContain(`# TYPE ${name} `)

    const far = { 'x-forwarded-for': '203.0.113.9' }
    expect((await ask(base, '/metrics', { headers: far })).status).toBe(404)
    const shown = { ...far, authorization: 'Bearer 0123456789abcdef' }
    expect((await ask(base, '/metrics', { headers: shown })).status).toBe(200)
  })
})

describe('a rebuild beside the built server', () => {
  it('OP81 is among the figures while it goes on and when it has ended, and readiness tells of what serves', async () => {
    const data = mkdtempSync(join(tmpdir(), 'verbatim-watched-'))
    ends.push(() => rmSync(data, { recursive: true, force: true }))
    await withHistory(data, 20_000)
    const { base, kill } = await startServer({ data })
    ends.push(kill)
    await eventually(async () => (await ask(base, '/ready')).status === 200)
    expect((await ask(base, '/metrics')).text).not.toContain('verbatim_rebuild_running{')
    const head = (await samplesOf(base)).get('verbatim_log_head') ?? 0

    const done: number[] = []
    const ready: unknown[] = []
    let going = true
    const rebuilt = askCli(data, 'rebuild', 'timelines', 'people', '--apply').finally(() => {
      going = false
    })
    while (going) {
      const samples = await samplesOf(base)
      if ([...samples].some(([name, value]) => name.startsWith('verbatim_rebuild_running{') && value === 1))
        done.push(samples.get('verbatim_rebuild_done_events{projection="people"}') ?? Number.NaN)
      const { status, text } = await ask(base, '/ready')
      const { position, state } = JSON.parse(text).parts.timelines
      ready.push({ status, position, state })
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    expect(await rebuilt).toMatchObject({ code: 0, found: [{ switched: true }, { switched: true }] })
    expect(done.some((events) => events > 0 && events < head)).toBe(true)
    expect(done).toEqual(done.toSorted((a, b) => a - b))
    expect(new Set(ready.map((each) => JSON.stringify(each)))).toEqual(
      new Set([JSON.stringify({ status: 200, position: head, state: 'live' })]),
    )
    const samples = await samplesOf(base)
    for (const projection of ['timelines', 'people']) {
      expect(samples.get(`verbatim_rebuild_running{projection="${projection}",phase="done"}`)).toBe(0)
      expect(samples.get(`verbatim_rebuild_done_events{projection="${projection}"}`)).toBe(head)
      expect(samples.get(`verbatim_rebuild_log_events{projection="${projection}"}`)).toBe(head)
    }
    const { found } = await askCli(data, 'status')
    expect(found.models).toMatchObject([{ lag: 0 }, { lag: 0 }, { lag: 0 }])
  }, 60_000)
})

describe('readiness of the built server', () => {
  it('OP73 is ready with every part named; a file that cannot be read is told with its part, to this machine only', async () => {
    const { base, data } = await started({})
    await eventually(async () => (await ask(base, '/ready')).status === 200)
    const { parts } = JSON.parse((await ask(base, '/ready')).text)
    expect(Object.keys(parts).sort()).toEqual(
      ['disk', 'identity', 'log-writer', 'people', 'projector', 'queries', 'social_graph', 'timelines'].sort(),
    )
    broken(join(data, 'log.db'), 'ALTER TABLE events RENAME TO gone')
    const near = await ask(base, '/ready')
    expect(near.status).toBe(503)
    expect(JSON.parse(near.text)).toMatchObject({
      ready: false,
      parts: { queries: { ready: false, why: expect.stringContaining('no such table') }, identity: { ready: true } },
    })
    const far = await ask(base, '/ready', { headers: { 'x-forwarded-for': '203.0.113.9' } })
    expect(far).toEqual({ status: 503, text: '{"ready":false}' })
    expect((await ask(base, '/health')).status).toBe(200)
  })

  it('OP75 a thread that hangs is named within two seconds, and heals by itself', async () => {
    const { base, data } = await started({})
    const readyNow = async () => JSON.parse((await ask(base, '/ready')).text)
    await eventually(async () => (await readyNow()).ready)
    // Whoever writes there waits for this lock in the middle of a turn.
    const other = new Database(join(data, 'identity.db'))
    ends.push(() => other.close())
    other.exec('BEGIN IMMEDIATE')
    const registered = register(base, 'ada')
    const began = performance.now()
    await eventually(async () => !(await readyNow()).ready)
    expect(performance.now() - began).toBeLessThan(2_500)
    const { parts } = await readyNow()
    expect(parts.identity).toMatchObject({
      ready: false,
      why: expect.stringMatching(/^(has not turned|did not answer)/),
    })
    expect(parts.queries).toEqual({ ready: true })
    other.exec('ROLLBACK')
    expect((await registered).handle).toContain('ada')
    await eventually(async () => (await readyNow()).ready)
  })
})

describe('what the built server writes', () => {
  it('OP74 no message, name, password, token or cookie is in it, whatever was asked, refused or went wrong', async () => {
    const metricsToken = 'canary-of-metrics-0123456789'
    const { base, data, said, exited } = await started({
      LOG_LEVEL: 'debug',
      METRICS_TOKEN: metricsToken,
      TRUST_PROXY: 'on',
    })
    const canary = (n: number) => `canary${n}zq`
    // The name of a field that nobody knows is told to whoever sent it, and to nobody else.
    const field = (n: number) => `odd${n}zq`
    const secrets = [metricsToken]
    const refusals: string[] = []
    const refused = async (path: string, asking: Parameters<typeof ask>[2]) => {
      const { status, text } = await ask(base, path, asking)
      expect([path, status >= 400]).toEqual([path, true])
      refusals.push(text)
    }
    const json = { 'content-type': 'application/json' }

    const { ada, bob, conversation } = await met(base)
    const bearer = { authorization: `Bearer ${ada.token}` }
    await post(base, '/api/auth/register', { handle: `h${Date.now()}`, name: canary(1), password: `${canary(2)} long` })
    await post(base, '/api/auth/login', { handle: ada.handle, password: canary(3) })
    const renewed = await refresh(base, ada.cookie)
    const { accessToken } = renewed.body as { accessToken: string }
    for (const cookie of [ada.cookie, bob.cookie, renewed.cookie]) secrets.push(...cookie.split(/[=;] ?/).slice(1))
    secrets.push(ada.token, bob.token, accessToken)

    const send = (body: unknown, more: object = {}) => ({
      id: ulid(),
      type: 'SendMessage',
      conversation,
      body,
      ...more,
    })
    const client = recordingClient({ name: 'ada', base: () => base, token: () => ada.token })
    ends.push(() => client.close())
    await client.send(send({ text: canary(4) }))
    for (const bad of [send({ text: canary(5), [field(6)]: 1 }), send({ text: { a: canary(7) } }), send(canary(8))])
      refusals.push(JSON.stringify(await client.send(bad)))
    for (const body of [
      `{"id":"${canary(9)}"`,
      canary(10),
      JSON.stringify(send({ text: canary(11) }, { [field(12)]: canary(13) })),
      JSON.stringify({ id: ulid(), type: canary(14) }),
      JSON.stringify({ id: canary(15), type: 'Rename', conversation, name: canary(16) }),
    ])
      await refused('/api/commands', { method: 'POST', headers: { ...json, ...bearer }, body })
    await refused('/api/auth/login', { method: 'POST', headers: json, body: `{"handle":"${canary(17)}","password":7}` })
    await refused('/api/auth/refresh', { method: 'POST', headers: { cookie: `refresh=${canary(18)}` } })
    await refused(`/api/conversations?limit=${canary(19)}`, { headers: bearer })
    await refused(`/api/conversations/${conversation}/messages?before=${canary(20)}`, { headers: bearer })
    await refused(`/api/${canary(21)}`, { headers: bearer })
    await refused('/api/me', { headers: { authorization: `Bearer ${canary(22)}` } })
    await refused('/api/me', { headers: { authorization: `Bearer ${ada.token}x` } })
    const odd = { 'x-forwarded-for': canary(23), 'user-agent': canary(24), 'x-verbatim-position': canary(25) }
    await refused('/api/me', { headers: { ...bearer, ...odd } })
    await refused('/metrics', { headers: { via: canary(26), authorization: `Bearer ${canary(27)}` } })
    await refused(`/api/auth/oidc/${canary(28)}/callback?code=${canary(29)}&state=${canary(30)}`, {})

    // And now what nobody foresaw: the model's tables are gone, so reads and projecting fail with words in hand.
    broken(join(data, 'timelines_v1.db'), 'DROP TABLE messages')
    await client.send(send({ text: canary(31) }))
    const failing = `/api/conversations/${conversation}/messages?word=${canary(33)}`
    await refused(failing, { headers: { ...bearer, cookie: `word=${canary(34)}`, 'user-agent': canary(35) } })
    // Nor can it go on without its log: what was under way is lost with its words, and the process ends.
    broken(join(data, 'log.db'), 'ALTER TABLE events RENAME TO gone')
    await refused('/ready', {})
    void client.send(send({ text: canary(32) }))
    await exited
    client.close()

    const log = said()
    // It did speak of what went wrong, or its silence would prove nothing.
    expect(log).toContain('a request failed')
    expect(log).toContain('a command could not be carried out')
    expect(log).toContain('not ready')
    expect(log).toContain('a part ended by itself')
    for (const secret of secrets.filter((each) => each.length > 8)) expect(log.includes(secret)).toBe(false)
    expect(log.match(/(canary|odd)\d+zq/g) ?? []).toEqual([])
    expect(refusals.join('\n').match(/canary\d+zq/g) ?? []).toEqual([])
  })
})
