//! Serves the page on this machine and builds it again when a source changes.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::failure::{Failure, Result};
use crate::page::{self, Profile};
use crate::setup;

const DEFAULT_PORT: u16 = 8080;

/// Sets up, builds and serves until it is interrupted.
///
/// Without `port`, 8080 is taken, or any free port when 8080 is busy.
pub(crate) fn serve(port: Option<u16>) -> Result<()> {
    let tools = setup::page_tools()?;
    let port = choose(port)?;
    println!("Building the page; its address follows…");
    let mut trunk = page::trunk(&tools, "serve", Profile::Release)?;
    // A folder of its own: the page can be built and tested while it is served.
    trunk.args(["--port", &port.to_string(), "--dist", "target/serve"]);
    let mut child = trunk.spawn().map_err(|error| Failure::new(format!("could not start trunk: {error}")))?;
    let stopped = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stopped);
    let handler = ctrlc::set_handler(move || flag.store(true, Ordering::SeqCst));
    handler.map_err(|error| Failure::new(format!("could not listen for Ctrl-C: {error}")))?;
    let mut announced = false;
    loop {
        if let Ok(Some(status)) = child.try_wait() {
            return if stopped.load(Ordering::SeqCst) || status.success() {
                Ok(())
            } else {
                Err(Failure::new("the page could not be built; the reason stands above"))
            };
        }
        if stopped.load(Ordering::SeqCst) {
            // A terminal interrupts Trunk as well; a plain signal reaches only this program.
            let patience = Instant::now() + Duration::from_millis(500);
            while Instant::now() < patience && matches!(child.try_wait(), Ok(None)) {
                std::thread::sleep(Duration::from_millis(20));
            }
            let _ = child.kill();
            let _ = child.wait();
            return Ok(());
        }
        if !announced && answers(port) {
            announced = true;
            println!("\nStackherd is at http://127.0.0.1:{port}/ (Ctrl-C ends it)\n");
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// The wanted port, or one that is free.
fn choose(wanted: Option<u16>) -> Result<u16> {
    let free = |port: u16| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).and_then(|listener| listener.local_addr());
    match wanted {
        Some(port) => free(port)
            .map(|address| address.port())
            .map_err(|error| Failure::new(format!("port {port}: {error}")).remedy("leave out --port to get a free one")),
        None => free(DEFAULT_PORT)
            .or_else(|_| free(0))
            .map(|address| address.port())
            .map_err(|error| Failure::new(format!("no port is free: {error}"))),
    }
}

/// Whether the page is there.
fn answers(port: u16) -> bool {
    let Ok(mut stream) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)) else { return false };
    let _ = stream.set_read_timeout(Some(Duration::from_secs(2)));
    let request = format!("GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
    let mut start = [0; 12];
    stream.write_all(request.as_bytes()).is_ok() && stream.read_exact(&mut start).is_ok() && start.ends_with(b" 200")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn err_wanted_port_is_busy() {
        let busy = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        assert!(choose(Some(busy.local_addr().unwrap().port())).is_err());
    }
}
