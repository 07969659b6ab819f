/** Every word of the interface, in Chinese; `en.ts` must have the same keys. */
export const zh = {
  app: { title: '双格一张图', subtitle: '网格 · 警格', skip: '跳到地图', map: '地图。方向键移动，加减键缩放，回车查询地图中心的责任区。' },
  search: {
    label: '搜索', placeholder: '搜索网格、警格、地址、编码或坐标', empty: '没有找到“{{q}}”', failed: '搜索暂时不可用', hint: '至少输入两个字',
    kind: { grid: '网格', beat: '警格', address: '地址', coordinate: '坐标' },
  },
  tools: { label: '工具', language: '语言', theme: '外观', auto: '跟随系统', light: '浅色', dark: '深色', print: '打印', png: '导出图片', link: '复制链接', linkCopied: '链接已复制', fit: '显示全部', exporting: '正在生成图片…', exportFailed: '图片没有生成，请重试', more: '更多', zoomIn: '放大', zoomOut: '缩小', here: '我的位置' },
  live: {
    open: '实时', connecting: '正在连接', lost: '连接中断', lostLong: '与服务器的连接中断，正在自动重连；地图可能不是最新。', back: '连接已恢复',
    newIncident: '新事件', show: '查看', inArea: '{{area}}',
  },
  layers: {
    title: '图层与图例', show: '显示“{{name}}”', collapse: '收起图层', expand: '展开图层',
    grid: '网格', beat: '警格', piece: '双格单元', address: '地址与人口', incident: '事件', staff: '在岗力量', fault: '数据问题',
    openOnly: '只看未办结', zoomIn: '放大地图后显示', own: '部门专题图层', nowGrid: '网格显示到', nowBeat: '警格显示到',
  },
  legend: {
    gridLine: '网格边界', gridCommunity: '村(社区)、乡镇(街道)边界', gridExclusive: '专属网格', beatLine: '警格边界', beatStation: '派出所辖区边界', beatSub: '分局辖区边界',
    whole: '整格归一个警格', minor: '小块交错(不足一成)', split: '一格分属多个警格', gridOnly: '只有网格、没有警格', beatOnly: '只有警格、没有网格',
    few: '人口少', many: '人口多', addressPoint: '地址(越大人口越多)', clusterOpen: '聚合(数字为未办结数)', clusterAll: '聚合(数字为事件总数)',
    new: '待受理', active: '处置中', done: '已办结', riskRed: '红色风险', categories: '事件类别',
    staffGrid: '网格长、网格员', staffPolice: '警格长、民警', offDuty: '未在岗',
    faultOverlap: '多方重叠划入的地块', faultGap: '各方都未划入的空隙',
  },
  level: {
    province: '省', city: '市', county: '县(市、区)', town: '乡镇(街道)', community: '村(社区)', grid: '网格', microgrid: '微网格', department: '省厅', bureau: '市局',
    subbureau: '分局', station: '派出所', area: '责任区', beat: '警格', other: '其他层级',
  },
  state: {
    reported: '上报', verified: '核实', filed: '立案', dispatched: '派遣', handling: '处置', feedback: '反馈', checking: '核查', closed: '结案', evaluated: '评价',
    rejected: '不予受理', returned: '退回', suspended: '挂起', extended: '延期', void: '作废', withdrawn: '撤回', transferred: '移交', joint: '联合处置', other: '其他状态',
  },
  category: {
    noise: '噪音扰民', parking: '违规停车', garbage: '垃圾堆积', fire_hazard: '消防隐患', ebike: '电动车违规充电', dispute: '矛盾纠纷', theft: '盗窃', fraud: '电信诈骗',
    water_leak: '水管泄漏', manhole: '井盖路面', stall: '占道经营', traffic: '交通事故', flood: '积水内涝', missing_person: '人员走失', other: '其他',
  },
  risk: {
    red: '红色(高)', yellow: '黄色(中)', blue: '蓝色(低)', none: '未定级',
  },
  source: {
    patrol: '网格巡查', resident: '居民上报', hotline: '12345 热线', police: '110 报警', sensor: '感知设备', superior: '上级交办', other: '其他来源',
  },
  role: { chief: '长', worker: '网格员', officer: '警格员', leader: '负责人', other: '工作人员', gridChief: '网格长', beatChief: '警格长' },
  card: {
    title: '责任卡', close: '关闭责任卡', loading: '正在查询', grid: '网格', beat: '警格', noGrid: '此处没有网格', noBeat: '此处没有警格', outside: '此处不在任何网格或警格内', outsideHint: '可能是水域、市外，或边界尚未导入。',
    onDuty: '值班', comma: '、', disputed: '{{count}} 方同时划入：{{codes}}。按规则由编码在前的 {{first}} 负责。', nobody: '暂无值班人员', noPhone: '无值班电话', call: '拨打 {{phone}}', share: '该网格位于此警格的比例', shareWhole: '整个网格都在此警格内',
    counts: '双格单元内', addresses: '地址', residents: '实有人口', incidents: '未办结事件', coordinates: '坐标', copy: '复制坐标', copied: '已复制', copyFailed: '浏览器不允许复制',
    failed: '没有查到责任区', retry: '重试', code: '编码', report: '在此上报事件', incident: '事件', reportedAt: '上报时间', address: '地址', source: '来源', state: '状态', risk: '风险', zoomTo: '缩放到{{name}}', none: '–', yes: '是', no: '否',
  },
  report: {
    title: '上报事件', where: '位置', category: '事件类别', what: '简要情况', whatHint: '例如：楼道堆放杂物', risk: '风险等级', submit: '上报', cancel: '取消', needCategory: '请选择事件类别', needTitle: '请写一句简要情况',
    done: '已上报，编号 {{code}}', failed: '上报没有成功', tooLong: '请不要超过 200 字',
  },
  empty: { title: '还没有导入边界', text: '导入网格和警格以后，地图会自动显示。在服务器上运行：', oneSide: '还没有导入{{side}}，地图只显示一方的边界。' },
  error: { style: '地图样式没有加载成功', tiles: '部分地图数据没有加载成功', server: '服务器没有响应', retry: '重试', webgl: '这个浏览器不能显示地图(需要 WebGL 2)。', details: '原因' },
  sheet: { printed: '制图时间', center: '中心', scale: '比例尺', legend: '图例', fileName: '双格一张图' },
};

/** The shape both languages share. */
type Words<T> = { [K in keyof T]: T[K] extends string ? string : Words<T[K]> };
export type Dictionary = Words<typeof zh>;
