import { useReactFlow, useStore } from '@xyflow/react'
import { Keyboard, Maximize, Minus, Network, Plus, Search } from 'lucide-react'
import { useEditorStore } from '../editor/context.tsx'
import type { BuilderText } from '../editor/text.ts'
import { autoLayout } from './auto-layout.ts'
import { settled } from './use-flow.ts'
import css from './zoom-bar.module.css'

const QUICK_MS = 120

export function ZoomBar({ text, onHelp, onFind }: { text: BuilderText; onHelp(): void; onFind(): void }) {
  const flow = useReactFlow()
  const store = useEditorStore()
  const percent = useStore((s) => Math.round(s.transform[2] * 100))
  const { t, formats } = text
  const tidy = () => store.getState().apply({ key: 'tidy' }, (doc) => settled(doc, autoLayout(doc)))
  return (
    <div className={css.bar} role="toolbar" aria-label={t('zoom.name')}>
      <Tool name={t('zoom.out')} onClick={() => void flow.zoomOut({ duration: QUICK_MS })}>
        <Minus size={15} aria-hidden />
      </Tool>
      <button
        type="button"
        className={css.percent}
        title={t('zoom.actual')}
        onClick={() => void flow.zoomTo(1, { duration: QUICK_MS })}
      >
        {formats.share(percent / 100)}
      </button>
      <Tool name={t('zoom.in')} onClick={() => void flow.zoomIn({ duration: QUICK_MS })}>
        <Plus size={15} aria-hidden />
      </Tool>
      <Tool name={t('zoom.fit')} onClick={() => void flow.fitView({ padding: 0.08, maxZoom: 1, duration: QUICK_MS })}>
        <Maximize size={15} aria-hidden />
      </Tool>
      <span className={css.rule} />
      <Tool name={t('zoom.tidy')} onClick={tidy}>
        <Network size={15} aria-hidden />
      </Tool>
      <Tool name={t('zoom.find')} onClick={onFind}>
        <Search size={15} aria-hidden />
      </Tool>
      <Tool name={t('zoom.keys')} onClick={onHelp}>
        <Keyboard size={15} aria-hidden />
      </Tool>
    </div>
  )
}

function Tool({ name, onClick, children }: { name: string; onClick(): void; children: React.ReactNode }) {
  return (
    <button type="button" className={css.tool} aria-label={name} title={name} onClick={onClick}>
      {children}
    </button>
  )
}
