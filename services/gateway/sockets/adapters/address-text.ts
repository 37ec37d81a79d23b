/** An IPv4 address that came in over an IPv6 socket is shown as what it is, however the system spells it. */
export const addressText = (address: string): string => {
  const mapped = /^(?:0{0,4}:){2,5}:?ffff:([0-9a-f.:]+)$/i.exec(address)?.[1]
  if (mapped === undefined) return address
  if (mapped.includes('.')) return mapped
  const [high, low] = mapped.split(':').map((part) => Number.parseInt(part, 16))
  if (high === undefined || low === undefined) return address
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}
