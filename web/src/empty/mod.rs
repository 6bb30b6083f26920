//! The page before the first dump.

mod paste_dialog;
mod samples;

use yew::prelude::*;

pub(crate) use paste_dialog::PasteDialog;
use samples::SAMPLES;

use crate::app::{choose_files, choose_folder};
use crate::hooks::{Page, use_page};
use crate::model::{Action, Dialog, thousands};
use crate::shared::CommandLine;
use crate::worker::from_bytes;

/// How a dump is taken.
const RUNNING: &str = "curl -s 'http://localhost:6060/debug/pprof/goroutine?debug=2' > dump.txt";
/// The binary profile counts equal stacks, so it stays small and costs the process little.
const LARGE: &str = "curl -s 'http://localhost:6060/debug/pprof/goroutine' > dump.pb.gz";
const COUNTED: &str = "curl -s 'http://localhost:6060/debug/pprof/goroutine?debug=1' > dump.txt";
const NO_ENDPOINT: &str = "kubectl exec POD -- kill -QUIT 1; kubectl logs POD -p > dump.txt";

/// Where to begin.
#[component]
pub(crate) fn Empty() -> Html {
    let page = use_page();
    let texts = page.texts();
    html! {
        <div class="empty-scroll">
            <div class="empty">
                <h1>{ texts.empty_title }</h1>
                <p class="empty-lead">{ texts.empty_lead }</p>
                <section class="drop-zone" aria-label={texts.drop_here}>
                    <strong>{ texts.drop_here }</strong>
                    <span class="muted">{ texts.or_paste }{ " " }<kbd>{ "Ctrl" }</kbd>{ " " }<kbd>{ "V" }</kbd></span>
                    <OpenButtons/>
                    <small>{ texts.accepted }<br/>{ texts.accepted_compressed }</small>
                </section>
                <section class="card" aria-labelledby="samples-title">
                    <h2 id="samples-title">{ texts.try_sample }</h2>
                    { for (0..SAMPLES.len()).map(|index| sample(&page, index)) }
                </section>
                <TakeDump/>
            </div>
        </div>
    }
}

fn sample(page: &Page, index: usize) -> Html {
    let texts = page.texts();
    let (Some(sample), Some((name, lesson))) = (SAMPLES.get(index), texts.samples.get(index)) else { return Html::default() };
    let onclick = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| {
            page.session().open(from_bytes(sample.bytes, sample.file_name).into_iter().collect())
        })
    };
    html! {
        <button class="sample" data-sample={sample.file_name} {onclick}>
            <b class="sample-name">{ *name }</b>
            <span class="muted">{ (texts.n_goroutines)(&thousands(sample.goroutines)) }</span>
            <small>{ *lesson }</small>
        </button>
    }
}

/// The three ways to bring a dump by hand.
#[component]
pub(crate) fn OpenButtons() -> Html {
    let page = use_page();
    let texts = page.texts();
    let files = Callback::from(|_: MouseEvent| choose_files());
    let folder = Callback::from(|_: MouseEvent| choose_folder());
    let paste = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.dispatch(Action::DialogShown(Some(Dialog::Paste))))
    };
    html! {
        <div class="open-buttons">
            <button class="button button-primary button-large" onclick={files}>{ texts.open_files }</button>
            <button class="button button-large" onclick={folder}>{ texts.open_folder }</button>
            <button class="button button-large" onclick={paste}>{ texts.paste }</button>
        </div>
    }
}

/// Commands that take a dump.
#[component]
pub(crate) fn TakeDump() -> Html {
    let texts = use_page().texts();
    html! {
        <section class="card card-wide" aria-labelledby="take-dump-title">
            <h2 id="take-dump-title">{ texts.take_dump }</h2>
            <CommandLine label={texts.take_running} command={RUNNING}/>
            <CommandLine label={texts.take_large} command={LARGE}/>
            <CommandLine label={texts.take_counted} command={COUNTED}/>
            <CommandLine label={texts.take_no_endpoint} command={NO_ENDPOINT}/>
        </section>
    }
}
