import { NumberInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { AccountValues } from '../../app/account-values.ts'
import cards from '../../ui/card.module.css'
import { Card } from '../../ui/card.tsx'

type Props = { values: AccountValues; onChange: (values: AccountValues) => void; isReadOnly: boolean }

/** How fast mail may go out. Empty means as fast as the server takes it. */
export function PaceCard({ values, onChange, isReadOnly }: Props) {
  const { t } = useTranslation('app')
  return (
    <Card title={t('sending.pace')}>
      <div className={cards.fields}>
        <NumberInput
          label={t('sending.maxConnections')}
          min={1}
          max={100}
          allowDecimal={false}
          hideControls
          disabled={isReadOnly}
          value={values.maxConnections}
          onChange={(maxConnections) => onChange({ ...values, maxConnections })}
        />
        <NumberInput
          label={t('sending.ratePerSecond')}
          placeholder={t('sending.unlimited')}
          min={0.01}
          max={100_000}
          hideControls
          disabled={isReadOnly}
          value={values.ratePerSecond}
          onChange={(ratePerSecond) => onChange({ ...values, ratePerSecond })}
        />
        <NumberInput
          label={t('sending.ratePerHour')}
          placeholder={t('sending.unlimited')}
          min={1}
          max={100_000_000}
          hideControls
          disabled={isReadOnly}
          value={values.ratePerHour}
          onChange={(ratePerHour) => onChange({ ...values, ratePerHour })}
        />
      </div>
    </Card>
  )
}
