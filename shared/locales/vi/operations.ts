/** Alarms and the reference page: what the people who run the product read. */
export const operations = {
  inboxTotal_other: '{{shown}} thư',
  title: 'Việc cần chú ý',
  more_other: 'và {{shown}} việc khác',
  show: 'Hiện tất cả',
  hide: 'Thu gọn',
  dismiss: 'Không hiện nữa',
  since: 'từ {{moment}}',
  alarm: {
    'not-writable': {
      title: 'Không ghi được vào cơ sở dữ liệu',
      text: 'Mọi thứ gửi hay sửa ở đây đều không được lưu: {{problem}}. Giải phóng chỗ trên đĩa hoặc khôi phục quyền của thư mục.',
    },
    'writer-stuck': {
      title: 'Bộ máy không trả lời',
      text: 'Không ai đi tiếp và không thư nào được gửi. Khởi động lại; không mất gì cả, mọi việc tiếp tục từ chỗ dừng.',
    },
    disk: {
      title: 'Đĩa sắp đầy',
      text: 'Còn trống {{freeMb}} MB. Khi hết chỗ, không ai đi tiếp và việc nhập sẽ hỏng. Giải phóng chỗ hoặc mở rộng đĩa.',
    },
    'clock-jumped': {
      title: 'Đồng hồ máy chủ bị nhảy',
      text: 'Lệch {{minutes}} phút. Thời gian chờ tính theo đồng hồ này: có người có thể đi tiếp sớm hoặc muộn. Kiểm tra dịch vụ giờ.',
    },
    lag: {
      title: 'Bộ máy trễ {{duration}}',
      text: 'Người và thư đến hạn đang phải chờ. Nếu kéo dài, máy đang quá tải hoặc có việc bị đứng lại.',
    },
    'account-paused': {
      title: 'Việc gửi qua “{{account}}” đang tạm dừng',
      text: '{{reason}} Không thư nào được gửi qua đó; không ai bị bỏ qua, không địa chỉ nào bị coi là hỏng.',
    },
    'account-unreachable': {
      title: 'Không kết nối được máy chủ thư của “{{account}}”',
      text: '{{reason}} Thư đang chờ và sẽ tự được thử lại.',
    },
    'quota-used': {
      title: 'Hạn mức ngày của “{{account}}” đã hết',
      text: 'Hôm nay đã gửi {{shown}} thư. Số còn lại chờ đến {{until}}.',
    },
    uncertain: {
      title: '{{shown}} thư chưa rõ đã tới hay chưa',
      text: 'Thư đã được giao mà không có câu trả lời. Cần quyết định: coi như đã gửi, gửi lại, hay bỏ.',
    },
    'embedded-inbox': {
      title: 'Không thư nào rời khỏi máy này',
      text: '{{shown}} liên hệ không nhận được gì: mọi thư nằm trong hộp thư tích hợp cho đến khi kết nối máy chủ thư.',
    },
  },
  fix: {
    lag: 'Xem gì trước',
    'account-paused': 'Mở phần Gửi thư',
    'account-unreachable': 'Mở phần Gửi thư',
    'quota-used': 'Mở phần Gửi thư',
    uncertain: 'Quyết định',
    'embedded-inbox': 'Kết nối máy chủ thư',
  },
}
