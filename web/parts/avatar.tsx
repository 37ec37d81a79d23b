import styles from './avatar.module.css'

/** Ten inks that carry white at 4.5:1. */
const INKS = 10

/** Initials on a colour that follows from the id. Decoration, so no text: the name stands beside it. */
export const Avatar = (props: { id: string; name: string; group?: boolean; size?: 'small' | 'large' | 'huge' }) => (
  <span
    class={`${styles.avatar} ${styles[`ink${inkOf(props.id)}`]} ${props.size ? styles[props.size] : ''}`}
    classList={{ [styles.group ?? '']: props.group === true }}
    data-letters={initials(props.name)}
    aria-hidden="true"
  />
)

export const inkOf = (id: string): number => {
  let sum = 0
  for (const letter of id) sum = (sum * 31 + letter.charCodeAt(0)) % 1_000_003
  return sum % INKS
}

export const initials = (name: string): string => {
  const words = name.split(/\s+/u).filter((word) => /^[\p{L}\p{N}]/u.test(word))
  const letters =
    words.length > 1 ? words.slice(0, 2).map((word) => [...word][0] ?? '') : [...(words[0] ?? name)].slice(0, 2)
  return letters.join('').toUpperCase()
}
