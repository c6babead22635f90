import { NativeSelect } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { modernZone } from './zone-name.ts'

const ZONES = [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone').map(modernZone).sort()])]

type Props = {
  label: string
  value: string
  onChange: (zone: string) => void
  size?: 'sm' | 'md'
  /** Offer "none of their own" as the first choice. */
  isOptional?: boolean
}

/** Every zone the runtime knows, by its IANA name: typing jumps to it. */
export function ZoneSelect({ label, value, onChange, size = 'sm', isOptional = false }: Props) {
  const { t } = useTranslation('app')
  const zones = value === '' || ZONES.includes(value) ? ZONES : [value, ...ZONES]
  return (
    <NativeSelect
      size={size}
      label={label}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      data={[
        ...(isOptional ? [{ value: '', label: t('zone.none') }] : []),
        ...zones.map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') })),
      ]}
    />
  )
}
