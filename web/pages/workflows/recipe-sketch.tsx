import type { WorkflowDocument } from '../../../shared/workflow/document.ts'
import type { Family } from '../../canvas/graph.ts'
import styles from './recipes.module.css'
import { sketchOf } from './sketch.ts'

/** The shape of a workflow at a glance; decorative, the words beside it say what it does. */
export function RecipeSketch({ document }: { document: WorkflowDocument }) {
  const { nodes, lines, width, height } = sketchOf(document)
  return (
    <svg
      className={styles.sketch}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="xMidYMid meet"
      aria-hidden="true"
    >
      {lines.map(({ id, from, to }) => (
        <line key={id} x1={from.x} y1={from.y} x2={to.x} y2={to.y} />
      ))}
      {nodes.map(({ id, family, x, y }) => (
        <g key={id} transform={`translate(${x} ${y})`} data-family={family}>
          <Shape family={family} />
        </g>
      ))}
    </svg>
  )
}

/** The shapes of the step families, filled. */
function Shape({ family }: { family: Family }) {
  switch (family) {
    case 'trigger':
      return <path d="M-7.500 0A7.500 7.500 0 0 1 0-7.500H5A2.500 2.500 0 0 1 7.500-5V0A7.500 7.500 0 0 1-7.500 0Z" />
    case 'message':
      return <rect x="-8" y="-6" width="16" height="12" rx="2" />
    case 'time':
      return <circle r="4.500" />
    case 'logic':
      return <rect x="-5.300" y="-5.300" width="10.600" height="10.600" rx="1" transform="rotate(45)" />
    case 'action':
      return <path d="M-4.200-7.200H4.200L8.400 0 4.200 7.200H-4.200L-8.400 0Z" />
    case 'end':
      return <path d="M-5.500-5.500H5.500V0C5.500 3.500 3.500 5.500 0 6.500-3.500 5.500-5.500 3.500-5.500 0Z" />
  }
}
