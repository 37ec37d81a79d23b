/** What a person would call the device that a User-Agent names: `Firefox on Linux`. */
export const deviceOf = (userAgent: string): string => {
  const program = PROGRAMS.find(([sign]) => sign.test(userAgent))?.[1] ?? productOf(userAgent)
  const system = SYSTEMS.find(([sign]) => sign.test(userAgent))?.[1]
  return system ? `${program} on ${system}` : program
}

/** In this order: most browsers also claim to be the ones further down. */
const PROGRAMS: readonly (readonly [RegExp, string])[] = [
  [/\bEdgA?\/|\bEdgiOS\//, 'Edge'],
  [/\bOPR\/|\bOPT\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bVivaldi\//, 'Vivaldi'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/\bChrome\/|\bCriOS\/|\bChromium\/|\bHeadlessChrome\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
]
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\bAndroid\b/, 'Android'],
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
]

/** Programs that name themselves: `curl/8.5` is curl. Whatever else they say stays out of the list of sessions. */
const productOf = (userAgent: string): string =>
  /^([A-Za-z][\w.-]{0,31})(?:\/|$)/.exec(userAgent)?.[1] ?? 'Unknown device'
