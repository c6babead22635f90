import '@mantine/core/styles.layer.css'
import '@mantine/notifications/styles.layer.css'
import './app/global.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/app.tsx'
import { startI18n } from './app/i18n.ts'
import { browserLanguage } from './app/language.ts'
import { reloadAfterUpdate } from './app/reload-after-update.ts'
import { rememberedLanguage } from './app/use-language.ts'

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no element with the id "root"')

reloadAfterUpdate()
await startI18n(rememberedLanguage() ?? browserLanguage(navigator.languages))
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
