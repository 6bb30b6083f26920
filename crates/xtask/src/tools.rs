//! Every tool the project uses and the version it is pinned to. This is the only place for them.
//!
//! `Trunk.toml` repeats the versions that Trunk checks by itself; a test keeps both equal, and another keeps
//! [`WASM_BINDGEN`] equal to `Cargo.lock`.

/// A program that Cargo builds.
#[derive(Debug)]
pub(crate) struct CargoTool {
    pub(crate) package: &'static str,
    pub(crate) version: &'static str,
    /// The programs it installs; the first one answers `--version`.
    pub(crate) programs: &'static [&'static str],
    /// How long an installation takes, in the reader's words.
    pub(crate) takes: &'static str,
}

/// A package that npm fetches.
#[derive(Debug)]
pub(crate) struct NpmTool {
    pub(crate) package: &'static str,
    pub(crate) version: &'static str,
    /// A file of the package that is there once it is installed, below `node_modules`.
    pub(crate) proof: &'static str,
}

/// Bundles the page. Newer versions need a newer compiler than `rust-toolchain.toml` names.
pub(crate) const TRUNK: CargoTool =
    CargoTool { package: "trunk", version: "0.21.14", programs: &["trunk"], takes: "about 4 minutes" };

/// Writes the JavaScript glue, and runs tests under Node. Its version must be the library's.
pub(crate) const WASM_BINDGEN: CargoTool = CargoTool {
    package: "wasm-bindgen-cli",
    version: "0.2.130",
    programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
    takes: "about 2 minutes",
};

/// Holds `wasm-opt`.
pub(crate) const BINARYEN: NpmTool = NpmTool { package: "binaryen", version: "132.0.0", proof: "binaryen/bin/wasm-opt" };

/// Drives the browser in the end-to-end tests.
pub(crate) const PLAYWRIGHT: NpmTool =
    NpmTool { package: "playwright-core", version: "1.64.1", proof: "playwright-core/package.json" };

/// The oldest Node.js that runs the tools above.
pub(crate) const NODE_MAJOR: u32 = 20;

/// What the compiler must be able to build for: the page, and the proof that the core needs no system.
pub(crate) const RUST_TARGETS: &[&str] = &["wasm32-unknown-unknown", "wasm32v1-none"];

#[cfg(test)]
mod tests {
    use super::*;

    const TRUNK_TOML: &str = include_str!("../../../Trunk.toml");
    const CARGO_LOCK: &str = include_str!("../../../Cargo.lock");
    const TOOLCHAIN: &str = include_str!("../../../rust-toolchain.toml");

    #[test]
    fn ok_bindgen_tool_equals_locked_library() {
        let wanted = format!("name = \"wasm-bindgen\"\nversion = \"{}\"\n", WASM_BINDGEN.version);
        assert!(CARGO_LOCK.replace('\r', "").contains(&wanted), "Cargo.lock has another wasm-bindgen");
    }

    #[test]
    fn ok_trunk_checks_the_same_versions() {
        let (binaryen_major, _) = BINARYEN.version.split_once('.').unwrap();
        assert!(TRUNK_TOML.contains(&format!("wasm_bindgen = \"{}\"", WASM_BINDGEN.version)));
        assert!(TRUNK_TOML.contains(&format!("wasm_opt = \"version_{binaryen_major}\"")));
        assert!(TRUNK_TOML.contains(&format!("trunk-version = \"={}\"", TRUNK.version)));
    }

    #[test]
    fn ok_toolchain_file_names_the_same_targets() {
        for target in RUST_TARGETS {
            assert!(TOOLCHAIN.contains(&format!("\"{target}\"")), "{target}");
        }
    }
}
