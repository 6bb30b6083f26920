//! All keys.

use yew::prelude::*;

use crate::hooks::use_page;
use crate::shared::Modal;

/// The list of keys.
#[component]
pub(crate) fn Help() -> Html {
    let texts = use_page().texts();
    let keys: [(&[&str], &str); 16] = [
        (&["/"], texts.key_filter),
        (&["j", "k"], texts.key_move),
        (&["Home", "End"], texts.key_ends),
        (&["Enter"], texts.key_open),
        (&["g o", "g c", "g f", "g b", "g t", "g i"], texts.key_views),
        (&["←", "→"], texts.key_tree),
        (&["Esc"], texts.key_escape),
        (&["[", "]"], texts.key_dumps),
        (&["b"], texts.compare.key_baseline),
        (&["1", "2", "3", "4"], texts.compare.key_similarity),
        (&["y"], texts.key_copy),
        (&["o", "a"], texts.key_open_files),
        (&["p"], texts.key_paste),
        (&["f"], texts.findings.key_fix),
        (&["e"], texts.findings.key_export),
        (&["?"], texts.key_help),
    ];
    html! {
        <Modal title={texts.keys_title}>
            <dl class="key-list">
                for (keys, what) in keys {
                    <div class="key-list-row">
                        <dt>
                            for key in keys {
                                <kbd>{ *key }</kbd>{ " " }
                            }
                        </dt>
                        <dd>{ what }</dd>
                    </div>
                }
            </dl>
            <p class="dim modal-note">{ texts.keys_note }</p>
            <p class="dim modal-note">{ texts.promise_long }</p>
        </Modal>
    }
}
