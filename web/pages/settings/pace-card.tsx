import { NumberInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useSession } from '../../api/session.ts'
import type { AccountValues } from '../../app/account-values.ts'
import cards from '../../ui/card.module.css'
import { Card } from '../../ui/card.tsx'

type Props = { values: AccountValues; onChange: (values: AccountValues) => void; isReadOnly: boolean }

/** How fast mail may go out. Empty means as fast as the server takes it. */
export function PaceCard({ values, onChange, isReadOnly }: Props) {
  const { t } = useTranslation('app')
  const { data: session } = useSession()
  const zone = session?.workspace?.timezone ?? 'UTC'
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
        <NumberInput
          label={t('sending:quotaPerDay')}
          description={t('sending:quotaHint', { zone })}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          placeholder={t('sending.unlimited')}
          min={1}
          max={1_000_000_000}
          allowDecimal={false}
          hideControls
          disabled={isReadOnly}
          value={values.quotaPerDay}
          onChange={(quotaPerDay) => onChange({ ...values, quotaPerDay })}
        />
      </div>
    </Card>
  )
}
