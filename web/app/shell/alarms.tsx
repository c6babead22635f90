import { ChevronDown, ChevronUp, CircleAlert, Info, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'react-router'
import type { Alarm, AlarmCode } from '../../../shared/api/settings.ts'
import { useSession } from '../../api/session.ts'
import { useStatus } from '../../api/settings.ts'
import { useNow } from '../clock.ts'
import { useFormat } from '../use-format.ts'
import { dismiss, dismissedBy } from './alarm-memory.ts'
import styles from './alarms.module.css'

const ICONS = { problem: CircleAlert, warning: TriangleAlert, information: Info }
/** Where something can be done about it; what has no page says so in its sentence. */
const PAGES: Partial<Record<AlarmCode, string>> = {
  lag: '/messages?status=queued',
  'account-paused': '/settings/sending',
  'account-unreachable': '/settings/sending',
  'quota-used': '/settings/sending',
  uncertain: '/messages?status=uncertain',
  'embedded-inbox': '/settings/sending',
}
/** Only what harms nobody may be put away. */
const isHarmless = ({ severity }: Alarm): boolean => severity === 'information'

/** One strip above every page: the worst alarm in a sentence, all of them with what follows and what helps on request. */
export function Alarms() {
  const { data } = useStatus()
  const userId = useSession().data?.user?.id ?? ''
  const [dismissed, setDismissed] = useState<ReadonlySet<AlarmCode> | null>(null)
  const words = useAlarmWords()
  const { pathname } = useLocation()
  const away = dismissed ?? dismissedBy(userId)
  // These pages say so themselves.
  const isSaid = (code: AlarmCode) => code === 'embedded-inbox' && /^\/(inbox|messages)/.test(pathname)
  const alarms = (data?.alarms ?? []).filter(
    (alarm) => !isSaid(alarm.code) && (!isHarmless(alarm) || !away.has(alarm.code)),
  )
  const [worst] = alarms
  const spoken = useFirstWords(worst === undefined ? '' : keyOf(worst), worst === undefined ? '' : words(worst).title)
  return (
    <>
      {/* Always there, and unmoved by numbers that change each minute: an alarm is announced when it comes. */}
      <p role="status" className="p-hidden">
        {spoken}
      </p>
      {worst !== undefined && (
        <Strip alarms={alarms} worst={worst} words={words} onDismiss={(code) => setDismissed(dismiss(userId, code))} />
      )}
    </>
  )
}

const keyOf = ({ code, values }: Alarm): string => `${code}:${values.account ?? ''}`

/** What was said when `key` came up, whatever it says by now. */
function useFirstWords(key: string, text: string): string {
  const [first, setFirst] = useState({ key: '', text: '' })
  if (first.key === key) return first.text
  setFirst({ key, text })
  return text
}

type StripProps = {
  alarms: readonly Alarm[]
  worst: Alarm
  words(alarm: Alarm): Words
  onDismiss(code: AlarmCode): void
}

function Strip({ alarms, worst, words, onDismiss }: StripProps) {
  const { t } = useTranslation('app')
  const [isOpen, setOpen] = useState(false)
  const Icon = ICONS[worst.severity]
  const others = alarms.length - 1
  return (
    <section className={styles.strip} data-tone={worst.severity} aria-label={t('operations:title')}>
      <div className={styles.head}>
        <Icon size={16} aria-hidden="true" />
        <p>
          <strong>{words(worst).title}</strong> <span className="num">{words(worst).since}</span>
          {others > 0 && ` · ${t('operations:more', { count: others, shown: others })}`}
        </p>
        <button
          type="button"
          className={styles.toggle}
          aria-expanded={isOpen}
          aria-controls="alarms"
          onClick={() => setOpen(!isOpen)}
        >
          {t(isOpen ? 'operations:hide' : 'operations:show')}
          {isOpen ? <ChevronUp size={14} aria-hidden="true" /> : <ChevronDown size={14} aria-hidden="true" />}
        </button>
      </div>
      {isOpen && (
        <ul className={styles.list} id="alarms">
          {alarms.map((alarm) => (
            <Line
              key={keyOf(alarm)}
              alarm={alarm}
              words={words(alarm)}
              isNamed={others > 0}
              onDismiss={() => onDismiss(alarm.code)}
            />
          ))}
        </ul>
      )}
    </section>
  )
}

type Words = { title: string; text: string; since: string }

type LineProps = { alarm: Alarm; words: Words; isNamed: boolean; onDismiss(): void }

/** What follows from an alarm and what helps; named only among others, a single one stands in the head. */
function Line({ alarm, words, isNamed, onDismiss }: LineProps) {
  const { t } = useTranslation('app')
  const page = PAGES[alarm.code]
  return (
    <li>
      {isNamed && (
        <p>
          <strong>{words.title}</strong> <span className={`num ${styles.since}`}>{words.since}</span>
        </p>
      )}
      <p>{words.text}</p>
      <div className={styles.actions}>
        {page !== undefined && <Link to={page}>{t(`operations:fix.${alarm.code}`)}</Link>}
        {isHarmless(alarm) && (
          <button type="button" className={styles.toggle} onClick={onDismiss}>
            {t('operations:dismiss')}
          </button>
        )}
      </div>
    </li>
  )
}

/** The sentences of an alarm, numbers and times in the reader's own way. */
function useAlarmWords(): (alarm: Alarm) => Words {
  const { t, i18n } = useTranslation('app')
  const format = useFormat()
  const now = useNow(10_000)
  return ({ code, since, values }) => {
    const { reason = '', count, quota, until, seconds, freeMb, minutes, ...rest } = values
    const reasonKey = `sending:trouble.${reason}`
    const filled = {
      ...rest,
      reason: i18n.exists(reasonKey) ? t(reasonKey) : i18n.exists(`why:${reason}`) ? t(`why:${reason}`) : '',
      shown: format.count(Number(count ?? quota ?? 0)),
      until: until === undefined ? '' : format.near(String(until), now),
      duration: format.duration(Number(seconds ?? 0) * 1_000),
      freeMb: format.count(Number(freeMb ?? 0)),
      minutes: format.count(Math.abs(Number(minutes ?? 0))),
    }
    return {
      title: t(`operations:alarm.${code}.title`, filled),
      text: t(`operations:alarm.${code}.text`, filled).trim(),
      since: t('operations:since', {
        moment: `${format.isSameDay(since, now) ? format.time(since) : format.near(since, now)} ${format.zoneName(since)}`,
      }),
    }
  }
}
