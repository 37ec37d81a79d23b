import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { HttpAnswer, HttpRequest } from '../sockets/port.ts'
import { everywhere, forPages } from './headers.ts'

/** The files of the built client, held in memory: no request reaches the disk, so none can walk out of the folder. */
export interface Client {
  /** `undefined` when there is no such file and no page either. */
  answer(request: HttpRequest): HttpAnswer | undefined
}

type Encoding = 'br' | 'gzip' | 'identity'
type File = {
  readonly headers: HttpAnswer['headers']
  readonly bodies: ReadonlyMap<Encoding, { bytes: Buffer; etag: string }>
}

/** @throws when the folder cannot be read: a server without its client must say so at the start */
export const client = (folder: string, publicUrl: string): Client => {
  const files = new Map(filesIn(folder).map((path) => [path, load(folder, path, publicUrl)]))
  const page = files.get('/index.html')
  return {
    answer(request) {
      if (request.method !== 'GET' && request.method !== 'HEAD') return undefined
      const file =
        files.get(request.path === '/' ? '/index.html' : request.path) ?? (isPage(request) ? page : undefined)
      return file && serve(file, request)
    },
  }
}

/** A place within the client, which finds its way by itself. A missing script must not be answered with a page. */
const isPage = ({ path, header }: HttpRequest): boolean =>
  extname(path) === '' && (header('accept') === '' || /text\/html|\*\/\*/.test(header('accept')))

const serve = ({ headers, bodies }: File, request: HttpRequest): HttpAnswer => {
  const encoding = best(bodies, request.header('accept-encoding'))
  const body = bodies.get(encoding) ?? bodies.get('identity')
  if (!body) return { status: 404, headers: everywhere }
  const { bytes, etag } = body
  const about: HttpAnswer['headers'] = [
    ...headers,
    ['etag', etag],
    ...(encoding === 'identity' ? [] : ([['content-encoding', encoding]] as const)),
  ]
  const known = request.header('if-none-match').split(/, */)
  if (known.includes(etag) || known.includes('*')) return { status: 304, headers: about }
  return { status: 200, headers: about, body: bytes }
}

const best = (bodies: File['bodies'], accepted: string): Encoding => {
  const takes = (encoding: Encoding) =>
    bodies.has(encoding) &&
    accepted.split(/, */).some((each) => /^([a-z]+)(?:; *q=(?!0(?:\.0*)?$)|$)/.exec(each)?.[1] === encoding)
  return takes('br') ? 'br' : takes('gzip') ? 'gzip' : 'identity'
}

const load = (folder: string, path: string, publicUrl: string): File => {
  const bytes = readFileSync(join(folder, path))
  const type = TYPES[extname(path)] ?? 'application/octet-stream'
  const bodies = new Map<Encoding, { bytes: Buffer; etag: string }>([['identity', withTag(bytes)]])
  if (isText(type) && bytes.length > 512) {
    // In the folder already when the build made them; small, so made at the start when not.
    bodies.set('br', withTag(sibling(folder, `${path}.br`) ?? brotliCompressSync(bytes, brotli)))
    bodies.set('gzip', withTag(sibling(folder, `${path}.gz`) ?? gzipSync(bytes)))
  }
  return {
    headers: [
      ...everywhere,
      ['content-type', type],
      ['vary', 'accept-encoding'],
      // What has its hash in its name never changes; everything else is asked for again each time.
      ['cache-control', HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache'],
      ...(type.startsWith('text/html') ? forPages(publicUrl) : []),
    ],
    bodies,
  }
}

const HASHED = /\/assets\/.+-[\w-]{8}\.\w+$/
const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }
const withTag = (bytes: Buffer) => ({
  bytes,
  etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 27)}"`,
})

const sibling = (folder: string, path: string): Buffer | undefined => {
  try {
    return readFileSync(join(folder, path))
  } catch {
    return undefined
  }
}

/** Paths as they are asked for: `/assets/index-1a2b3c4d.js`. Precompressed siblings are no files of their own. */
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(br|gz)$/.test(entry.name))
    .map((entry) => `/${relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/')}`)

const isText = (type: string): boolean => /^(text\/|application\/(json|manifest\+json)|image\/svg)/.test(type)
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.map': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
}
