/** Where the columns of a file probably go, from their names in four languages and from what is in them. */
import { parseAddress } from '../../shared/contact/address.ts'
import { isExport, targetOf } from '../../shared/contact/export-columns.ts'
import { foldForSearch } from '../../shared/contact/values.ts'
import { isZone } from '../../shared/time/zones.ts'

export type Guess = { target: string | null; why: string }

/** Folded as foldForSearch folds: small letters, no marks. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  email: [
    'email',
    'e mail',
    'mail',
    'email address',
    'e mail address',
    'mail address',
    'thu dien tu',
    'dia chi email',
    'dia chi thu dien tu',
    '邮箱',
    '电子邮件',
    '电子邮箱',
    '邮件地址',
    '邮箱地址',
    'e mail adresse',
    'emailadresse',
    'mailadresse',
  ],
  externalId: [
    'id',
    'external id',
    'externalid',
    'user id',
    'userid',
    'customer id',
    'customerid',
    'customer number',
    'ma khach hang',
    'ma kh',
    'ma so',
    '客户编号',
    '客户id',
    '用户id',
    '编号',
    'kundennummer',
    'kunden nr',
    'kundennr',
  ],
  timezone: ['timezone', 'time zone', 'tz', 'mui gio', '时区', 'zeitzone'],
  locale: ['locale', 'language', 'lang', 'ngon ngu', '语言', 'sprache'],
  tags: ['tags', 'tag', 'labels', 'nhan', '标签', 'schlagworte', 'etiketten'],
  'attributes.first_name': ['first name', 'firstname', 'given name', 'ten', '名', '名字', 'vorname'],
  'attributes.last_name': [
    'last name',
    'lastname',
    'surname',
    'family name',
    'ho',
    '姓',
    '姓氏',
    'nachname',
    'familienname',
  ],
  'attributes.name': ['name', 'full name', 'fullname', 'ho ten', 'ho va ten', '姓名', '全名', 'vollstandiger name'],
  'attributes.phone': [
    'phone',
    'phone number',
    'telephone',
    'mobile',
    'so dien thoai',
    'dien thoai',
    'sdt',
    '电话',
    '手机',
    '手机号',
    'telefon',
    'handy',
  ],
  'attributes.city': ['city', 'town', 'thanh pho', '城市', 'stadt', 'ort'],
  'attributes.country': ['country', 'quoc gia', '国家', 'land'],
  'attributes.company': ['company', 'organization', 'organisation', 'cong ty', '公司', 'firma', 'unternehmen'],
  'attributes.birthday': [
    'birthday',
    'date of birth',
    'birth date',
    'ngay sinh',
    '生日',
    '出生日期',
    'geburtstag',
    'geburtsdatum',
  ],
}
const TARGETS = new Map(
  Object.entries(WORDS).flatMap(([target, words]) => words.map((word) => [word, target] as const)),
)

const folded = (name: string): string =>
  foldForSearch(name.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/[_\-./]+/g, ' '))

/** Each target but attributes of their own name is given once, to the first column that fits. */
export function guessColumns(
  columns: readonly { name: string; samples: readonly string[] }[],
  attributes: ReadonlySet<string>,
): Guess[] {
  if (isExport(columns.map(({ name }) => name)))
    return columns.map(({ name }, i) => ({ target: targetOf(name, i), why: 'own-export' }))
  const taken = new Set<string>()
  const give = (target: string, why: string): Guess | null => {
    if (taken.has(target)) return null
    taken.add(target)
    return { target, why }
  }
  const guesses: (Guess | null)[] = columns.map(({ name }) => {
    if (['email', 'externalId', 'timezone', 'locale', 'tags'].includes(name)) return give(name, 'same-header')
    if (attributes.has(name)) return give(`attributes.${name}`, 'known-attribute')
    const target = TARGETS.get(folded(name)) ?? TARGETS.get(name.toLowerCase().trim())
    return target === undefined ? null : give(target, 'known-word')
  })
  return columns.map(({ name, samples }, i) => {
    const known = guesses[i] ?? null
    if (known !== null) return known
    if (samples.length === 0) return { target: null, why: 'empty' }
    if (samples.every((cell) => parseAddress(cell).ok)) {
      const guess = give('email', 'looks-like-email')
      if (guess !== null) return guess
    }
    if (samples.every((cell) => cell.includes('/') && isZone(cell))) {
      const guess = give('timezone', 'looks-like-zone')
      if (guess !== null) return guess
    }
    return { target: `attributes.${name}`, why: 'new-attribute' }
  })
}

/** Without a mapping: only what a contact is known by is guessed, the rest becomes text under its header. */
export const IDENTITY_TARGETS: ReadonlySet<string> = new Set(['email', 'externalId', 'timezone', 'locale', 'tags'])
