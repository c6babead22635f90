import { Button, Menu } from '@mantine/core'
import { Download } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { exportUrl } from '../../api/contacts.ts'

/** The contacts as a file: all of them, or those the search has found. */
export function ExportMenu({ q }: { q: string }) {
  const { t } = useTranslation('app')
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button leftSection={<Download size={15} aria-hidden="true" />}>{t('contacts.export.button')}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{q === '' ? t('contacts.export.everyone') : t('contacts.export.found', { search: q })}</Menu.Label>
        {(['csv', 'jsonl'] as const).map((format) => (
          <Menu.Item key={format} component="a" href={exportUrl({ format, q })} download>
            {t(`contacts.export.${format}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
