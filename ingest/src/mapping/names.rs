//! The names under which columns go: for each field of a layer the usual ones, the surest first, without
//! case, blanks and punctuation, separated by blanks.

use gridbeat_onemap::record::LayerKind;

/// A field: its name, and names of columns that likely hold it.
pub(super) type Field = (&'static str, &'static str);

/// The fields of a layer.
pub(super) fn fields(layer: LayerKind) -> &'static [Field] {
    match layer {
        LayerKind::Grid | LayerKind::Beat => AREA,
        LayerKind::Address => ADDRESS,
        LayerKind::Resident => RESIDENT,
        LayerKind::Incident => INCIDENT,
        LayerKind::Staff => STAFF,
    }
}

pub(super) const GEOMETRY: &str = "geometry geom thegeom wkt wktgeometry shape geomwkt wkbgeometry 边界 坐标串 几何 \
    空间坐标";
pub(super) const LON: &str =
    "lon longitude lng long 经度 x xcoord pointx jd 经度坐标 x坐标 easting 东坐标 lonx";
pub(super) const LAT: &str = "lat latitude 纬度 y ycoord pointy wd 纬度坐标 y坐标 northing 北坐标 laty";

const AREA: &[Field] = &[
    (
        "code",
        "code 网格编码 警格编码 网格编号 警格编号 网格代码 警格代码 单元编码 区划编码 \
         区划代码 行政区划代码 编码 代码 编号 gridcode beatcode gridid beatid gridno beatno \
         beatnum areacode areanumbe areanumber adcode geoid geoid20 geoid10 zonecode wgbm \
         jgbm bm dm 县代码 distnum districtcode precinct precinctid ward wardno district \
         districtnumber beat prename id uuid guid",
    ),
    (
        "name",
        "name 网格名称 警格名称 单元名称 区划名称 名称 社区名称 派出所名称 title areaname \
         gridname beatname community namelsad namelsad20 namelsad10 name20 name10 县名 wgmc \
         jgmc mc distlabel label",
    ),
    ("level", "level 级别 层级 网格级别 类型级别 等级"),
    (
        "parent",
        "parent 上级编码 上级代码 上级网格编码 上级机构编码 父级编码 所属社区编码 \
         所属派出所编码 parentcode parentid pcode streetcode areacode parentadcode sjbm",
    ),
    ("kind", "kind 网格类型 警格类型 类型 类别 gridtype type"),
    ("geometry", GEOMETRY),
];

const ADDRESS: &[Field] = &[
    (
        "code",
        "code 地址编码 标准地址编码 地址代码 地址编号 编码 代码 编号 addresscode addressid \
         addrcode dzbm id uuid",
    ),
    (
        "text",
        "text 地址 标准地址 地址全称 地址名称 详细地址 address fulladdress addr dzmc 名称 \
         name",
    ),
    ("lon", LON),
    ("lat", LAT),
    ("geometry", GEOMETRY),
    ("residents", "residents 居住人数 人口数 实有人口 人数 population pop"),
    ("dwellings", "dwellings 户数 房屋数 实有房屋 households"),
    ("organisations", "organisations organizations 单位数 实有单位 units"),
];

const RESIDENT: &[Field] = &[
    (
        "code",
        "code 人员编码 人口编码 人员编号 居民编码 编码 代码 编号 residentcode residentid \
         personid id uuid",
    ),
    ("address", "address 地址编码 标准地址编码 地址代码 addresscode addressid addrcode dzbm"),
    ("household", "household 户编码 户编号 家庭编码 户号 householdcode householdid"),
    ("age_band", "ageband 年龄段 年龄组 agegroup"),
    ("registration", "registration 户籍类型 户籍 登记类型 人口类型 人员类别"),
];

const INCIDENT: &[Field] = &[
    (
        "code",
        "code 事件编码 事件编号 警情编号 案件编号 工单编号 接警编号 编码 编号 incidentcode \
         incidentid eventid id caseid casenumber uuid",
    ),
    ("title", "title 标题 事件标题 事件名称 警情名称 名称 description 摘要 简要案情 内容 name"),
    (
        "category",
        "category 类别 事件类别 警情类别 事件类型 警情类型 类型 primarytype type offense \
         crimetype",
    ),
    ("state", "state 状态 事件状态 办理状态 处置状态 status"),
    ("risk", "risk 风险 风险等级 紧急程度 risklevel"),
    ("source", "source 来源 事件来源 上报来源 线索来源"),
    (
        "reported_at",
        "reportedat 上报时间 报警时间 接警时间 发生时间 事发时间 登记时间 创建时间 时间 日期 \
         reporttime reportedtime occurredat datetime timestamp date time createdat createtime",
    ),
    ("address", "address 地址 事发地址 发生地点 地点 详细地址 block addr"),
    ("lon", LON),
    ("lat", LAT),
    ("geometry", GEOMETRY),
];

const STAFF: &[Field] = &[
    ("code", "code 人员编码 人员编号 工号 警号 编码 编号 staffcode staffid badge id uuid"),
    ("role", "role 角色 职务 岗位"),
    ("side", "side 所属 归属 队伍 类别"),
    (
        "area",
        "area 网格编码 警格编码 责任区编码 辖区编码 所属网格 所属警格 区划编码 areacode \
         gridcode beatcode",
    ),
    ("on_duty", "onduty 在岗 是否在岗 值班 是否值班 duty"),
    ("seen_at", "seenat 定位时间 最后定位时间 更新时间 lastseen positiontime"),
    ("lon", LON),
    ("lat", LAT),
    ("geometry", GEOMETRY),
    ("name", "name 姓名 人员姓名"),
    ("phone", "phone 电话 值班电话 联系电话 手机 手机号 手机号码 mobile tel"),
];

/// Column names that identify a resident.
pub(super) const PERSONAL: &str = "name fullname residentname surname givenname idnumber idno idcard idcardno cardno \
    identity identitynumber nationalid passport ssn phone phonenumber mobile mobilephone \
    tel telephone cell cellphone xm sfz sfzh sfzhm gmsfhm sjh sjhm lxdh email wechat";

/// Parts of column names that identify a resident: `身份证号码`.
pub(super) const PERSONAL_PARTS: &str = "姓名 身份证 证件号 公民身份 护照 电话 手机 微信 邮箱 户主";

/// Columns whose name says nothing but “row”: never a code.
pub(super) const NEVER_CODE: &str = "objectid objectid1 fid ogcfid gid index rowid";
