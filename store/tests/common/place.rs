//! The stores that tests run over, and how a test is run over each of them.

use super::{import, pg, rows::everything};
use gridbeat_store::{ImportPlan, OpenMode, Store, open};
use std::path::{Path, PathBuf};

/// Where a test's store is, and a folder for what else it writes.
pub struct Place {
    /// Its path or URL.
    pub url: String,
    folder: tempfile::TempDir,
}

impl Place {
    /// A file, in whose name may be anything.
    pub fn geopackage() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { url: folder.path().join("城 市.gpkg").to_str().unwrap().to_owned(), folder }
    }

    /// A database.
    pub fn postgis() -> Self {
        Self { url: pg::fresh_database(), folder: tempfile::tempdir().unwrap() }
    }

    /// Two databases on two servers: Wuxi on another server than Xuzhou, log and counters.
    pub fn partitioned() -> Self {
        Self { url: pg::fresh_pair().0, folder: tempfile::tempdir().unwrap() }
    }

    /// The store, made if it is not there.
    pub fn open(&self) -> Box<dyn Store> {
        open(&self.url, OpenMode::Create).expect("the store opens")
    }

    /// The store with a row or two of every layer.
    pub fn filled(&self) -> Box<dyn Store> {
        let store = self.open();
        for (layer, rows) in everything() {
            import(&*store, &ImportPlan::add(layer), rows);
        }
        store
    }

    /// A folder of the test's own.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A file in it.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// Runs functions of the crate's root over each kind of store; over two servers as one test, since making those
/// costs more than the tests.
#[macro_export]
macro_rules! over_all {
    ($($name:ident),+ $(,)?) => {
        mod geopackage {
            $(#[test] fn $name() { super::$name(&$crate::common::place::Place::geopackage()); })+
        }
        mod postgis {
            $(#[test] fn $name() { super::$name(&$crate::common::place::Place::postgis()); })+
        }
        mod partitioned {
            #[test]
            fn all_of_them() {
                let each: &[$crate::common::Named<_>] = &[$((stringify!($name), super::$name)),+];
                $crate::common::over_each(each, $crate::common::place::Place::partitioned);
            }
        }
    };
}
