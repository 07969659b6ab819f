//! `gridbeat serve`: load, listen, say so, and stop in good order.

use super::listen::Listen;
use crate::{
    app::{App, Parts},
    config::{
        Config,
        gather::{Flags, gather},
    },
    error::{Chain, CliError},
    http::{front::Front, guard::Ours, router},
    live::{Live, Start, StartError, regions::Regions, snapshot_file},
    metrics::Metrics,
};
use axum::{ServiceExt, extract::Request};
use gridbeat_store::{OpenMode, open};
use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::{
    net::{TcpListener, UnixListener},
    signal::unix::{SignalKind, signal},
    sync::watch,
};

/// How long requests that are under way may take once we are to stop.
const GRACE: Duration = Duration::from_secs(10);

/// What can be said.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Settings in TOML; what is said here, or in the environment, wins
    #[arg(long, value_name = "FILE", env = "GRIDBEAT_CONFIG")]
    config: Option<PathBuf>,
    #[command(flatten)]
    flags: Flags,
}

/// Everything that serving needs.
pub struct Settings {
    /// A .gpkg path or a postgres:// URL.
    pub store: String,
    /// Where to listen.
    pub listen: Listen,
    /// The rest.
    pub config: Config,
    /// Called with our address once we answer.
    pub then: Option<fn(&str)>,
}

/// Serves until SIGTERM or SIGINT.
///
/// # Errors
/// When the settings are wrong, the store cannot be opened, or the address cannot be had.
pub fn run(args: Args) -> Result<(), CliError> {
    let gathered = gather(args.config.as_deref(), &|name| std::env::var(name).ok(), &args.flags);
    let config = gathered.map_err(CliError::Usage)?.config;
    super::start_log_as(&config.log, config.log_format)?;
    let store = config.store.clone();
    let store =
        store.ok_or_else(|| CliError::Usage("--store is missing (or store = … in --config)".to_owned()))?;
    let listen = config.listen.parse()?;
    serve(Settings { store, listen, config, then: None })
}

/// Serves until SIGTERM or SIGINT.
///
/// # Errors
/// As [`run`].
pub fn serve(settings: Settings) -> Result<(), CliError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|e| CliError::io("starting threads", &e))?;
    let done = runtime.block_on(serve_async(settings));
    // A thread that still reads from the store must not keep us.
    runtime.shutdown_timeout(Duration::from_secs(1));
    done
}

async fn serve_async(settings: Settings) -> Result<(), CliError> {
    let Settings { store, listen, config, then } = settings;
    // First the address, so that a port that is taken is told at once.
    let listener = Listener::bind(&listen).await?;
    let snapshot = snapshot_file::path_of(&store, &config.snapshot);
    let basemap = config.basemap.open().await;
    let basemap = basemap.map_err(|e| CliError::Usage(e.to_string()))?;
    let store = Arc::from(open(&store, OpenMode::Existing)?);
    let metrics = Arc::new(Metrics::default());
    let start = Start {
        cache_bytes: u64::from(config.tile_cache_mb) << 20,
        regions: Regions::new(config.regions),
        snapshot,
    };
    let live = Live::start_with(store, start, Arc::clone(&metrics)).map_err(|error| match error {
        StartError::Store(error) => error.into(),
        StartError::Thread(error) => CliError::Other(Chain(&error).to_string()),
    })?;
    let (stop, stopped) = watch::channel(false);
    let app = App::new(Parts {
        live,
        ours: Ours { port: listener.port(), public_url: config.public_url },
        title: config.title,
        basemap,
        metrics,
        stop: stopped.clone(),
    });
    tokio::spawn(until_told(stop)?);
    let address = listener.address();
    let mut graceful = stopped.clone();
    let shutdown = async move {
        let _ = graceful.wait_for(|&s| s).await;
    };
    let serving = listener.serve(Front::new(app.clone(), router(app)), shutdown);
    // The socket listens already: who connects now waits at most until the next line.
    println!("listening on {address}");
    io::stdout().flush().map_err(|e| CliError::io("stdout", &e))?;
    if let Some(then) = then {
        then(&address);
    }
    let mut late = stopped;
    tokio::select! {
        done = serving => done.map_err(|e| CliError::io("serving", &e)),
        () = async {
            let _ = late.wait_for(|&s| s).await;
            tokio::time::sleep(GRACE).await;
        } => {
            tracing::warn!("some requests did not end in time");
            Ok(())
        }
    }
}

/// Waits for SIGTERM or SIGINT, then tells everybody.
fn until_told(stop: watch::Sender<bool>) -> Result<impl Future<Output = ()> + Send + 'static, CliError> {
    let listen = |kind| signal(kind).map_err(|e| CliError::io("waiting for signals", &e));
    let (mut term, mut int) = (listen(SignalKind::terminate())?, listen(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! { _ = term.recv() => {}, _ = int.recv() => {} }
        tracing::info!("stopping");
        stop.send_replace(true);
    })
}

enum Listener {
    Tcp(TcpListener, u16),
    Unix(UnixListener, PathBuf),
}

impl Listener {
    async fn bind(listen: &Listen) -> Result<Self, CliError> {
        match listen {
            Listen::Tcp(address) => {
                let cannot = |e: io::Error| CliError::io(format!("cannot listen on {address}"), &e);
                let listener = TcpListener::bind(address).await.map_err(cannot)?;
                let port = listener.local_addr().map_err(cannot)?.port();
                Ok(Self::Tcp(listener, port))
            }
            Listen::Unix(path) => {
                remove_dead_socket(path);
                let listener = UnixListener::bind(path)
                    .map_err(|e| CliError::io(format!("cannot listen on unix:{}", path.display()), &e))?;
                Ok(Self::Unix(listener, path.clone()))
            }
        }
    }

    const fn port(&self) -> Option<u16> {
        match self {
            Self::Tcp(_, port) => Some(*port),
            Self::Unix(..) => None,
        }
    }

    fn address(&self) -> String {
        match self {
            Self::Tcp(listener, _) => {
                listener.local_addr().map_or_else(|_| "?".to_owned(), |a| format!("http://{a}"))
            }
            Self::Unix(_, path) => format!("unix:{}", path.display()),
        }
    }

    async fn serve(self, front: Front, stop: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
        let front = ServiceExt::<Request>::into_make_service(front);
        match self {
            Self::Tcp(listener, _) => {
                // Small answers go out at once, events above all.
                let listener = axum::serve::ListenerExt::tap_io(listener, |stream| {
                    let _ = stream.set_nodelay(true);
                });
                axum::serve(listener, front).with_graceful_shutdown(stop).await
            }
            Self::Unix(listener, path) => {
                let done = axum::serve(listener, front).with_graceful_shutdown(stop).await;
                let _ = std::fs::remove_file(path);
                done
            }
        }
    }
}

/// A socket file that nobody listens on is left over from a process that was killed.
fn remove_dead_socket(path: &Path) {
    use std::os::unix::{fs::FileTypeExt, net::UnixStream};
    let socket = std::fs::symlink_metadata(path).is_ok_and(|m| m.file_type().is_socket());
    if socket && UnixStream::connect(path).is_err() {
        let _ = std::fs::remove_file(path);
    }
}
