type Headers = readonly (readonly [string, string])[]

/** On every answer: nothing of it is guessed to be another type, framed, or told to other sites. */
export const everywhere: Headers = [
  ['x-content-type-options', 'nosniff'],
  ['referrer-policy', 'no-referrer'],
  ['cross-origin-opener-policy', 'same-origin'],
  ['cross-origin-resource-policy', 'same-origin'],
]

/** JSON is data: nothing in it runs, and no cache keeps what was one person's. */
export const forJson: Headers = [
  ['content-type', 'application/json; charset=utf-8'],
  ['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
  ['cache-control', 'no-store'],
]

/** Figures, in the text format of Prometheus. */
export const forText: Headers = [
  ['content-type', 'text/plain; version=0.0.4; charset=utf-8'],
  ['cache-control', 'no-store'],
]

/**
 * The client runs only the scripts and styles that came with it; inline ones and eval never. `connect-src 'self'` is not
 * a socket's own origin in every browser, so the socket is named.
 */
export const forPages = (publicUrl: string): Headers => {
  const socket = publicUrl.replace(/^http/, 'ws')
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' blob: data:",
    "media-src 'self' blob:",
    `connect-src 'self' ${socket}`,
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ]
  return [
    ['content-security-policy', policy.join('; ')],
    ['permissions-policy', 'geolocation=(), payment=(), usb=()'],
    ['x-frame-options', 'DENY'],
  ]
}
