//! The shell: bars, the view of the dump on show, what lies over it.

mod file_inputs;
mod status_bar;
mod toaster;

use yew::prelude::*;

pub(crate) use file_inputs::{choose_files, choose_folder};

use crate::empty::Empty;
use crate::error::{Broken, Failed};
use crate::header::Header;
use crate::help::Help;
use crate::hooks::{Page, use_intake, use_page_root, use_settings, use_shortcuts, use_toast};
use crate::loading::Loading;
use crate::model::{Dialog, DumpStatus, Reader};
use crate::overview::Overview;

/// The whole page.
#[component]
pub(crate) fn App() -> Html {
    let page = use_page_root();
    use_settings(&page);
    use_shortcuts(&page);
    use_intake(&page);
    use_toast(&page);

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
    let Some(dump) = page.active() else { return html! { <Empty/> } };
    match &dump.status {
        DumpStatus::Waiting => html! { <Loading id={dump.id} name={dump.name.clone()} size_bytes={dump.size_bytes}/> },
        DumpStatus::Reading { bytes, goroutines } => {
            let so_far = Some((*bytes, *goroutines));
            html! { <Loading id={dump.id} name={dump.name.clone()} size_bytes={dump.size_bytes} {so_far}/> }
        }
        DumpStatus::Ready(summary) => html! { <Overview key={dump.id} summary={summary.clone()}/> },
        DumpStatus::Failed(loss) => html! { <Failed id={dump.id} name={dump.name.clone()} loss={loss.clone()}/> },
    }
}
