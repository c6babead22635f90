import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Empty } from '../ui/empty.tsx'
import { Page } from './page.tsx'

export function Missing() {
  const { t } = useTranslation('app')
  return (
    <Page title={t('missing.title')}>
      <Empty
        title={t('missing.sentence')}
        action={
          <Button component={Link} to="/workflows">
            {t('missing.action')}
          </Button>
        }
      />
    </Page>
  )
}
