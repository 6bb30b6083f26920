//! The icons.

use yew::prelude::*;

/// Which icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IconName {
    Logo,
    Shield,
    Warning,
    Info,
    Search,
    Copy,
    Theme,
    Plus,
    Cross,
    Back,
    Down,
    Settings,
    Check,
}

#[derive(PartialEq, Properties)]
pub(crate) struct IconProps {
    pub(crate) name: IconName,
}

/// A decoration: what it means stands beside it or in the name of its button.
#[component]
pub(crate) fn Icon(props: &IconProps) -> Html {
    let (size, shapes) = match props.name {
        IconName::Logo => return logo(),
        IconName::Shield => (
            "14",
            html! { <><path d="M8 1.8 13 3.6v4c0 3.2-2.1 5.6-5 6.6-2.9-1-5-3.4-5-6.6v-4z"/><path d="m5.8 8 1.6 1.6L10.4 6.4"/></> },
        ),
        IconName::Warning => {
            ("17", html! { <><path d="M8 2 14.6 13.6H1.4z" stroke-linejoin="round"/><path d="M8 6.4v3.4M8 11.4v.6"/></> })
        }
        IconName::Info => ("17", html! { <><circle cx="8" cy="8" r="6"/><path d="M8 7.2v4M8 4.6v.6"/></> }),
        IconName::Search => ("14", html! { <><circle cx="7" cy="7" r="4.5"/><path d="m10.5 10.5 3.5 3.5"/></> }),
        IconName::Copy => {
            ("13", html! { <><rect x="5.5" y="5.5" width="8" height="8" rx="1.5"/><path d="M10.5 3.5v-1h-8v8h1"/></> })
        }
        IconName::Theme => {
            ("15", html! { <><circle cx="8" cy="8" r="5.6"/><path class="icon-filled" d="M8 2.4a5.6 5.6 0 0 1 0 11.2z"/></> })
        }
        IconName::Plus => ("13", html! { <path d="M8 3v10M3 8h10"/> }),
        IconName::Cross => ("11", html! { <path d="m3.5 3.5 9 9m0-9-9 9"/> }),
        IconName::Down => ("13", html! { <path d="m3 6 5 5 5-5"/> }),
        IconName::Settings => (
            "15",
            html! { <><path d="M1.5 5h7M12 5h2.5M1.5 11H4M7.5 11h7"/><circle cx="10.2" cy="5" r="1.8"/><circle cx="5.8" cy="11" r="1.8"/></> },
        ),
        IconName::Check => ("17", html! { <path d="m2.8 8.6 3.4 3.4 7-7.6"/> }),
        IconName::Back => ("13", html! { <path d="M10 3 5 8l5 5"/> }),
    };
    html! { <svg class="icon" width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">{ shapes }</svg> }
}

fn logo() -> Html {
    html! {
        <svg class="logo" width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
            <rect class="logo-first" x="1" y="2" width="18" height="3.6" rx="1.2"/>
            <rect class="logo-second" x="1" y="8.2" width="13" height="3.6" rx="1.2"/>
            <rect class="logo-third" x="1" y="14.4" width="6" height="3.6" rx="1.2"/>
        </svg>
    }
}
