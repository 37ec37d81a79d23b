import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ask } from '../rig/asking.ts'
import { rawSocket } from '../rig/raw-socket.ts'
import { startGateway } from '../rig/rig.ts'
import { client } from './client.ts'

const page = '<!doctype html><title>Verbatim</title>'
const script = `console.log('${'verbatim '.repeat(200)}')`
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'verbatim-client-'))
  mkdirSync(join(folder, 'dist', 'assets'), { recursive: true })
  writeFileSync(join(folder, 'secret.txt'), 'secret')
  writeFileSync(join(folder, 'dist', 'index.html'), page)
  writeFileSync(join(folder, 'dist', 'assets', 'index-1a2b3c4d.js'), script)
  writeFileSync(join(folder, 'dist', 'assets', 'index-1a2b3c4d.js.br'), 'made by the build')
  writeFileSync(join(folder, 'dist', 'icon.png'), Buffer.alloc(1_000))
})
afterEach(() => rmSync(folder, { recursive: true }))

const start = () => startGateway({ clientFolder: join(folder, 'dist') })
const hashed = 'GET /assets/index-1a2b3c4d.js'

describe('the client', () => {
  it('GW60 serves the page under every place of the client, never kept without asking, and no script inline.', async () => {
    const { port } = await start()
    for (const path of ['/', '/index.html', '/c/01ARZ3NDEKTSV4RRFFQ69G5FAV', '/sign-in?next=x']) {
      const { status, text, headers } = await ask(port, `GET ${path}`, { headers: { accept: 'text/html' } })
      expect([path, status, text, headers['cache-control']]).toEqual([path, 200, page, 'no-cache'])
      expect(headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'x-frame-options': 'DENY',
      })
      const policy = `${headers['content-security-policy']}`
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("script-src 'self'")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).toContain(`connect-src 'self' ws://localhost:${port}`)
      expect(policy).not.toMatch(/unsafe|\*/)
    }
  })

  it('GW60 answers a missing file with 404 and not with the page, and an unknown call of the API neither.', async () => {
    const { port } = await start()
    for (const row of [
      'GET /assets/gone-1a2b3c4d.js',
      'GET /favicon.ico',
      'GET /api/nothing',
      'POST /',
      'GET /c/x.png',
    ])
      expect([row, (await ask(port, row)).status]).toEqual([row, 404])
    const image = await ask(port, 'GET /some/where', { headers: { accept: 'image/png' } })
    expect(image.status).toBe(404)
  })

  it('GW61 keeps what has its hash in its name for ever, and asks again by its tag for the rest.', async () => {
    const { port } = await start()
    const first = await ask(port, hashed)
    expect([first.text, first.headers['cache-control']]).toEqual([script, 'public, max-age=31536000, immutable'])
    const etag = `${first.headers.etag}`
    expect(etag).toMatch(/^"[\w-]{27}"$/)
    for (const known of [etag, `"other", ${etag}`, '*']) {
      const again = await ask(port, hashed, { headers: { 'if-none-match': known } })
      expect([again.status, again.text, again.headers.etag]).toEqual([304, '', etag])
    }
    expect((await ask(port, hashed, { headers: { 'if-none-match': '"other"' } })).status).toBe(200)
  })

  it('GW61 answers HEAD with the headers alone.', async () => {
    const { port } = await start()
    const { status, text, headers } = await ask(port, 'HEAD /assets/index-1a2b3c4d.js')
    expect([status, text, headers['content-length']]).toEqual([200, '', `${script.length}`])
  })

  it('GW62 sends what the browser can unpack: as the build packed it, or packed at the start.', async () => {
    const built = client(join(folder, 'dist'), 'http://localhost')
    const get = (encoding: string, path = '/assets/index-1a2b3c4d.js') =>
      built.answer({
        method: 'GET',
        path,
        query: '',
        address: '',
        header: (name) => (name === 'accept-encoding' ? encoding : ''),
        body: async () => 'aborted',
      })
    const encoded = (encoding: string, path?: string) =>
      Object.fromEntries(get(encoding, path)?.headers ?? [])['content-encoding']
    expect(`${get('gzip, deflate, br')?.body}`).toBe('made by the build')
    expect(gunzipSync(get('gzip')?.body ?? '').toString()).toBe(script)
    expect(['br', 'gzip, br;q=0', 'gzip;q=0.5', 'deflate', '', 'x-br'].map((each) => encoded(each))).toEqual([
      'br',
      'gzip',
      'gzip',
      undefined,
      undefined,
      undefined,
    ])
    expect(encoded('br', '/icon.png')).toBeUndefined()
    const tags = ['br', 'gzip', ''].map((each) => Object.fromEntries(get(each)?.headers ?? []).etag)
    expect(new Set(tags).size).toBe(3)
  })

  it.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/..\\..\\secret.txt',
    '//secret.txt',
    '/assets/index-1a2b3c4d.js.br',
    '/secret.txt%00.png',
  ])('GW63 leads nobody out of the folder by %s.', async (path) => {
    const { port } = await start()
    const raw = await rawSocket(port)
    raw.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nConnection: close\r\n\r\n`)
    const heard = await raw.until((text) => text.includes('\r\n\r\n'))
    expect(heard).not.toContain('secret')
    expect(heard).not.toContain('made by the build')
    raw.cut()
  })

  it('GW63 says at the start that there is no client where one should be.', async () => {
    await expect(startGateway({ clientFolder: join(folder, 'nowhere') })).rejects.toThrow('nowhere')
  })
})
