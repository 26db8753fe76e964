// Prints as JSON what music-metadata reads of a file, or the names that Audiobookshelf makes of a text.
import { createRequire } from 'node:module'

const [mode, argument] = process.argv.slice(2)
const print = (value) => console.log(JSON.stringify(value))

if (mode === 'tags') {
  const { parseFile } = await import('music-metadata')
  const { common, format } = await parseFile(argument, { includeChapters: true })
  const { title, artist, album, albumartist, composer, year, track, language, movement, picture } = common
  const chapters = (format.chapters ?? []).map((c) => [c.title, c.start / (c.timeScale || 1)])
  const tags = { title, artist, album, albumartist, composer, year, track, language, movement }
  print({ ...tags, cover: picture?.[0]?.format, chapters, codec: format.codec })
} else {
  // Audiobookshelf: split at the first of these that occurs, and at commas; only text with commas may
  // have the surname first. The parts of a name are those of parse-full-name, which it has copied.
  const { parseFullName } = createRequire(import.meta.url)('parse-full-name')
  const separator = ['&', ' and ', ';', ','].find((s) => argument.includes(s))
  const parts = argument.split(separator ?? '\0').flatMap((part) => part.split(',')).map((part) => part.trim())
  const full = ({ first, middle, last }) => [first, middle, last].filter(Boolean).join(' ')
  const surnameFirst = argument.includes(',') && (!parts[0].includes(' ') || !parseFullName(parts[0]).first)
  const pairs = Array.from({ length: Math.floor(parts.length / 2) }, (_, n) => parts.slice(2 * n, 2 * n + 2))
  print(surnameFirst ? pairs.map(([last, first]) => `${first} ${last}`) : parts.map((p) => full(parseFullName(p))))
}
