//! The shell: bars, the view of the dump on show, what lies over it.

mod file_inputs;
mod status_bar;
mod toaster;

use yew::prelude::*;

pub(crate) use file_inputs::{choose_files, choose_folder};

use crate::empty::Empty;
use crate::error::{Broken, Failed};
use crate::export::ExportDialog;
use crate::header::{DumpMenu, Header};
use crate::help::Help;
use crate::hooks::{Page, use_intake, use_page_root, use_settings, use_shortcuts, use_summary_copy, use_toast};
use crate::loading::Loading;
use crate::model::{Dialog, InputEntry, InputStatus, Reader};
use crate::overview::Overview;
use crate::settings::SettingsDialog;

/// The whole page.
#[component]
pub(crate) fn App() -> Html {
    let page = use_page_root();
    use_settings(&page);
    use_shortcuts(&page);
    use_intake(&page);
    use_toast(&page);
    use_summary_copy(&page);

    let state = page.state();
    let reader = match state.reader {
        Reader::Starting => "starting",
        Reader::Ready => "ready",
        Reader::Broken(_) => "broken",
    };
    html! {
        <ContextProvider<Page> context={page.clone()}>
            <div
                class={classes!("app", state.is_dragged_over.then_some("app-dragged-over"))}
                data-runs={state.runs.to_string()}
                data-reader={reader}
            >
                <Header/>
                <main class="app-main" data-state={state.phase()}>{ view(&page) }</main>
                <status_bar::StatusBar/>
                <file_inputs::FileInputs/>
                if state.is_dragged_over {
                    <div class="app-drop-hint" aria-hidden="true"><strong>{ page.texts().drop_now }</strong></div>
                }
                <toaster::Toaster/>
                {
                    match state.dialog {
                        Some(Dialog::Paste) => html! { <crate::empty::PasteDialog/> },
                        Some(Dialog::Help) => html! { <Help/> },
                        Some(Dialog::Dumps) => html! { <DumpMenu/> },
                        Some(Dialog::Settings) => html! { <SettingsDialog/> },
                        Some(Dialog::Export) => html! { <ExportDialog/> },
                        None => Html::default(),
                    }
                }
            </div>
        </ContextProvider<Page>>
    }
}

fn view(page: &Page) -> Html {
    if let Reader::Broken(reason) = &page.state().reader {
        return html! { <Broken reason={reason.clone()}/> };
    }
    if let Some(dump) = page.active() {
        return html! { <Overview key={dump.id} summary={dump.summary.clone()}/> };
    }
    match page.state().active_input() {
        Some(input) => without_dump(input),
        None => html! { <Empty/> },
    }
}

fn without_dump(input: &InputEntry) -> Html {
    let (id, name, size_bytes) = (input.id, input.name.clone(), input.size_bytes);
    match &input.status {
        InputStatus::Waiting => html! { <Loading {id} {name} {size_bytes}/> },
        InputStatus::Reading { bytes, goroutines } => {
            let so_far = Some((*bytes, *goroutines));
            html! { <Loading {id} {name} {size_bytes} {so_far}/> }
        }
        InputStatus::Failed(loss) => html! { <Failed {id} {name} loss={loss.clone()}/> },
        // Its dumps are on show, not itself.
        InputStatus::Opened { .. } => Html::default(),
    }
}
