const OWN_SOURCES = ['by-hand', 'import', 'api', 'unsubscribe', 'one-click', 'preferences']

/** Where an answer came from: our own places by name, others as people wrote them. */
export const sourceName = (source: string, t: (key: string) => string): string =>
  OWN_SOURCES.includes(source) ? t(`contact.consent.source.${source}`) : source || '–'
