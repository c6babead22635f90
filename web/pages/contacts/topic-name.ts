/** `marketing` is built in and has a name in every language; other topics are called what people called them. */
export const topicName = (topic: string, t: (key: string) => string): string =>
  topic === 'marketing' ? t('contacts.topic.marketing') : topic
