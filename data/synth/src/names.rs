//! Invented names: places that sound like Jiangnan and are nowhere, persons who are plainly examples.

use crate::rng::{Rng, mix};

const FIRST: &[char] = &[
    '云', '观', '望', '临', '清', '碧', '锦', '瑞', '金', '玉', '石', '青', '白', '紫', '兰', '松', '柏',
    '梅', '荷', '柳', '桃', '枫', '杏', '竹', '凤', '龙', '鹤', '雁', '鹭', '渔', '东', '南', '西', '北',
    '上', '下', '新', '长', '永', '安', '和', '泰', '丰', '嘉', '文', '德', '仁', '义', '春', '秋', '晓',
    '明', '星', '月', '虹', '霞', '澄', '映', '漪',
];

const SECOND: &[char] = &[
    '山', '湖', '溪', '塘', '桥', '浦', '泽', '湾', '港', '渚', '洲', '津', '渡', '泉', '井', '河', '岭',
    '峰', '坡', '岗', '林', '园', '庄', '亭', '台', '楼', '阁', '门', '坊', '城', '堰', '墩', '埠', '荡',
    '浜', '圩', '泾', '汇', '屿', '岸', '沙', '坪', '原',
];

const MODIFIERS: &[&str] =
    &["", "新", "东", "西", "南", "北", "中", "前", "后", "一", "二", "三", "四", "五"];

/// What a name is for; each kind has its own order, and no name twice before all have been used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Kind {
    County = 1,
    Town = 2,
    Community = 3,
    Street = 4,
}

/// Names of one city.
pub struct Names {
    seed: u64,
}

impl Names {
    /// By seed and region.
    pub fn new(seed: u64, region: u16) -> Self {
        Self { seed: mix(&[seed, u64::from(region), 4]) }
    }

    /// The `n`-th name of a kind, without 区, 街道, 路…: two characters, then three.
    pub fn place(&self, kind: Kind, n: usize) -> String {
        let whole = FIRST.len() * SECOND.len();
        // A step without a common factor visits every pair once.
        let start = mix(&[self.seed, kind as u64]) as usize % whole;
        let step =
            (1..).map(|k| 977 + 2 * (k + kind as usize * 31)).find(|&s| coprime(s, whole)).unwrap_or(1);
        let pair = (start + n % whole * step) % whole;
        let (a, b) = (FIRST[pair / SECOND.len()], SECOND[pair % SECOND.len()]);
        format!("{a}{b}{}", MODIFIERS[n / whole % MODIFIERS.len()])
    }
}

fn coprime(mut a: usize, mut b: usize) -> bool {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a == 1
}

const SURNAMES: &[&str] = &[
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "林", "郭",
    "何", "高", "罗", "郑", "梁", "谢", "宋", "唐", "许", "邓", "冯", "韩", "曹", "曾", "彭", "萧", "蔡",
    "潘", "田", "董", "袁", "于", "余", "叶", "蒋", "杜", "苏", "魏", "程", "吕", "丁", "沈", "任", "姚",
    "卢", "傅", "钟", "姜", "崔", "谭",
];

/// The given names all mean “example”, “specimen”, “made up”: nobody is called that.
const GIVEN: &[&str] = &["示例", "样本", "虚拟", "范例", "试样", "拟名"];

/// A person's name that is plainly not one: 王示例.
pub fn person(rng: &mut Rng) -> String {
    let surname = rng.pick(SURNAMES);
    format!("{surname}{}", rng.pick(GIVEN))
}

/// A duty phone that cannot be dialled: no number in China starts with 000.
pub fn phone(n: u32) -> String {
    format!("000-{:04}-{:04}", n / 10_000 % 10_000, n % 10_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_do_not_repeat() {
        let names = Names::new(1, 3202);
        let all: BTreeSet<String> = (0..20_000).map(|n| names.place(Kind::Street, n)).collect();
        assert_eq!(all.len(), 20_000);
        assert_ne!(names.place(Kind::Town, 0), Names::new(2, 3202).place(Kind::Town, 0));
    }

    #[test]
    fn persons_are_examples() {
        let mut rng = Rng::of(&[1]);
        for _ in 0..100 {
            let name = person(&mut rng);
            assert!(GIVEN.iter().any(|g| name.ends_with(g)), "{name}");
        }
        assert_eq!(phone(12_345_678), "000-1234-5678");
    }
}
