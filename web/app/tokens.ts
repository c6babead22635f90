/** Every colour of the product, once. The theme turns them into CSS variables; a test recomputes their contrast. */

export type Scheme = 'light' | 'dark'

export const NEUTRALS = {
  light: {
    paper: '#F6F5F0',
    surface: '#FFFEFC',
    raised: '#FFFFFF',
    sunken: '#EEECE4',
    line: '#E2DFD5',
    line2: '#CFCBBE',
    control: '#85887A',
    edge: '#85887A',
    ink: '#22271F',
    ink2: '#4F564A',
    ink3: '#666C60',
    dot: '#DAD6C9',
    scrim: 'rgba(40, 40, 30, 0.42)',
  },
  dark: {
    paper: '#161916',
    surface: '#1E221E',
    raised: '#262B26',
    sunken: '#121512',
    line: '#333932',
    line2: '#454C43',
    control: '#7C8478',
    edge: '#7C8478',
    ink: '#ECEAE1',
    ink2: '#BEC0B4',
    ink3: '#9CA193',
    dot: '#2A2F29',
    scrim: 'rgba(8, 10, 8, 0.62)',
  },
} as const

export const MEANINGS = {
  light: {
    leaf: '#2D6A47',
    'leaf-hover': '#24573A',
    'on-leaf': '#FFFFFF',
    'leaf-text': '#24593B',
    'leaf-wash': '#E6F0E4',
    'leaf-wash2': '#D2E4D0',
    madder: '#B02A20',
    'on-madder': '#FFFFFF',
    'madder-wash': '#FBE9E4',
    'madder-line': '#E5B3A8',
    honey: '#84520A',
    'honey-wash': '#FCF0D6',
    'honey-line': '#E3C88E',
    'honey-fill': '#D98E1F',
    rain: '#2A5F86',
    'rain-wash': '#E6EFF5',
    'rain-line': '#B4D0E2',
  },
  dark: {
    leaf: '#86CBA0',
    'leaf-hover': '#9BD8B2',
    'on-leaf': '#0F2417',
    'leaf-text': '#9BD8B2',
    'leaf-wash': '#21352A',
    'leaf-wash2': '#2B4636',
    madder: '#FF9D8C',
    'on-madder': '#2B0D08',
    'madder-wash': '#3B211D',
    'madder-line': '#6E3830',
    honey: '#F1C06C',
    'honey-wash': '#362B17',
    'honey-line': '#6B5427',
    'honey-fill': '#F1C06C',
    rain: '#93C3E4',
    'rain-wash': '#1D2D38',
    'rain-line': '#33536A',
  },
} as const

export const FAMILIES = ['trigger', 'message', 'time', 'logic', 'action', 'end'] as const
export type Family = (typeof FAMILIES)[number]

export const FAMILY_COLOURS: Record<Scheme, Record<Family, { colour: string; wash: string }>> = {
  light: {
    trigger: { colour: '#3F5E2F', wash: '#E7EEDF' },
    message: { colour: '#354E95', wash: '#E7EBF7' },
    time: { colour: '#6C6259', wash: '#EEEAE2' },
    logic: { colour: '#0A7088', wash: '#DFF0F3' },
    action: { colour: '#823969', wash: '#F6E7F0' },
    end: { colour: '#2C322B', wash: '#E7E6DE' },
  },
  dark: {
    trigger: { colour: '#A1CB87', wash: '#2A3524' },
    message: { colour: '#8FB0EC', wash: '#252E44' },
    time: { colour: '#BDB7AF', wash: '#32302B' },
    logic: { colour: '#75D1E7', wash: '#1C363C' },
    action: { colour: '#D08BB7', wash: '#3A2835' },
    end: { colour: '#F2F0E8', wash: '#343833' },
  },
}

/** Charts: the order of series. The second is also dashed, the third dotted. */
export const SERIES: Record<Scheme, readonly string[]> = {
  light: ['#354E95', '#3F7D56', '#B8730F', '#823969'],
  dark: ['#8FB0EC', '#5BA77A', '#F1C06C', '#D08BB7'],
}

const SHADOWS: Record<Scheme, Record<'card' | 'float' | 'dialog', string>> = {
  light: {
    card: '0 1px 2px rgba(48, 44, 30, 0.07)',
    float: '0 1px 2px rgba(48, 44, 30, 0.06), 0 6px 16px -6px rgba(48, 44, 30, 0.16)',
    dialog: '0 2px 6px rgba(48, 44, 30, 0.08), 0 24px 56px -16px rgba(48, 44, 30, 0.3)',
  },
  dark: {
    card: '0 1px 2px rgba(0, 0, 0, 0.4)',
    float: '0 1px 2px rgba(0, 0, 0, 0.4), 0 8px 20px -6px rgba(0, 0, 0, 0.55)',
    dialog: '0 2px 6px rgba(0, 0, 0, 0.4), 0 28px 60px -14px rgba(0, 0, 0, 0.75)',
  },
}

/** All of one scheme as `--p-…` variables. */
export function variablesOf(scheme: Scheme): Record<string, string> {
  const named = { ...NEUTRALS[scheme], ...MEANINGS[scheme] }
  return {
    ...Object.fromEntries(Object.entries(named).map(([name, value]) => [`--p-${name}`, value])),
    ...Object.fromEntries(
      FAMILIES.flatMap((family) => [
        [`--p-family-${family}`, FAMILY_COLOURS[scheme][family].colour],
        [`--p-family-${family}-wash`, FAMILY_COLOURS[scheme][family].wash],
      ]),
    ),
    ...Object.fromEntries(SERIES[scheme].map((colour, index) => [`--p-series-${index + 1}`, colour])),
    ...Object.fromEntries(Object.entries(SHADOWS[scheme]).map(([name, value]) => [`--p-shadow-${name}`, value])),
  }
}
