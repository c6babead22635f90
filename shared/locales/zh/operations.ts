/** Alarms and the reference page: what the people who run the product read. */
export const operations = {
  inboxTotal_other: '{{shown}} 封邮件',
  title: '需要注意的事项',
  more_other: '另有 {{shown}} 项',
  show: '全部显示',
  hide: '收起',
  dismiss: '不再显示',
  since: '自 {{moment}}',
  alarm: {
    'not-writable': {
      title: '数据库无法写入',
      text: '此处发送或修改的内容都不会保存：{{problem}}。请清理磁盘空间或恢复文件夹权限。',
    },
    'writer-stuck': {
      title: '引擎没有响应',
      text: '没有人继续前进，也没有邮件发出。请重启；不会丢失任何内容，一切从停下的地方继续。',
    },
    disk: { title: '磁盘即将用满', text: '剩余 {{freeMb}} MB。用满后将无人前进，导入也会失败。请清理空间或扩大磁盘。' },
    'clock-jumped': {
      title: '服务器时钟发生跳变',
      text: '相差 {{minutes}} 分钟。等待时间按此时钟计算，有些人可能提前或推迟前进。请检查对时服务。',
    },
    lag: { title: '引擎延迟了 {{duration}}', text: '到期的人和邮件正在等待。如果持续下去，说明机器过忙或某处停滞。' },
    'account-paused': {
      title: '通过“{{account}}”的发送已暂停',
      text: '{{reason}}不会有邮件从此发出；没有人被跳过，也没有地址被判为无效。',
    },
    'account-unreachable': { title: '无法连接“{{account}}”的邮件服务器', text: '{{reason}}邮件正在等待，会自动重试。' },
    'quota-used': {
      title: '“{{account}}”今天的配额已用完',
      text: '今天已发出 {{shown}} 封邮件，其余的等到 {{until}}。',
    },
    uncertain: {
      title: '有 {{shown}} 封邮件下落不明',
      text: '邮件已交出但没有得到答复，需要您决定：视为已发、再发一次或放弃。',
    },
    'embedded-inbox': {
      title: '没有邮件离开这台机器',
      text: '您的 {{shown}} 位联系人收不到任何邮件：连接邮件服务器之前，所有邮件都留在内置收件箱。',
    },
  },
  fix: {
    lag: '先看什么',
    'account-paused': '打开发送设置',
    'account-unreachable': '打开发送设置',
    'quota-used': '打开发送设置',
    uncertain: '去决定',
    'embedded-inbox': '连接邮件服务器',
  },
}
