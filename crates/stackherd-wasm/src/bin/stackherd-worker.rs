//! The page's worker: answers the requests of one page over `postMessage`.

fn main() {
    stackherd_wasm::serve_worker();
}
