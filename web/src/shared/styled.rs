//! Geometry from code. The page's policy refuses `style` attributes, so sizes are set on the element itself.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{HtmlElement, ResizeObserver};
use yew::prelude::*;

use crate::model::{Segment, colour_class};

/// Keeps one CSS property of an element at a value; `None` removes it.
#[hook]
pub(crate) fn use_css(node: &NodeRef, property: &'static str, value: Option<String>) {
    let node = node.clone();
    use_effect_with((node.get(), value), move |(_, value)| {
        let Some(element) = node.cast::<HtmlElement>() else { return };
        // A value the browser does not know leaves the style sheet's.
        match value {
            Some(value) => _ = element.style().set_property(property, value),
            None => _ = element.style().remove_property(property),
        }
    });
}

/// The width of an element in pixels, whenever it changes; 0 before it is laid out.
#[hook]
pub(crate) fn use_width(node: &NodeRef) -> f64 {
    let width = use_state_eq(|| 0.0);
    let (node, setter) = (node.clone(), width.setter());
    use_effect_with((), move |()| {
        let element = node.cast::<HtmlElement>();
        observe_size(element, move |element| setter.set(f64::from(element.client_width())))
    });
    *width
}

/// Calls `tell` whenever the size of an element changes, the first time when it is laid out, until the function it
/// returns is called.
pub(crate) fn observe_size(element: Option<HtmlElement>, tell: impl Fn(&HtmlElement) + 'static) -> impl FnOnce() {
    let observed = element.clone();
    let function = Closure::<dyn FnMut()>::new(move || {
        if let Some(element) = &observed {
            tell(element);
        }
    });
    let observer = ResizeObserver::new(function.as_ref().unchecked_ref()).ok();
    if let (Some(observer), Some(element)) = (&observer, &element) {
        observer.observe(element);
    }
    move || {
        if let Some(observer) = observer {
            observer.disconnect();
        }
        drop(function);
    }
}

#[derive(PartialEq, Properties)]
pub(crate) struct SegmentsProps {
    /// What the bar says, for those who don't see it.
    pub(crate) label: AttrValue,
    pub(crate) segments: Vec<Segment>,
}

/// A bar cut in proportion.
#[component]
pub(crate) fn Segments(props: &SegmentsProps) -> Html {
    let bar = use_node_ref();
    let node = bar.clone();
    use_effect_with(props.segments.clone(), move |segments| {
        let Some(bar) = node.cast::<HtmlElement>() else { return };
        let children = bar.children();
        for (index, segment) in (0..).zip(segments) {
            if let Some(child) = children.item(index) {
                _ = child.unchecked_ref::<HtmlElement>().style().set_property("flex-grow", &segment.goroutines.to_string());
            }
        }
    });
    html! {
        <div class="state-bar" role="img" aria-label={props.label.clone()} ref={bar}>
            for segment in &props.segments {
                <span key={segment.category.as_str()} class={classes!("state-bar-segment", colour_class(segment.category))}></span>
            }
        </div>
    }
}
